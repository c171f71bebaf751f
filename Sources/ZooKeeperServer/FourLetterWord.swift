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

extension FourLetterWord {
  /// The word that a connection begins with; nil if it begins with none.
  init?(_ bytes: ByteBuffer) {
    guard let text = bytes.getString(at: bytes.readerIndex, length: 4) else { return nil }
    self.init(rawValue: text)
  }

  /// Whether the answer may tell of transactions that are not stored.
  ///
  /// Numbers of the tree are those of what is (``Server/told``), so that a server can be watched
  /// while its disk stands still.
  var tellsOfTree: Bool {
    switch self {
    case .ruok, .isro, .srvr, .stat, .cons, .mntr, .wchs, .conf, .envi, .gtmk, .stmk, .dirs, .crst,
      .srst:
      false
    case .wchc, .wchp, .dump, .hash: true
    }
  }

  func answer(by server: inout Server) -> String {
    // A server in memory has no files and counts no digests.
    let isThere = server.settings.storage != nil || (self != .dirs && self != .hash)
    guard server.settings.words.contains(self) else {
      return "\(rawValue) is not executed because it is not in the whitelist.\n"
    }
    guard isThere else {
      return "\(rawValue) is not executed because this server keeps all in memory.\n"
    }
    var answer = server.answer(to: self)
    for quirk in server.quirks { quirk.word?(&answer, self, server) }
    return answer
  }
}
