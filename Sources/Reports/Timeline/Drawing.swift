/// A story as a space-time diagram in SVG: time runs downward, a lane a node.
///
/// It needs no script and no font of its own, follows the reader's light or dark scheme, and
/// prints. Every mark has a row of its own, so that words do not cover each other.
public struct Drawing: Sendable {
  private let story: Story
  private let title: String
  /// How much room the words to the left of the first lane take.
  private let margin: Double
  /// How much room the words to the right of the last lane take.
  private let end: Double

  /// A drawing of a story under a title.
  public init(_ story: Story, title: String) {
    self.story = story
    self.title = title
    let last = story.lanes.count - 1
    var (left, right) = (Size.margin, Size.end)
    for label in story.marks.flatMap({ $0.labels(in: story) }) {
      let length = Double(label.what.count) * Size.letter + 20
      if label.isLeft {
        left = max(left, length - Double(label.lane) * Size.lane)
      } else {
        right = max(right, length - Double(last - label.lane) * Size.lane)
      }
    }
    (margin, end) = (left, right)
  }

  private enum Size {
    static let lane = 210.0
    static let margin = 110.0
    /// Words stand to the right of the last lane, too.
    static let end = 190.0
    static let top = 52.0
    static let row = 22.0
    /// A letter, on average, in the widest of the usual fonts.
    static let letter = 7.4
  }

  private func x(_ lane: Int) -> Double { margin + Double(lane) * Size.lane }

  /// The middle of a mark's row; those of another run's beginning share the first.
  private func y(_ mark: Int) -> Double {
    let folded = story.beginning.map { $0.count - 1 } ?? 0
    return Size.top + (Double(max(0, mark - folded)) + 0.5) * Size.row
  }

  /// Whether a mark belongs to another run's beginning.
  private func isFolded(_ mark: Int) -> Bool { mark < story.beginning?.count ?? 0 }

  /// The whole picture.
  public var svg: String {
    let width = margin + end + Double(max(0, story.lanes.count - 1)) * Size.lane
    let height = y(story.marks.count) + 8
    var lines = [
      "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 \(width.short) \(height.short)\""
        + " width=\"\(width.short)\" height=\"\(height.short)\" role=\"img\">",
      "<title>\(title.escaped)</title>",
      Drawing.style,
      "<rect class=\"paper\" width=\"100%\" height=\"100%\"/>",
    ]
    lines += lanes()
    lines += beginning()
    lines += arrows()
    lines += marks()
    lines.append("</svg>")
    return lines.joined(separator: "\n") + "\n"
  }

  private struct Colors {
    let paper, ink, soft, wait, bad, good, abort: String

    static let light = Colors(
      paper: "#ffffff", ink: "#1f2328", soft: "#6e7781", wait: "#9a6700", bad: "#cf222e",
      good: "#1a7f37", abort: "#8250df")
    static let dark = Colors(
      paper: "#0d1117", ink: "#e6edf3", soft: "#8b949e", wait: "#d29922", bad: "#ff7b72",
      good: "#56d364", abort: "#d2a8ff")

    /// Plain rules: not every program that shows SVG knows CSS variables.
    var rules: String {
      """
      .paper, .ring { fill: \(paper); } text { fill: \(ink); stroke: \(paper); }
      .soft { fill: \(soft); } .bad { fill: \(bad); } .wait { fill: \(wait); }
      .good { fill: \(good); } .abort { fill: \(abort); }
      .band { fill: \(soft); } .lane { stroke: \(soft); } .arrow { stroke: \(ink); }
      .head, .dot { fill: \(ink); } .cross, .across, .verdict { stroke: \(bad); }
      .unstable, .ring { stroke: \(wait); } .disc { fill: \(wait); }
      .state { fill: \(paper); stroke: \(ink); } .blocking { stroke: \(bad); }
      """
    }
  }

  /// The rules for words, lines and colours of all pictures.
  static let style = """
    <style>
    text { font: 13px ui-sans-serif, system-ui, sans-serif; paint-order: stroke; \
    stroke-width: 4px; stroke-linejoin: round; }
    .name { font-weight: 600; font-size: 15px; text-anchor: middle; }
    .end { text-anchor: end; } .lane { stroke-width: 1.5; } .down { stroke-dasharray: 1 6; }
    .arrow { stroke-width: 1.4; fill: none; } .unheard { stroke-dasharray: 4 4; }
    .cross, .ring { stroke-width: 2; } .unstable { stroke-width: 5; opacity: .55; }
    .across { stroke-dasharray: 6 4; } .band { opacity: .16; } .verdict { stroke-width: 1.5; }
    .state { stroke-width: 1.8; }
    \(Colors.light.rules)
    @media screen and (prefers-color-scheme: dark) {
    \(Colors.dark.rules)
    }
    </style>
    """

