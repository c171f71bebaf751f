import ProtocolCore

extension RunFile {
  /// Reads a run file.
  ///
  /// - Throws: `RunFileError` with file, line and column when a key is unknown, missing or
  ///   repeated, or a line stands where it may not.
  public init(_ text: String, path: String) throws(RunFileError) {
    var header: [Header] = []
    var lines: [Line] = []
    var canFollow = false
    for (offset, raw) in text.lines.enumerated() {
      let place = Place(line: offset + 1, column: 1)
      let line = String(raw)
      let kind: Line.Kind
      switch line.first {
      case nil, "#": kind = .blank
      case _ where line.allSatisfy(\.isWhitespace): kind = .blank
      case ">": kind = .acts(try RunFile.phrases(line, place, path))
      case "=": kind = .checks(try RunFile.phrases(line, place, path))
      case " ":
        guard canFollow else {
          throw RunFileError(path, place, "an indented line follows an act, and none stands here")
        }
        kind = .followed
      default:
        if lines.contains(where: { $0.kind.isPlay }) {
          throw RunFileError(path, place, "the header ends where the acts begin")
        }
        header.append(try RunFile.headerLine(line, place, path, after: header))
        kind = .header
      }
      if case .acts = kind { canFollow = true }
      if case .checks = kind { canFollow = false }
      lines.append(Line(number: offset + 1, text: line, kind: kind))
    }
    let end = Place(line: max(1, lines.count), column: 1)
    guard let run = header.first(where: { $0.key == .run }) else {
      throw RunFileError(path, Place(line: 1, column: 1), "a run needs a line 'run ID title'")
    }
    let words = run.value.split(separator: " ", maxSplits: 1)
    guard words.count == 2, words[0].contains("-") else {
      throw RunFileError(path, run.place, "a run needs an id such as 2PC-001, and a title")
    }
    guard lines.contains(where: { $0.kind.isPlay }) else {
      throw RunFileError(path, end, "a run needs an act or a check")
    }
    self.init(
      path: path, id: String(words[0]), title: words[1].drop { $0 == " " }.description,
      header: header, lines: lines,
      lineEnd: text.first(where: \.isLineEnd) == "\r\n" ? "\r\n" : "\n")
  }

  private static func headerLine(
    _ line: String, _ place: Place, _ path: String, after header: [Header]
  ) throws(RunFileError) -> Header {
    let word = line.prefix { !$0.isWhitespace }
    guard let key = Key(rawValue: String(word)) else {
      throw RunFileError(
        path, place, "unknown key '\(word)'", near: Key.allCases.map(\.rawValue), to: String(word))
    }
    guard !header.contains(where: { $0.key == key }) else {
      throw RunFileError(path, place, "the key '\(word)' stands twice")
    }
    let rest = line.dropFirst(word.count)
    let value = rest.drop { $0.isWhitespace }
    guard !value.isEmpty else { throw RunFileError(path, place, "'\(word)' has no value") }
    let column = line.count - value.count + 1
    let text = String(value.reversed().drop { $0.isWhitespace }.reversed())
    return Header(key: key, value: text, place: Place(line: place.line, column: column))
  }

  /// The acts or checks of a line, between semicolons.
  private static func phrases(
    _ line: String, _ place: Place, _ path: String
  ) throws(RunFileError) -> [Phrase] {
    var phrases: [Phrase] = []
    var words: [Word] = []
    var word = ""
    for (offset, character) in (Array(line) + ["\n"]).enumerated().dropFirst() {
      if !character.isWhitespace, character != ";" {
        word.append(character)
        continue
      }
      if !word.isEmpty {
        let start = Place(line: place.line, column: offset - word.count + 1)
        words.append(Word(text: word, place: start))
        word = ""
      }
      guard character == ";" || character == "\n" else { continue }
      guard let first = words.first else {
        let here = Place(line: place.line, column: offset + 1)
        throw RunFileError(path, here, "nothing stands here")
      }
      phrases.append(Phrase(words: words, place: first.place))
      words = []
    }
    return phrases
  }

  /// The topology that the line `nodes` tells, `c coordinator(a b), a participant`.
  static func topology<Role: Named>(
    _ header: Header, _ path: String
  ) throws(RunFileError) -> [Member<Role>] {
    var members: [Member<Role>] = []
    var column = header.place.column
    for piece in header.value.split(separator: ",", omittingEmptySubsequences: false) {
      let trimmed = piece.drop { $0 == " " }
      let place = Place(line: header.place.line, column: column + piece.count - trimmed.count)
      column += piece.count + 1
      let open = trimmed.split(separator: "(", maxSplits: 1, omittingEmptySubsequences: false)
      let names = open[0].split(separator: " ")
      guard names.count == 2,
        open.count == 1 || open[1].reversed().drop(while: { $0 == " " }).first == ")"
      else {
        throw RunFileError(path, place, "a node is 'name role' or 'name role(arguments)'")
      }
      guard let role = Role(rawValue: String(names[1])) else {
        let skipped = trimmed.distance(from: trimmed.startIndex, to: names[1].startIndex)
        throw RunFileError(
          path, Place(line: place.line, column: place.column + skipped),
          "unknown role '\(names[1])'", near: Role.allCases.map(\.rawValue), to: String(names[1]))
      }
      let arguments = open.count == 1 ? [] : open[1].split { $0 == " " || $0 == ")" }
      let member = Member(NodeID(String(names[0])), role, arguments.map(String.init))
      guard !members.contains(where: { $0.id == member.id }) else {
        throw RunFileError(path, place, "two nodes are called '\(member.id)'")
      }
      members.append(member)
    }
    return members
  }
}

extension String {
  /// Its lines, as editors of all systems end them.
  var lines: [Substring] { split(omittingEmptySubsequences: false, whereSeparator: \.isLineEnd) }
}

extension Character {
  fileprivate var isLineEnd: Bool { self == "\n" || self == "\r\n" }
}

extension RunFile.Line.Kind {
  /// Whether the line is acts or checks.
  var isPlay: Bool {
    switch self {
    case .acts, .checks: true
    case .blank, .header, .followed: false
    }
  }
}

extension RunFileError {
  /// Something cannot be read.
  init(
    _ path: String, _ place: RunFile.Place, _ what: String,
    near names: [String] = [], to word: String = ""
  ) {
    self.init(
      path: path, place: place,
      reason: .malformed(what, nearest: nearest(to: word, among: names)))
  }
}
