import Conformance

/// A fixture as a text that is read back as the same: for cases that nobody wrote.
///
/// It prints what can be drawn: no alternatives, no times, no client that connects later.
struct FixtureText {
  private let fixture: ServiceFixture

  init(_ fixture: ServiceFixture) { self.fixture = fixture }

  /// The whole file.
  var text: String {
    let clients = fixture.clients.map(\.name).joined(separator: ", ")
    let lines =
      [
        "case: \(fixture.id)", "title: \(fixture.title.quoted)", "level: \(fixture.level.rawValue)",
        "claims: []", "editions: \"\(fixture.editions)\"", "seen: []", "clients: [\(clients)]",
        "steps:",
      ] + fixture.steps.flatMap { Self.lines($0, indent: 2) }
    return lines.joined(separator: "\n") + "\n"
  }

  // MARK: Places

  /// How many lines stand before the steps.
  private static let headings = 8

  /// Where a fixture's case is named.
  static func beginning(of file: String) -> Place { Place(file: file, line: 1, column: 7) }

  /// The steps, each with the place that it has in the text.
  static func placed(_ steps: [Step], in file: String) -> [Step] {
    var line = headings + 1
    return steps.map { placed($0, file, &line, indent: 2) }
  }

  private static func placed(
    _ step: Step, _ file: String, _ line: inout Int, indent: Int
  ) -> Step {
    var step = step
    step.place = Place(file: file, line: line, column: indent + 3)
    line += 1
    for index in step.parts.indices {
      step.parts[index] = placed(step.parts[index], file, &line, indent: indent + 4)
    }
    line += besides(step).count
    return step
  }

  // MARK: Steps

  private static func lines(_ step: Step, indent: Int) -> [String] {
    let margin = String(repeating: " ", count: indent)
    let subject = (step.client.map { "\($0)." } ?? "") + step.does.name + ":"
    let besides = besides(step).map { "\(margin)  \($0.name): \($0.written())" }
    guard step.parts.isEmpty else {
      let parts = step.parts.flatMap { lines($0, indent: indent + 4) }
      return ["\(margin)- \(subject)"] + parts + besides
    }
    let arguments =
      switch step.does {
      case .request(.multi), .request(.multiRead), .act(.pipeline): "[]"
      case .act(.sees): written(step.expected.sees ?? [])
      default: step.arguments.written
      }
    return ["\(margin)- \(subject) \(arguments)"] + besides
  }

  /// What stands beside a step's verb, a line each, in this order.
  private static func besides(_ step: Step) -> [(name: String, written: () -> String)] {
    var besides: [(name: String, written: () -> String)] = []
    if !step.excess.isEmpty {
      besides.append(("excess", { "\"\(hexadecimal(step.excess))\"" }))
    }
    switch step.expected.gives {
    case .record([])?, nil: break
    case .record(let members)? where members.map(\.name) == ["error"]:
      besides.append(("error", { "\(members[0].value)" }))
    case let gives?: besides.append(("gives", { gives.written }))
    }
    if !step.keep.isEmpty {
      besides.append(
        ("keep", { "{ \(step.keep.map { "\($0.name): \($0.field)" }.joined(separator: ", ")) }" }))
    }
    if let sees = step.expected.sees, step.does != .act(.sees) {
      besides.append(("sees", { written(sees) }))
    }
    return besides
  }

  private static func written(_ sees: [Sighting]) -> String {
    let seen = sees.map { sighting in
      switch sighting {
      case .event(let type, let path): "{ \(type): \(path.written) }"
      case .stamped(let type, let path, let zxid): "{ \(type): \(path.written), zxid: \(zxid) }"
      case .closed: "closed"
      }
    }
    return seen.isEmpty ? "[]" : "[ \(seen.joined(separator: ", ")) ]"
  }
}

extension Value {
  /// As it stands in a fixture, on one line.
  fileprivate var written: String {
    switch self {
    case .text(let text): text.written
    case .bytes(let bytes):
      bytes.allSatisfy { (0x20..<0x7f).contains($0) }
        ? String(decoding: bytes, as: UTF8.self).quoted : "{ hex: \"\(hexadecimal(bytes))\" }"
    case .list(let items), .set(let items):
      items.isEmpty ? "[]" : "[ \(items.map(\.written).joined(separator: ", ")) ]"
    case .record(let members):
      members.isEmpty ? "{}" : "{ \(members.map(\.written).joined(separator: ", ")) }"
    case .bound(let bound, let value): "{ \(bound.rawValue): \(value.written) }"
    case .null, .number, .flag, .zxid, .session, .reference: description
    }
  }
}

extension Value.Member {
  /// The names of fields whose values are words of the format.
  private static let words: Set = ["error", "mode", "type", "scheme"]

  fileprivate var written: String {
    if case .text(let word) = value, Self.words.contains(name) { return "\(name): \(word)" }
    return "\(name): \(value.written)"
  }
}

extension String {
  /// As a scalar; of a long name that the letter x fills up its beginning and its size.
  fileprivate var written: String {
    let filler = utf8.reversed().prefix { $0 == UInt8(ascii: "x") }.count
    guard filler > 100 else { return quoted }
    return "{ begins: \(String(dropLast(filler)).quoted), size: \(utf8.count) }"
  }

  /// As a double-quoted YAML scalar.
  fileprivate var quoted: String {
    let body = unicodeScalars.map { scalar -> String in
      switch scalar {
      case "\"": "\\\""
      case "\\": "\\\\"
      case " "..."~": String(Character(scalar))
      default:
        scalar.value > 0xffff
          ? "\\U" + String(scalar.value, radix: 16).leftPadded(8)
          : "\\u" + String(scalar.value, radix: 16).leftPadded(4)
      }
    }
    return "\"\(body.joined())\""
  }

  private func leftPadded(_ width: Int) -> String {
    String(repeating: "0", count: max(0, width - count)) + self
  }
}
