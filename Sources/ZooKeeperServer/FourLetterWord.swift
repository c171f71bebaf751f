internal import NIOCore

/// A word of four letters, which on a fresh connection stands where a length would: an operator
/// asks how the server is.
///
/// As a length each word's bytes would be absurd, so no frame is ever mistaken for one.
///
/// Source: ZooKeeper Administrator's Guide, "The Four Letter Words".
public enum FourLetterWord: String, Hashable, Sendable, CaseIterable {
  /// Is it alive?
  case ruok
  /// Does it accept writes?
  case isro
  /// Its version, traffic, last zxid and mode.
  case srvr
  /// The same, with its connections.
  case stat
  /// Its connections.
  case cons
  /// Numbers for monitoring.
  case mntr
  /// Its settings.
  case conf
  /// What it runs on.
  case envi
  /// How many data watches there are.
  case wchs
  /// Who watches what, session by session.
  case wchc
  /// Who watches what, path by path.
  case wchp
  /// Its sessions, and the nodes that go with them.
  case dump
  /// Its trace mask, a number.
  case gtmk
  /// Set the trace mask, to the 8 bytes behind the word.
  case stmk
  /// How many bytes its files have.
  case dirs
  /// The digests of its tree at some zxids.
  case hash
  /// Begin the connections' counts anew.
  case crst
  /// Begin the server's counts anew.
  case srst
}

/// The word that a connection begins with.
enum AskedWord {
  case known(FourLetterWord)
  /// Apache's server knows it, this one does not answer it.
  case unanswered(String)

  /// Whether the answer may tell of transactions.
  var tellsOfTree: Bool {
    switch self {
    case .known(.ruok), .known(.isro), .known(.conf), .known(.envi), .known(.gtmk), .known(.stmk),
      .known(.dirs), .known(.crst), .known(.srst), .unanswered:
      false
    case .known(.srvr), .known(.stat), .known(.cons), .known(.mntr), .known(.wchs), .known(.wchc),
      .known(.wchp), .known(.dump), .known(.hash):
      true
    }
  }

  private static let unanswered: Set<String> = [
    "lead", "obsr", "orst", "sysp",
  ]

  /// Whether Apache's server knows a word, be it one that is not answered here.
  static func isKnown(_ word: String) -> Bool {
    FourLetterWord(rawValue: word) != nil || unanswered.contains(word)
  }

  init?(_ bytes: ByteBuffer) {
    guard let text = bytes.getString(at: bytes.readerIndex, length: 4) else { return nil }
    if let word = FourLetterWord(rawValue: text) {
      self = .known(word)
    } else if AskedWord.unanswered.contains(text) {
      self = .unanswered(text)
    } else {
      return nil
    }
  }

  func answer(by server: inout Server) -> String {
    switch self {
    // A server in memory has no files and counts no digests.
    case .known(.dirs) where server.settings.storage == nil: return AskedWord.refusal("dirs")
    case .known(.hash) where server.settings.storage == nil: return AskedWord.refusal("hash")
    case .known(let word) where server.settings.words.contains(word):
      var answer = server.answer(to: word)
      for quirk in server.quirks { quirk.word?(&answer, word, server) }
      return answer
    case .known(let word): return AskedWord.refusal(word.rawValue)
    case .unanswered(let word): return AskedWord.refusal(word)
    }
  }

  private static func refusal(_ word: String) -> String {
    "\(word) is not executed because it is not in the whitelist.\n"
  }
}
