/// How long things may be.
enum Budgets {
  static let file = 400
  static let function = 60
  static let line = 100

  static func files(_ file: SourceFile) -> [Finding] {
    let count = file.lines.count - (file.lines.last == "" ? 1 : 0)
    return count > Self.file ? [Finding(place: file.path, what: "\(count) lines")] : []
  }

  /// Lines, those of comments and of text that is printed too.
  static func lines(_ file: SourceFile) -> [Finding] {
    file.lines.enumerated().filter { $1.utf8.count > line && $1.count > line }.map {
      Finding(place: "\(file.path):\($0 + 1)", what: "\($1.count) columns")
    }
  }

  /// Whatever has a body: functions, initializers, subscripts, computed properties, from the line
  /// with the keyword to the closing brace.
  static func functions(_ file: SourceFile) -> [Finding] {
    var bodies = Bodies()
    for (index, (number, text)) in file.code.enumerated() {
      bodies.read(text, number)
      bodies.endLine(before: file.code.dropFirst(index + 1).first { !$0.text.isEmpty }?.text ?? "")
    }
    return bodies.found.filter { $0.length > function }.map {
      Finding(place: "\(file.path):\($0.start)", what: "a function of \($0.length) lines")
    }
  }
}
