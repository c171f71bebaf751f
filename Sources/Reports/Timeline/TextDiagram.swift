import ProtocolCore

/// A story as a diagram of plain text: a column a node, a row a mark, for terminals and pages.
///
/// A message is drawn where it arrives, from its sender to its receiver, and a line says where it
/// left when that was more than a row before.
public struct TextDiagram: Sendable {
  private let story: Story
  private let width: Int

  /// A diagram whose columns are as wide as what stands in them, or so many characters.
  public init(_ story: Story, width: Int? = nil) {
    self.story = story
    let longest = story.marks.map { $0.words(in: story).count }.max() ?? 0
    self.width = max(8, width ?? longest + 2)
  }

  /// The whole diagram; lines end without spaces.
  public var text: String {
    var isUp = [Bool](repeating: true, count: story.lanes.count)
    var flights: [Int: (from: Int, to: Int, what: String)] = [:]
    var lines = [row { lane in story.lanes[lane] }]
    for mark in story.marks {
      let words = mark.words(in: story)
      switch mark {
      case .asked(let lane, _, _), .replied(let lane, _), .held(let lane, _, _),
        .persisted(let lane, _), .stored(let lane, _), .expired(let lane, _), .noted(let lane, _):
        lines.append(place(lane, words, isUp))
      case .crashed(let lane, _):
        lines.append(place(lane, words, isUp))
        isUp[lane] = false
      case .restarted(let lane):
        isUp[lane] = true
        lines.append(place(lane, words, isUp))
      case .sent(let from, let to, let envelope, let what):
        flights[envelope] = (from, to, what)
        lines.append(place(from, words, isUp))
      case .doubled(let envelope, let copy): flights[copy] = flights[envelope]
      case .arrived(let envelope, let heard):
        guard let (from, to, what) = flights[envelope] else { continue }
        lines.append(arrow(from, to, what, heard ? nil : "unheard", isUp))
      case .lost(let envelope):
        guard let (from, to, what) = flights[envelope] else { continue }
        lines.append(arrow(from, to, what, "lost", isUp))
      case .across, .checked([], _, _): lines.append(words)
      case .checked(let named, _, _):
        lines.append(row { named.contains($0) ? words : isUp[$0] ? "│" : "┊" })
      }
    }
    return lines.joined(separator: "\n") + "\n"
  }

  private func row(_ cell: (Int) -> String) -> String {
    trimmed(story.lanes.indices.map { padded(cell($0)) }.joined())
  }

  private func place(_ lane: Int, _ what: String, _ isUp: [Bool]) -> String {
    row { $0 == lane ? what : isUp[$0] ? "│" : "┊" }
  }

  /// `├──prepare────▶` from one column to another, over those between.
  private func arrow(
    _ from: Int, _ to: Int, _ what: String, _ fate: String?, _ isUp: [Bool]
  ) -> String {
    let (left, right) = (min(from, to), max(from, to))
    let span = (right - left) * width - 1
    let label = what + (fate.map { " (\($0))" } ?? "")
    let dashes = max(2, span - label.count - 1)
    let before = String(repeating: "─", count: dashes / 2)
    let after = String(repeating: "─", count: dashes - dashes / 2)
    let body = before + label + after
    let end = fate == nil ? (from < to ? "▶" : "◀") : "✗"
    let drawn = from < to ? "├\(body)\(end)│" : "│\(end)\(body)┤"
    let head = (0..<left).map { padded(isUp[$0] ? "│" : "┊") }.joined()
    let tail = ((right + 1)..<max(right + 1, story.lanes.count)).map { isUp[$0] ? "│" : "┊" }
    let gap = String(repeating: " ", count: max(0, width - 1))
    return trimmed(head + drawn + tail.map { gap + $0 }.joined())
  }

  private func padded(_ text: String) -> String {
    text.padded(to: width, atLeast: 1)
  }

  private func trimmed(_ line: String) -> String {
    String(line.reversed().drop { $0 == " " }.reversed())
  }
}

extension Story.Mark {
  /// What stands beside its lane.
  fileprivate func words(in story: Story) -> String {
    switch self {
    case .asked(_, let what, let client): (client.map { "\($0) " } ?? "") + "? \(what)"
    case .replied(_, let what): "! \(what)"
    case .held(_, let to, let what): "(\(what) → \(story.lanes[to]), held)"
    case .persisted(_, let what): "⤓ \(what)"
    case .stored: "■ stable"
    case .expired(_, let what): "⏰ \(what)"
    case .noted(_, let what): "● \(what)"
    case .crashed(_, let lost): lost.isEmpty ? "✗" : "✗ lost " + lost.joined(separator: ", ")
    case .restarted: "↻"
    case .sent(let from, let to, _, let what): "\(to < from ? "↙" : "↘") \(what)"
    case .across(let what): "~~ \(what) ~~"
    case .checked(_, let what, _): "= \(what)"
    case .doubled, .arrived, .lost: ""
    }
  }
}
