import AtomicCommitment
public import Lab
public import ProtocolCore
public import TwoPhaseCommit

/// Two-phase commit in the laboratory.
public enum TwoPhaseCommitLaboratory: Laboratory {
  /// The chapter.
  public typealias Subject = TwoPhaseCommitModel

  /// The chapter in a few words.
  public static let title = "two-phase commit"

  /// The folder of its runs.
  public static let folder = "TwoPhaseCommit"

  /// What the chapter states.
  public static let claims = Claim.twoPhaseCommit

  /// A coordinator and its participants; all in a line; all peers of each other.
  public static func topologies(_ size: Int) -> [[Member<Subject.Role>]] {
    [Subject.topology(size)]
      + CommitCost.Form.allCases.map { Subject.topology(size - 1, all: $0.role) }
  }
}

// MARK: Scenarios

extension TwoPhaseCommitLaboratory {
  /// The coordinator is asked to commit when the participants' parts have gone so.
  ///
  /// What *recovers* is left to simulation: it needs time-outs without bound, and each sends more.
  static func commit(
    of work: Words.Work..., crashes: Int = 1, duplicates: Int = 0, asking more: [Ask<Words>] = []
  ) -> Scenario<Subject> {
    let workers = Subject.topology(work.count).dropFirst().map(\.id)
    return Scenario(
      work.count,
      bounds: Bounds(crashes: crashes, losses: 0, duplicates: duplicates, expiries: 1),
      workload: .only([Ask("c", oneOf: [.commit])] + more),
      after: zip(workers, work).map { .ask($0, .work($1)) })
  }

  /// All that two crashes and a time-out can do to a commit by one participant.
  static let one = [commit(of: .update, crashes: 2)]
  /// All that a crash and a time-out can do to a commit by two participants.
  static let two = [commit(of: .update, .update)]

  /// Operators that decide for participants in doubt.
  static let operators: [Ask<Words>] = ["a", "b"].map {
    Ask($0, oneOf: [.heuristic(.abort), .heuristic(.commit)])
  }
}

// MARK: Properties

extension TwoPhaseCommitLaboratory {
  /// Everything that a crash and a time-out can do to a commit by two participants; and simulated
  /// runs with two and with three.
  public static let checks: [PropertyCheck<Subject>] = [
    // A participant that only reads can be taken for one that knows.
    check(.AC1, of: "2PC-1", in: two + [commit(of: .update, .read)]),
    check(.AC2, of: "2PC-2", in: two),
    check(.AC3, of: "2PC-3", in: [commit(of: .update, .doomed)]),
    check(.AC4, of: "2PC-4", in: two),
    check(.AC5, of: "2PC-5", "2PC-11"),
    check(.told, of: "2PC-1", in: two),
    // Operators decide for both as they like, and nobody crashes.
    check(
      .contained, of: "2PC-13",
      in: [commit(of: .update, .update, crashes: 0, asking: operators)], asking: operators),
    check(.reported, of: "2PC-13", asking: operators),
    check(.termination, of: "2PC-8"),
    check(.window, of: "2PC-7", in: two),
    check(.commits, of: "2PC-4", in: two),
    check(.aborts, of: "2PC-3", in: [commit(of: .update, .doomed)]),
  ]

  /// Only operators can do damage that must be contained and reported.
  public static func isAtStake(_ property: Property, in cluster: Cluster<Subject>) -> Bool {
    guard property == .contained || property == .reported else { return true }
    return cluster.asks.contains { ask in
      ask.requests.contains { if case .heuristic = $0 { true } else { false } }
    }
  }

  private static func check(
    _ property: Property, of claims: String..., in explored: [Scenario<Subject>] = [],
    asking asks: [Ask<Words>] = []
  ) -> PropertyCheck<Subject> {
    let simulated = (2...3).map { Scenario<Subject>($0, bounds: Bounds(), workload: .anything) }
    return PropertyCheck(
      property, claims: claims, exploring: explored, simulating: simulated, asking: asks)
  }
}
