import Lab
import ProtocolCore
import Reports
import Testing
import TwoPhaseCommit

/// One run of two-phase commit with all that a diagram must show, as the three exports tell it.
@Suite struct TimelineTests {
  static func link(_ from: NodeID, _ to: NodeID) -> Link { Link(from: from, to: to) }

  static let acts: [Act<Words>] = [
    .ask("a", .work(.update)), .ask("c", .commit),
    .deliver(link("c", "a"), 0), .store("a", first: nil), .duplicate(link("a", "c"), 0),
    .deliver(link("a", "c"), 0), .lose(link("c", "b"), 0), .cut([link("a", "b"), link("b", "a")]),
    .crash("a", losing: 0, unsent: 0), .restart("a"),
  ]

  static func story() throws -> Story {
    var system = SystemState(
      try Cluster<TwoPhaseCommitModel>(TwoPhaseCommitModel.topology(2), variant: .abort))
    return Story(of: acts, on: &system)
  }

  @Test func `The text has a column a node and a row a mark`() throws {
    #expect(
      TextDiagram(try Self.story()).text == """
        c                     a                     b
        │                     ? update              │
        ? commit              │                     │
        ↘ prepare             │                     │
        ↘ prepare             │                     │
        ├──────prepare───────▶│                     │
        │                     ⤓ yes                 │
        │                     (vote yes → c, held)  │
        │                     ■ stable              │
        │                     ↙ vote yes            │
        │◀──────vote yes──────┤                     │
        ├──────────────prepare (lost)──────────────✗│
        ~~ cut a | b ~~
        │                     ✗                     │
        │                     ↻                     │
        │                     ↙ inquire             │
        │                     ↘ inquire             │

        """)
  }

  @Test func `The log carries vector clocks from sender to receiver`() throws {
    let lines = ShiVizLog(try Self.story()).text.split(separator: "\n").map(String.init)
    #expect(lines.count.isMultiple(of: 2))
    let pairs = stride(from: 0, to: lines.count, by: 2).map { "\(lines[$0]): \(lines[$0 + 1])" }
    #expect(pairs.contains("a {\"c\":2, \"a\":2}: receives prepare"))
    #expect(pairs.contains("c {\"c\":4, \"a\":6}: receives vote yes"))
  }

  @Test func `The drawing shows every message, the wait for the disk, the loss and the crash`()
    throws
  {
    let svg = Drawing(try Self.story(), title: "a run").svg
    func count(_ text: String) -> Int { svg.components(of: text) }
    #expect(count("class=\"head\"") == 2, "two messages arrive")
    #expect(count("class=\"arrow\"") == 3, "and one is lost half-way")
    #expect(count("class=\"arrow unheard\"") == 3, "a copy and two inquiries are still under way")
    #expect(count("class=\"unstable\"") == 1, "from the write to the store")
    #expect(count("class=\"cross\"") == 4, "the loss and the crash, two strokes each")
    #expect(count("class=\"lane down\"") == 1, "dotted while a is down")
    #expect(count("class=\"across\"") == 1, "the cut")
    #expect(count("prefers-color-scheme: dark") == 1)
    #expect(!svg.contains("<script") && !svg.contains("var("))
  }

  @Test func `Words that XML forbids do not break the drawing`() {
    var story = Story(lanes: ["<a>"])
    story.add(.noted(0, "x < y & \"z\" ]]> \u{1b}[31m \u{0}"))
    let svg = Drawing(story, title: "a & b").svg
    #expect(svg.contains("&lt;a&gt;"))
    #expect(svg.contains("x &lt; y &amp; &quot;z&quot; ]]&gt; \u{fffd}[31m \u{fffd}"))
    #expect(svg.contains("<title>a &amp; b</title>"))
  }

  @Test func `A mark on a lane that does not exist is left out`() {
    var story = Story(lanes: ["a"])
    story.add(.noted(1, "no"))
    story.add(.sent(0, to: -1, envelope: 1, "no"))
    #expect(story.marks.isEmpty)
    #expect(Drawing(Story(lanes: []), title: "").svg.hasSuffix("</svg>\n"))
    #expect(TextDiagram(Story(lanes: [])).text == "\n")
  }
}

extension String {
  /// How often `part` stands in it.
  fileprivate func components(of part: String) -> Int { ranges(of: part).count }
}
