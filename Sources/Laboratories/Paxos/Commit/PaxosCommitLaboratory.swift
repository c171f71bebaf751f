import AtomicCommitment
public import Lab
public import Paxos
public import ProtocolCore

/// Paxos Commit in the laboratory.
public enum PaxosCommitLaboratory: Laboratory {
  /// The chapter.
  public typealias Subject = PaxosCommit.Model

  /// The chapter in a few words.
  public static let title = "Paxos Commit"

  /// The folder of its runs.
  public static let folder = "Paxos/Commit"

  /// What the chapter states.
  public static let claims = [
    Claim(
      "2PC-15", .model,
      """
      Paxos Commit with one acceptor is two-phase commit, message for message; with 2F + 1 of them \
      F may be down, the leader included, and no participant is blocked.
      """)
  ]

  /// Participants, beside three acceptors.
  public static let sizes = [2, 1]
}

// MARK: Scenarios

extension PaxosCommitLaboratory {
  typealias Words = PaxosCommit.Words

  /// What can happen to so many participants and three acceptors, from a moment on perhaps.
  ///
  /// - Parameters:
  ///   - participants: how many.
  ///   - crashes: how many.
  ///   - duplicates: how many messages are doubled.
  ///   - expiries: how often a participant loses patience.
  ///   - ballots: how often an acceptor begins a ballot.
  ///   - prelude: the acts with which it begins.
  static func scenario(
    _ participants: Int = 1, crashes: Int = 0, duplicates: Int = 0, expiries: Int = 0,
    ballots: Int = 0, after prelude: [Act<Words>] = []
  ) -> Scenario<Subject> {
    var bounds = Bounds(crashes: crashes, losses: 0, duplicates: duplicates, expiries: expiries)
    bounds.kinds = ["ballot": ballots]
    return Scenario(
      participants, bounds: bounds, workload: prelude.isEmpty ? .anything : .nothing, after: prelude
    )
  }

  /// One participant with a crash, or a ballot; two that differ; and what a crash and a ballot can
  /// do when the participant doubts.
  static let anything = [
    scenario(), scenario(crashes: 1), scenario(expiries: 1), scenario(ballots: 1), scenario(2),
    scenario(ballots: 1, after: Moments.doubted),
    scenario(crashes: 1, ballots: 1, after: Moments.doubted),
  ]

  /// What can still arrive after ballots that differ.
  static let later = [Moments.crossed, Moments.decided, Moments.outrun].map { scenario(after: $0) }
}

// MARK: Properties

extension PaxosCommitLaboratory {
  /// Two participants that differ; one that doubts, and a ballot; ballots that meet; and simulated
  /// runs.
  public static let checks: [PropertyCheck<Subject>] = PaxosCommit.Property.allCases.map {
    property in
    let explored: [Scenario<Subject>] =
      switch property {
      case .AC5, .nonblocking: []
      case .AC1, .AC2, .AC3, .AC4, .told, .window, .succession, .commits, .aborts:
        [scenario(2), scenario(ballots: 1, after: Moments.doubted)] + later
      }
    return PropertyCheck(
      property, claims: ["2PC-15"], exploring: explored,
      simulating: [Scenario(2, bounds: Bounds(), workload: .anything)])
  }
}
