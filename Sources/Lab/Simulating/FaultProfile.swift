public import ProtocolCore

/// What goes wrong in one simulated run, and how often.
///
/// Drawn anew for each run, and in each run a random part of it is switched off (swarm testing:
/// Groce et al., ISSTA 2012): bugs hide from a mixture that is always the same.
public struct FaultProfile: Hashable, Sendable {
  /// Of a hundred messages, so many are lost.
  public var lossPercent = 0
  /// Of a hundred messages, so many arrive twice.
  public var duplicationPercent = 0
  /// A message takes so many ticks.
  public var delay: ClosedRange<Int> = 1...3
  /// Whether a message never overtakes another on its link.
  public var isOrdered = true
  /// A store takes so many ticks.
  public var storing: ClosedRange<Int> = 0...1
  /// Of a hundred stores, so many take up to a hundred ticks more.
  public var stallPercent = 0
  /// Whether the disk makes some records stable, and not always all.
  public var storesInPart = false
  /// Of a thousand acts, so many are followed by a crash.
  public var crashPermille = 0
  /// A node is down for so many ticks.
  public var downtime: ClosedRange<Int> = 1...80
  /// Of a thousand acts, so many are followed by a cut.
  public var cutPermille = 0
  /// A cut lasts so many ticks.
  public var cutTime: ClosedRange<Int> = 5...100
  /// Whether what meets a cut is lost, and not only late.
  public var cutsLose = false
  /// Of a thousand acts, so many are followed by a stream that breaks.
  public var severPermille = 0
  /// Of a hundred ticks of true time, a node's clock counts between so many.
  public var drift: ClosedRange<Int> = 100...100
  /// Whether everything that is asked is the usual.
  public var isUsual = true
  /// Whether everything is asked before anything else happens.
  public var asksFirst = false
  /// Whether acts come in bursts, without regard to time.
  public var isBursty = false

  /// Nothing goes wrong.
  public init() {}

  /// The faults of a run, within what the protocol claims to bear.
  ///
  /// - Parameters:
  ///   - faults: What the protocol claims to bear.
  ///   - choices: Chance.
  ///   - isLong: Whether the run is long; then it mostly has its faults further apart.
  public init(within faults: Set<Fault>, by choices: inout Choices, isLong: Bool = false) {
    isUsual = choices.chance(1, in: 2)
    asksFirst = choices.chance(2, in: 3)
    storing = 0...(choices.chance(1, in: 3) ? choices.within(20...120) : choices.within(1...8))
    storesInPart = choices.chance(1, in: 2)
    let blows = faults.contains(.suspicion)
    isBursty = choices.chance(1, in: 2)
    if blows, choices.chance(1, in: 2) { drift = 40...250 }
    if blows, choices.chance(1, in: 2) { delay = 1...choices.within(4...60) }
    if faults.contains(.reordering) { isOrdered = choices.chance(1, in: 2) }
    if faults.contains(.loss), choices.chance(1, in: 2) { lossPercent = choices.within(2...30) }
    if faults.contains(.duplication), choices.chance(1, in: 2) {
      duplicationPercent = choices.within(2...30)
    }
    if faults.contains(.crash), choices.chance(2, in: 3) {
      crashPermille = choices.within(10...120)
    }
    if faults.contains(.cut), choices.chance(1, in: 3) {
      cutPermille = choices.within(10...80)
      cutsLose = faults.contains(.loss) && choices.chance(1, in: 2)
    }
    if faults.contains(.sever), choices.chance(1, in: 2) {
      severPermille = choices.within(10...100)
    }
    if isLong { spread(by: &choices) }
  }

  /// Has its faults further apart, and now and then a slow store in the place of a slow disk, with
  /// which no leader is ever established.
  private mutating func spread(by choices: inout Choices) {
    if choices.chance(3, in: 4) {
      crashPermille /= 4
      cutPermille /= 4
      severPermille /= 4
    }
    if choices.chance(1, in: 2) {
      storing = 0...choices.within(1...8)
      stallPercent = choices.within(5...40)
    }
  }
}
