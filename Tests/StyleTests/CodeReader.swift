/// Swift source without its comments and without what its literals hold, line by line.
///
/// A brace in a text is no brace of the code: `UInt8(ascii: "{")` becomes `UInt8(ascii: "")`. What
/// is interpolated stays, for it is code.
struct CodeReader {
  /// What the next byte stands in, if not simply in code.
  private enum Mode {
    case comment(depth: Int)
    case text(hashes: Int, isLong: Bool)
    /// Code in a text, with so many open parentheses.
    case interpolation(depth: Int)
    case regex(hashes: Int)
  }

  private let bytes: [UInt8]
  private var at = 0
  private var modes: [Mode] = []
  private var line: [UInt8] = []
  private var lines: [String] = []

  private init(_ text: String) { bytes = Array(text.utf8) }

  /// The code of each line of `text`.
  static func lines(of text: String) -> [String] {
    var reader = CodeReader(text)
    while reader.at < reader.bytes.count { reader.step() }
    reader.endLine()
    return reader.lines
  }

  private mutating func endLine() {
    lines.append(String(decoding: line, as: UTF8.self))
    line = []
    switch modes.last {
    case .text(_, isLong: false), .regex(hashes: 0): modes.removeLast()
    default: break
    }
  }

  private mutating func step() {
    if bytes[at] == UInt8(ascii: "\n") {
      endLine()
      at += 1
      return
    }
    switch modes.last {
    case .comment(let depth): comment(depth)
    case .text(let hashes, let isLong): text(hashes, isLong)
    case .regex(let hashes): regex(hashes)
    case .interpolation(let depth): if !interpolated(depth) { code() }
    case nil: code()
    }
  }

  private func follows(_ word: String, hashes: Int = 0) -> Bool {
    bytes[at...].starts(with: Array(word.utf8) + Array(repeating: UInt8(ascii: "#"), count: hashes))
  }

  // MARK: Code

  private mutating func code() {
    let byte = bytes[at]
    switch byte {
    case UInt8(ascii: "/") where follows("//"):
      while at < bytes.count, bytes[at] != UInt8(ascii: "\n") { at += 1 }
      while line.last == UInt8(ascii: " ") { line.removeLast() }
    case UInt8(ascii: "/") where follows("/*"):
      modes.append(.comment(depth: 1))
      at += 2
    case UInt8(ascii: "/") where beginsRegex:
      modes.append(.regex(hashes: 0))
      at += 1
    case UInt8(ascii: "#"), UInt8(ascii: "\""): begin()
    default:
      line.append(byte)
      at += 1
    }
  }

  /// At a number sign or a quotation mark: a literal, or a macro's name.
  private mutating func begin() {
    var hashes = 0
    while at + hashes < bytes.count, bytes[at + hashes] == UInt8(ascii: "#") { hashes += 1 }
    let next = at + hashes < bytes.count ? bytes[at + hashes] : 0
    let mark = next == UInt8(ascii: "\"") || hashes > 0 && next == UInt8(ascii: "/")
    guard mark else {
      line += bytes[at..<(at + hashes)]
      at += hashes
      return
    }
    at += hashes
    if next == UInt8(ascii: "/") {
      modes.append(.regex(hashes: hashes))
      at += 1
      return
    }
    let isLong = follows("\"\"\"")
    modes.append(.text(hashes: hashes, isLong: isLong))
    line.append(next)
    at += isLong ? 3 : 1
  }

  /// Whether a slash is not a division: behind what wants an operand, and with an end.
  private var beginsRegex: Bool {
    let rest = bytes[(at + 1)...].prefix { $0 != UInt8(ascii: "\n") }
    guard let first = rest.first, first != UInt8(ascii: " "), rest.contains(UInt8(ascii: "/"))
    else { return false }
    let before = line.last { $0 != UInt8(ascii: " ") }
    return before.map { "(,=:[{;!&|?".utf8.contains($0) } ?? true
  }

  // MARK: What is left out

  private mutating func comment(_ depth: Int) {
    let begins = bytes[at] == UInt8(ascii: "/") && follows("/*")
    if begins || bytes[at] == UInt8(ascii: "*") && follows("*/") {
      modes.removeLast()
      let now = depth + (begins ? 1 : -1)
      if now > 0 { modes.append(.comment(depth: now)) }
      at += 2
    } else {
      at += 1
    }
  }

  private mutating func text(_ hashes: Int, _ isLong: Bool) {
    let end = isLong ? "\"\"\"" : "\""
    if bytes[at] == UInt8(ascii: "\""), follows(end, hashes: hashes) {
      modes.removeLast()
      line.append(UInt8(ascii: "\""))
      at += end.utf8.count + hashes
    } else if bytes[at] == UInt8(ascii: "\\"), follows("\\", hashes: hashes) {
      at += 1 + hashes
      guard at < bytes.count, bytes[at] != UInt8(ascii: "\n") else { return }
      if bytes[at] == UInt8(ascii: "(") { modes.append(.interpolation(depth: 1)) }
      at += 1
    } else {
      at += 1
    }
  }

  /// Counts an interpolation's parentheses, and tells whether that was its end.
  private mutating func interpolated(_ depth: Int) -> Bool {
    let change = bytes[at] == UInt8(ascii: "(") ? 1 : bytes[at] == UInt8(ascii: ")") ? -1 : 0
    guard change != 0 else { return false }
    modes.removeLast()
    if depth + change > 0 {
      modes.append(.interpolation(depth: depth + change))
      return false
    }
    at += 1
    return true
  }

  private mutating func regex(_ hashes: Int) {
    if bytes[at] == UInt8(ascii: "\\") {
      at += at + 1 < bytes.count && bytes[at + 1] == UInt8(ascii: "\n") ? 1 : 2
    } else if bytes[at] == UInt8(ascii: "/"), follows("/", hashes: hashes) {
      modes.removeLast()
      at += 1 + hashes
    } else {
      at += 1
    }
  }
}
