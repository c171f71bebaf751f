/// A story as a log that ShiViz (https://bestchai.bitbucket.io/shiviz) draws: two lines an event,
/// the first with the node and its vector clock, the second with what happened.
///
/// ShiViz's default expression parses it: `(?<host>\S*) (?<clock>{.*})\n(?<event>.*)`.
/// Vector clocks: Fidge 1988, Mattern 1989.
public struct ShiVizLog: Sendable {
  /// The whole log.
  public let text: String

  /// The log of a story.
  public init(_ story: Story) {
    var clocks = story.lanes.indices.map { _ in [Int](repeating: 0, count: story.lanes.count) }
    var carried: [Int: (to: Int, clock: [Int], what: String)] = [:]
    var lines: [String] = []
    func happen(_ lane: Int, _ what: String) {
      clocks[lane][lane] += 1
      let clock = story.lanes.indices.filter { clocks[lane][$0] > 0 }
        .map { "\"\(story.lanes[$0])\":\(clocks[lane][$0])" }.joined(separator: ", ")
      let event = what.split(whereSeparator: \.isNewline).joined(separator: " ")
      lines += ["\(story.lanes[lane]) {\(clock)}", event]
    }
    for mark in story.marks {
      switch mark {
      case .asked(let lane, let what, let client):
        happen(lane, Story.Mark.asking(what, by: client))
      case .replied(let lane, let what): happen(lane, "answers \(what)")
      case .held(let lane, let to, let what): happen(lane, "holds \(what) for \(story.lanes[to])")
      case .persisted(let lane, let what): happen(lane, "writes \(what)")
      case .stored(let lane, _): happen(lane, "stable")
      case .expired(let lane, let what): happen(lane, "time-out \(what)")
      case .noted(let lane, let what): happen(lane, what)
      case .crashed(let lane, _): happen(lane, "crash")
      case .restarted(let lane): happen(lane, "restart")
      case .sent(let lane, let to, let envelope, let what):
        happen(lane, "sends \(what) to \(story.lanes[to])")
        carried[envelope] = (to, clocks[lane], what)
      case .doubled(let envelope, let copy): carried[copy] = carried[envelope]
      case .arrived(let envelope, heard: true):
        guard let (to, clock, what) = carried[envelope] else { continue }
        clocks[to] = zip(clocks[to], clock).map { max($0, $1) }
        happen(to, "receives \(what)")
      case .arrived(_, heard: false), .lost, .across, .checked: continue
      }
    }
    text = lines.map { $0 + "\n" }.joined()
  }
}
