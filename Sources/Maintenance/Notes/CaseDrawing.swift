import Foundation
import Reports

/// A case of ZooKeeper as it is played on the reference, drawn: each client has a line, and so has
/// the server.
enum CaseDrawing {
  /// A step as `quorate replay` tells it: `12  writer.set /w data "v1"    ok  zxid 0x7`.
  private struct Step {
    /// The client that takes it; nil where time passes.
    var client: String?
    var text: String
    var result: String
  }

  /// The picture of a case, and what a page shows.
  ///
  /// - Throws: ``NotesError`` when there is no such case or it does not hold.
  static func drawing(
    _ id: String, below folder: URL
  ) throws -> (markdown: String, picture: String, svg: String) {
    let lines = try CommandBlock.lines(of: ["replay", id], below: folder)
    guard let head = lines.first, head.hasPrefix("pass  \(id)  ") else {
      throw NotesError("\(id) does not hold on the reference: \(lines.first ?? "")")
    }
    let steps = lines.dropFirst().compactMap(step)
    guard !steps.isEmpty else { throw NotesError("\(id) has no steps to draw") }
    let title = String(head.dropFirst("pass  ".count)).replacing("  ", with: ": ")
    let name = id.map { $0.isLetter || $0.isNumber || $0 == "-" ? $0 : "_" }
    let picture = "pictures/\(String(name)).svg"
    let svg = Drawing(story(of: steps), title: title).svg
    return ("![\(title)](\(picture))", picture, svg)
  }

  private static func step(_ line: String) -> Step? {
    guard let match = line.firstMatch(of: /^ *\d+  (.+?)(?:  +(.*))?$/) else { return nil }
    let (text, result) = (String(match.1), match.2.map(String.init) ?? "")
    let words = text.split(separator: " ", maxSplits: 1).map(String.init)
    let halves = (words.first ?? "").split(separator: ".", maxSplits: 1).map(String.init)
    guard halves.count == 2 else { return Step(client: nil, text: text, result: result) }
    let rest = words.count > 1 ? " " + words[1] : ""
    return Step(client: halves[0], text: halves[1] + rest, result: result)
  }

  /// The first client stands on the left of the server, the others on its right.
  private static func story(of steps: [Step]) -> Story {
    var clients: [String] = []
    for case let client? in steps.map(\.client) where !clients.contains(client) {
      clients.append(client)
    }
    var lanes = clients
    lanes.insert("server", at: min(1, lanes.count))
    var story = Story(lanes: lanes)
    let server = lanes.firstIndex(of: "server") ?? 0
    var messages = 0
    func send(_ from: Int, _ to: Int, _ what: String) {
      messages += 1
      story.add(.sent(from, to: to, envelope: messages, what))
      story.add(.arrived(envelope: messages, heard: true))
    }
    for step in steps {
      guard let client = step.client.flatMap({ lanes.firstIndex(of: $0) }) else {
        story.add(.checked([], step.text, .other))
        continue
      }
      switch step.text {
      case "sees" where step.result == "nothing":
        story.add(.checked([client], "sees nothing more", .other))
      case "sees":
        for event in step.result.components(separatedBy: ", ") { send(server, client, event) }
      case "drops": story.add(.checked([client], "its connection breaks", .blocked))
      case "stopsPinging": story.add(.checked([client], "falls silent", .blocked))
      case "stopsReading": story.add(.noted(client, "reads no more"))
      case "readsAgain": story.add(.noted(client, "reads again"))
      default:
        send(client, server, step.text)
        if !step.result.isEmpty { send(server, client, step.result) }
      }
    }
    return story
  }
}
