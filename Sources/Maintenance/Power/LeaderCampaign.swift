public import Conformance
import Targets
import ZooKeeperConformance

/// Plays cases on an ensemble whose leader stops behind each of their requests in turn.
public struct LeaderCampaign: Sendable {
  /// What came of a case that was played with the leader stopping in turn behind each request.
  public struct Row: Sendable {
    /// The case.
    public var id: String
    /// How often it was played, each time with a leader that stopped.
    public var stops: Int
    /// The requests behind which it fails.
    public var failed: [Int]
    /// Whether it has more requests than were tried.
    public var isCut: Bool
  }

  /// The cases that need a connection that lasts, and why.
  public static let beyond = [
    "ZK-ACL-022":
      "a watch is spent without an event, and the library, which does not know, sets it again"
  ]

  /// The cases that this server can be asked, and that a new connection leaves as they are.
  public let cases: [Case]
  private let target: EnsembleTarget
  private let profile: Profile

  /// Those of the cases that an ensemble can be asked: `reference:ensemble/3/2`.
  public init(_ cases: [Case], on url: String) async throws(TargetError) {
    guard let target = EnsembleTarget(url: url) else {
      throw TargetError(url, .badURL("reference:ensemble/3/2 is an ensemble"))
    }
    let profile = try await Probe.profile(of: target)
    (self.target, self.profile) = (target, profile)
    self.cases = cases.filter { each in
      Self.beyond[each.label.id] == nil
        && each.service.map { profile.reasonAgainst($0) == nil } ?? false
    }
  }

  /// Whether a case holds while no leader stops.
  public func holds(_ each: Case) async -> Bool {
    await IsolatedRun(target, profile).outcome(of: each).verdict.isPass
  }

  /// Plays a case again and again, at most so often: the leader stops behind the first request,
  /// then behind the second, until there are no more.
  ///
  /// The first requests are those that make the folder of the case, and clean up.
  public func row(of each: Case, atMost limit: Int = 64) async -> Row {
    var row = Row(id: each.label.id, stops: 0, failed: [], isCut: false)
    for request in 1...limit {
      let stopping = target.stopping(after: request)
      let outcome = await IsolatedRun(stopping, profile).outcome(of: each)
      guard stopping.leadersStopped > 0 else { return row }
      row.stops += 1
      if !outcome.verdict.isPass { row.failed.append(request) }
    }
    row.isCut = true
    return row
  }
}