  // MARK: Lanes

  /// Each node's line, dotted while it is down, wide while records of it are not stable.
  private func lanes() -> [String] {
    story.lanes.indices.flatMap { lane -> [String] in
      var lines = [
        "<text class=\"name\" x=\"\(x(lane).short)\" y=\"30\">\(story.lanes[lane].escaped)</text>"
      ]
      var from = Size.top - 10
      var isUp = true
      var unstable: (count: Int, from: Double)?
      func wide(until end: Double) {
        if let unstable { lines.append(line(lane, unstable.from, end, "unstable")) }
        unstable = nil
      }
      for (row, mark) in story.marks.enumerated() {
        switch mark {
        case .persisted(lane, _):
          unstable = ((unstable?.count ?? 0) + 1, unstable?.from ?? y(row))
        case .stored(lane, let count):
          let left = (unstable?.count ?? 0) - count
          wide(until: y(row))
          if left > 0 { unstable = (left, y(row)) }
        case .crashed(lane, _), .restarted(lane):
          wide(until: y(row))
          lines.append(line(lane, from, y(row), isUp ? "lane" : "lane down"))
          from = y(row)
          if case .crashed = mark { isUp = false } else { isUp = true }
        default: break
        }
      }
      let end = y(story.marks.count)
      wide(until: end)
      lines.append(line(lane, from, end, isUp ? "lane" : "lane down"))
      return lines
    }
  }

  private func line(_ lane: Int, _ from: Double, _ to: Double, _ kind: String) -> String {
    Drawing.line(x(lane), from, x(lane), to, kind)
  }

  private static func line(
    _ x1: Double, _ y1: Double, _ x2: Double, _ y2: Double, _ kind: String
  ) -> String {
    "<line class=\"\(kind)\" x1=\"\(x1.short)\" y1=\"\(y1.short)\" x2=\"\(x2.short)\""
      + " y2=\"\(y2.short)\"/>"
  }

  // MARK: Messages

  private struct Flight {
    let from: Int
    let to: Int
    let row: Int
  }

  /// An arrow for each message, from where it left to where it arrived, was lost, or still is.
  private func arrows() -> [String] {
    var flights: [Int: Flight] = [:]
    var lines: [String] = []
    for (row, mark) in story.marks.enumerated() {
      switch mark {
      case .sent(let from, let to, let envelope, _):
        flights[envelope] = Flight(from: from, to: to, row: row)
      case .doubled(let envelope, let copy):
        if let flight = flights[envelope] {
          flights[copy] = Flight(from: flight.from, to: flight.to, row: flight.row)
        }
      case .arrived(let envelope, let heard):
        if let flight = flights.removeValue(forKey: envelope), !isFolded(row) {
          lines += arrow(flight, until: row, 1, heard ? "arrow" : "arrow unheard", head: true)
        }
      case .lost(let envelope):
        if let flight = flights.removeValue(forKey: envelope), !isFolded(row) {
          lines += arrow(flight, until: row, 0.5, "arrow", head: false)
          lines += cross(
            x(flight.from) + (x(flight.to) - x(flight.from)) * 0.5, y(row), size: 5)
        }
      default: break
      }
    }
    for envelope in flights.keys.sorted() {
      guard let flight = flights[envelope] else { continue }
      // Still under way at the end: a stub that points where it goes.
      lines += arrow(flight, until: flight.row + 1, 0.25, "arrow unheard", head: false)
    }
    return lines
  }

  private func arrow(
    _ flight: Flight, until row: Int, _ part: Double, _ kind: String, head: Bool
  ) -> [String] {
    let x1 = x(flight.from)
    let y1 = y(flight.row)
    let x2 = x1 + (x(flight.to) - x1) * part
    let y2 = y(row)
    guard head else { return [Drawing.line(x1, y1, x2, y2, kind)] }
    let length = max(1, ((x2 - x1) * (x2 - x1) + (y2 - y1) * (y2 - y1)).squareRoot())
    let (dx, dy) = ((x2 - x1) / length, (y2 - y1) / length)
    let (bx, by) = (x2 - dx * 10, y2 - dy * 10)
    let points = [(x2, y2), (bx - dy * 4, by + dx * 4), (bx + dy * 4, by - dx * 4)]
    let list = points.map { "\($0.0.short),\($0.1.short)" }.joined(separator: " ")
    return [Drawing.line(x1, y1, bx, by, kind), "<polygon class=\"head\" points=\"\(list)\"/>"]
  }

  private func cross(_ x: Double, _ y: Double, size: Double) -> [String] {
    [
      Drawing.line(x - size, y - size, x + size, y + size, "cross"),
      Drawing.line(x - size, y + size, x + size, y - size, "cross"),
    ]
  }
}

