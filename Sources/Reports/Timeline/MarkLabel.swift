/// Words beside a lane of a drawing.
struct MarkLabel {
  /// The lane.
  let lane: Int
  /// The words.
  let what: String
  /// Whether they stand to the left of it.
  var isLeft = false
}

extension Story.Mark {
  /// The words that stand beside lanes; a message's on the side to which it goes.
  func labels(in story: Story) -> [MarkLabel] {
    switch self {
    case .asked(let lane, let what, let client):
      [MarkLabel(lane: lane, what: Self.asking(what, by: client))]
    case .replied(let lane, let what): [MarkLabel(lane: lane, what: "answers: \(what)")]
    case .sent(let lane, let to, _, let what):
      [MarkLabel(lane: lane, what: what, isLeft: to < lane)]
    case .held(let lane, let to, let what):
      [MarkLabel(lane: lane, what: "\(what) → \(story.lanes[to]), held", isLeft: to < lane)]
    case .persisted(let lane, let what): [MarkLabel(lane: lane, what: "⤓ \(what)")]
    case .stored(let lane, _): [MarkLabel(lane: lane, what: "stable")]
    case .expired(let lane, let what): [MarkLabel(lane: lane, what: "time-out: \(what)")]
    case .noted(let lane, let what): [MarkLabel(lane: lane, what: what)]
    case .crashed(let lane, let lost):
      [
        MarkLabel(
          lane: lane,
          what: lost.isEmpty ? "crash" : "crash, lost: " + lost.joined(separator: ", "))
      ]
    case .restarted(let lane): [MarkLabel(lane: lane, what: "restart")]
    case .checked(let lanes, let what, _): lanes.map { MarkLabel(lane: $0, what: "= \(what)") }
    case .across, .doubled, .arrived, .lost: []
    }
  }
}
