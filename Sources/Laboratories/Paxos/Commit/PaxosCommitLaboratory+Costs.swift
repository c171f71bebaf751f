import AtomicCommitment
public import Lab
import Paxos
import ProtocolCore
import TwoPhaseCommit

extension PaxosCommitLaboratory {
  /// What a commit by n participants costs, for each number of failures that is survived.
  public static func costs(_ sizes: ClosedRange<Int>) throws -> [CostRow] {
    try (0...2).map { failures in
      CostRow(
        variant: "Paxos Commit, F = \(failures)", outcome: "commit",
        cells: try sizes.map { size in
          CostRow.Cell(
            size: size, counted: Cost(of: try commit(size, surviving: failures)),
            formula: formula(size, failures))
        })
    }
  }

  /// A request and a decision each, a vote to F + 1 acceptors, and a word from F of them to the
  /// leader, which is the other one.
  ///
  /// Each participant forces its yes and each of the F its acceptance. The leader's own disk works
  /// meanwhile, unless it is alone: then the decision waits for it.
  ///
  /// Source: Gray and Lamport 2006, 4.3: NF + F + 3N − 1 messages where a participant asks to
  /// commit and votes in one message, so that it need not be asked; N + F + 1 writes.
  static func formula(_ size: Int, _ failures: Int) -> (messages: Int, forced: Int) {
    (
      messages: size * failures + failures + 3 * size,
      forced: size + max(1, failures)
    )
  }

  /// A commit in which nothing fails.
  static func commit(_ size: Int, surviving failures: Int) throws -> [Step<Words>] {
    try play(Array(repeating: .update, count: size), surviving: failures)
  }

  /// A transaction whose participants do this work.
  private static func play(
    _ work: [Commitment.Work], surviving failures: Int
  ) throws -> [Step<Words>] {
    let topology = Subject.topology(work.count, surviving: failures)
    var system = SystemState(try Cluster<Subject>(topology))
    let participants = topology.filter { $0.role == .participant }.map(\.id)
    return system.playFairly(
      zip(participants, work).map { ($0, .work($1)) } + [("c", .commit)])
  }

  /// The costs with one to three participants, and two-phase commit beside F = 0.
  public static var demonstrations: [Demonstration] {
    (0...2).flatMap { failures in
      [1, 3, 5].map { size in
        Demonstration(
          "COST[\(failures),\(size)]",
          "What a commit by \(size) costs that survives \(failures)", claims: ["2PC-15"]
        ) {
          let counted = Cost(of: try commit(size, surviving: failures))
          let formula = formula(size, failures)
          return Discrepancy.between(
            "messages", expected: formula.messages, got: counted.messages)
            + Discrepancy.between("forced writes", expected: formula.forced, got: counted.forced)
        }
      }
    }
      + [[Commitment.Work.update], [.update, .update], [.update, .doomed], [.doomed, .update]].map {
        work in
        Demonstration(
          "MESSAGES[\(work.map(\.rawValue).joined(separator: ","))]",
          "With one acceptor the messages are those of two-phase commit", claims: ["2PC-15"]
        ) {
          let (own, theirs) = try (messages(of: play(work, surviving: 0)), twoPhaseMessages(work))
          return own == theirs
            ? []
            : [Discrepancy("messages", expected: "\(theirs)", got: "\(own)")]
        }
      }
  }
}

// MARK: Two-phase commit beside it

extension PaxosCommitLaboratory {
  /// What was sent, in its order, in two-phase commit's words.
  static func messages(of steps: [Step<Words>]) -> [String] {
    sent(steps) { message in
      switch message {
      case .prepare: "prepare"
      case .accept(_, let votes): votes.map { "vote \($0.vote.rawValue)" }.joined()
      case .decide(let decision): "\(decision)"
      case .accepted, .nextBallot, .promise, .reject, .inquire: "\(message)"
      }
    }
  }

  /// What two-phase commit sends for a transaction whose participants do this work, but for the
  /// acknowledgements: they let the coordinator forget, which Paxos Commit leaves out.
  static func twoPhaseMessages(_ work: [Commitment.Work]) throws -> [String] {
    let cluster = try Cluster<TwoPhaseCommitModel>(TwoPhaseCommitModel.topology(work.count))
    var system = SystemState(cluster)
    let asks = zip(cluster.nodes.dropFirst(), work).map { node, work in
      (node, TwoPhaseCommit.Words.Request.work(work == .update ? .update : .doomed))
    }
    return sent(system.playFairly(asks + [("c", .commit)])) { $0 == .ack ? nil : "\($0)" }
  }

  private static func sent<W: Vocabulary>(
    _ steps: [Step<W>], as word: (W.Message) -> String?
  ) -> [String] {
    steps.flatMap(\.incidents).compactMap { incident in
      guard case .sent(let message, let receiver) = incident.happening else { return nil }
      return word(message).map { "\(incident.node) → \(receiver) \($0)" }
    }
  }
}