// MARK: Marks

extension Drawing {
  private func marks() -> [String] {
    story.marks.enumerated().flatMap { row, mark in isFolded(row) ? [] : draw(mark, at: y(row)) }
  }

  /// The band that stands for another run.
  private func beginning() -> [String] {
    guard let beginning = story.beginning else { return [] }
    let end = x(story.lanes.count - 1) + self.end
    let (top, height) = ((y(0) - Size.row / 2).short, Size.row.short)
    return [
      "<rect class=\"band\" x=\"0\" y=\"\(top)\" width=\"\(end.short)\" height=\"\(height)\"/>",
      "<text class=\"soft\" x=\"6\" y=\"\((y(0) + 4.5).short)\">"
        + beginning.caption.escaped + "</text>",
    ]
  }

  private func draw(_ mark: Story.Mark, at y: Double) -> [String] {
    switch mark {
    case .asked(let lane, _, _): return [dot(lane, y, "dot")] + labels(mark, y, "soft")
    case .replied: return labels(mark, y, "good")
    case .sent: return labels(mark, y - 3, "")
    case .held: return labels(mark, y, "wait")
    case .persisted(let lane, _): return [dot(lane, y, "ring")] + labels(mark, y, "wait")
    case .stored(let lane, _): return [dot(lane, y, "disc")] + labels(mark, y, "wait")
    case .expired: return labels(mark, y, "soft")
    case .noted(let lane, let what):
      return [dot(lane, y, "dot")] + labels(mark, y, what.contains("abort") ? "abort" : "good")
    case .crashed(let lane, _): return cross(x(lane), y, size: 7) + labels(mark, y, "bad")
    case .restarted(let lane): return [dot(lane, y, "dot")] + labels(mark, y, "soft")
    case .across(let what):
      let end = x(story.lanes.count - 1) + self.end
      return [
        Drawing.line(0, y, end, y, "across"),
        "<text class=\"bad\" x=\"6\" y=\"\((y - 4).short)\">\(what.escaped)</text>",
      ]
    case .checked(let lanes, let what, let finding):
      guard lanes.isEmpty else { return labels(mark, y, finding.kind) }
      return [
        Drawing.line(0, y, x(story.lanes.count - 1) + end, y, "verdict \(finding.kind)"),
        "<text class=\"\(finding.kind)\" x=\"6\" y=\"\((y - 4).short)\">\(what.escaped)</text>",
      ]
    case .doubled, .arrived, .lost: return []
    }
  }

  private func labels(_ mark: Story.Mark, _ y: Double, _ kind: String) -> [String] {
    mark.labels(in: story).map { label($0.lane, y, $0.what, kind, left: $0.isLeft) }
  }

  private func dot(_ lane: Int, _ y: Double, _ kind: String) -> String {
    "<circle class=\"\(kind)\" cx=\"\(x(lane).short)\" cy=\"\(y.short)\" r=\"4.5\"/>"
  }

  private func label(
    _ lane: Int, _ y: Double, _ what: String, _ kind: String, left: Bool = false
  ) -> String {
    let x = x(lane) + (left ? -10 : 10)
    let classes = [kind, left ? "end" : ""].filter { !$0.isEmpty }.joined(separator: " ")
    let attribute = classes.isEmpty ? "" : " class=\"\(classes)\""
    return "<text\(attribute) x=\"\(x.short)\" y=\"\((y + 4.5).short)\">\(what.escaped)</text>"
  }
}

extension Story.Finding {
  /// The class of its words: each has a colour of its own.
  fileprivate var kind: String {
    switch self {
    case .violated: "bad"
    case .blocked: "wait"
    case .committed: "good"
    case .aborted: "abort"
    case .other: "soft"
    }
  }
}

extension Double {
  /// With one decimal at most, never an exponent.
  var short: String {
    let tenths = Int(self * 10 + (self < 0 ? -0.5 : 0.5))
    let sign = tenths < 0 ? "-" : ""
    let (whole, rest) = abs(tenths).quotientAndRemainder(dividingBy: 10)
    return rest == 0 ? "\(sign)\(whole)" : "\(sign)\(whole).\(rest)"
  }
}

extension String {
  /// As text of an XML element; characters that XML forbids become U+FFFD.
  var escaped: String {
    unicodeScalars.map { scalar -> String in
      switch scalar {
      case "&": "&amp;"
      case "<": "&lt;"
      case ">": "&gt;"
      case "\"": "&quot;"
      case "\t", "\n", "\r": " "
      case "\u{0}"..<" ", "\u{fffe}", "\u{ffff}": "\u{fffd}"
      default: String(Character(scalar))
      }
    }.joined()
  }
}
