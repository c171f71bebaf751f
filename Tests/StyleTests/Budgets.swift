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

  /// Functions and initializers, from the line with the keyword to the closing brace.
  static func functions(_ file: SourceFile) -> [Finding] {
    var findings: [Finding] = []
    var open: [(start: Int, depth: Int)] = []
    var depth = 0
    var pending: Int?
    for (number, text) in file.code {
      if pending == nil, text.contains("func ") || text.contains("init"),
        text.contains(/^\s*([\w@()]+ )*(func [^ ]|init[?(<])/)
      {
        pending = number
      }
      for byte in text.utf8 {
        if byte == UInt8(ascii: "{") {
          depth += 1
          if let start = pending {
            open.append((start, depth))
            pending = nil
          }
        } else if byte == UInt8(ascii: "}") {
          if let last = open.last, last.depth == depth {
            open.removeLast()
            let length = number - last.start + 1
            if length > function {
              let what = "a function of \(length) lines"
              findings.append(Finding(place: "\(file.path):\(last.start)", what: what))
            }
          }
          depth -= 1
        }
      }
      // A requirement of a protocol has no body.
      if let start = pending, number > start + 12 { pending = nil }
      if text.contains(/^\s*}/) { pending = nil }
    }
    return findings
  }
}
