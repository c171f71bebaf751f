/// A run written down: a header with its setting, acts, checks, and what followed.
///
/// Acts and checks are the author's; the indented lines are what followed, and only they are ever
/// rewritten. Lines are kept as they were written.
///
///     run     2PC-001  both vote yes and it commits
///     claims  2PC-1 2PC-4
///     source  Bernstein, Hadzilacos, Goodman 1987, 7.3
///     nodes   c coordinator(a b), a participant, b participant
///     > ask a update ; ask b update ; ask c commit
///         c → a prepare    c → b prepare
///     = undecided a b c
public struct RunFile: Hashable, Sendable {
  /// How errors call it.
  public let path: String
  /// Never reused, and begins with the chapter's name in capitals.
  public let id: String
  /// What happens, in a sentence.
  public let title: String
  /// The other keys of the header, as they were written.
  public let header: [Header]
  /// Every line of the file.
  public let lines: [Line]
  /// What ends its first line, and so all that are written into it.
  let lineEnd: String

  /// A key of the header and its value.
  public struct Header: Hashable, Sendable {
    /// Which.
    public let key: Key
    /// What stands after it.
    public let value: String
    /// Where the value stands.
    public let place: Place
  }

  /// A key of the header.
  public enum Key: String, CaseIterable, Sendable {
    /// Id and title.
    case run
    /// The claims that the run bears on.
    case claims
    /// Where the story comes from.
    case source
    /// The topology.
    case nodes
    /// The form of the protocol.
    case variant
    /// The rules that are left out.
    case without
    /// The bug that is planted.
    case flaw
    /// Another run, whose acts come first.
    case from
  }

  /// A line of the file.
  public struct Line: Hashable, Sendable {
    /// Its number, from one.
    public let number: Int
    /// The line as it was written.
    public let text: String
    /// What it is.
    public let kind: Kind

    /// What a line is.
    public enum Kind: Hashable, Sendable {
      /// A comment, or nothing.
      case blank
      /// Part of the header.
      case header
      /// Acts, in order.
      case acts([Phrase])
      /// Checks, in order.
      case checks([Phrase])
      /// What followed.
      case followed
    }
  }

  /// Words of an act or a check, and where they stand.
  public struct Phrase: Hashable, Sendable {
    /// The words.
    public let words: [Word]
    /// Where it begins.
    public let place: Place

    /// The words with single spaces between them.
    public var text: String { words.map(\.text).joined(separator: " ") }
  }

  /// A word and where it stands.
  public struct Word: Hashable, Sendable {
    /// The word.
    public let text: String
    /// Where it stands.
    public let place: Place
  }

  /// A line and a column, both from one.
  public struct Place: Hashable, Sendable {
    /// The line.
    public let line: Int
    /// The column, in characters.
    public let column: Int
  }

  /// The claims that it bears on.
  public var claims: [String] { words(of: .claims) }

  /// The names of the rules that are left out.
  public var without: [String] { words(of: .without) }

  /// The name of the chapter, as the command writes it: the id up to the first hyphen.
  public var chapter: String { String(id.prefix { $0 != "-" }).lowercased() }

  /// The value of a key.
  public func value(of key: Key) -> String? { header.first { $0.key == key }?.value }

  private func words(of key: Key) -> [String] {
    value(of: key)?.split(separator: " ").map(String.init) ?? []
  }
}

/// Why a run file cannot be read, or does not hold, and where.
public struct RunFileError: Error, Hashable, Sendable {
  /// The file.
  public let path: String
  /// Where.
  public let place: RunFile.Place
  /// What is wrong.
  public let reason: Reason

  /// What is wrong with a run file.
  public enum Reason: Hashable, Sendable {
    /// It cannot be read: a word is unknown, something is missing or stands twice.
    case malformed(String, nearest: String?)
    /// An act cannot happen.
    case disabled(act: String, why: String)
    /// A check fails.
    case fails(check: String, because: String)
    /// Something else followed.
    case differs(expected: String, got: String)
  }
}

extension RunFileError: CustomStringConvertible {
  /// File, line, column and the reason, as compilers print it.
  public var description: String {
    "\(path):\(place.line):\(place.column): \(reason)"
  }
}

extension RunFileError.Reason: CustomStringConvertible {
  /// The reason in a line, or in three.
  public var description: String {
    switch self {
    case .malformed(let what, let nearest):
      what + (nearest.map { "; did you mean '\($0)'?" } ?? "")
    case .disabled(let act, let why): "'\(act)' cannot happen here: \(why)"
    case .fails(let check, let because): "'\(check)' fails: \(because)"
    case .differs("", let got):
      "nothing stands here of what followed; --update writes it\n  got       \(got)"
    case .differs(let expected, let got):
      "something else followed\n  expected  \(expected)\n  got       \(got)"
    }
  }
}
