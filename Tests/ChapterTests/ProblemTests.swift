import AtomicCommitment
import Consensus
import Paxos
import ProtocolCore
import QuorumCommit
import Raft
import ReplicatedLog
import Testing
import ThreePhaseCommit
import TwoPhaseCommit

/// What a chapter promises of its problem.
struct ProblemTests {
  @Test func `A commit protocol promises all that atomic commitment is`() {
    expectAll(of: TwoPhaseCommit.Property.self)
    expectAll(of: ThreePhaseCommit.Property.self)
    expectAll(of: QuorumCommit.Property.self)
    expectAll(of: PaxosCommit.Property.self)
  }

  private func expectAll<P: CommitmentProperty>(of chapter: P.Type) {
    let names = P.allCases.map(\.rawValue)
    let promised = Commitment.Property.allCases.map(\.rawValue)
    #expect(names.filter(promised.contains) == promised)
    for property in P.allCases where promised.contains(property.rawValue) {
      #expect(property.form == property.commitmentForm)
    }
  }

  @Test func `A consensus protocol promises all that consensus is`() {
    let promised = Consensus.Property.allCases.map(\.rawValue)
    #expect(Paxos.Property.allCases.map(\.rawValue).filter(promised.contains) == promised)
    for property in Paxos.Property.allCases where promised.contains(property.rawValue) {
      #expect(property.form == property.consensusForm)
    }
  }

  @Test func `A log promises all that a replicated log is`() {
    let promised = ReplicatedLog.Property.allCases.map(\.rawValue)
    #expect(MultiPaxos.Property.allCases.map(\.rawValue).filter(promised.contains) == promised)
    for property in MultiPaxos.Property.allCases where promised.contains(property.rawValue) {
      #expect(property.form == property.replicatedLogForm)
    }
    #expect(Raft.Property.allCases.map(\.rawValue).filter(promised.contains) == promised)
    for property in Raft.Property.allCases where promised.contains(property.rawValue) {
      #expect(property.form == property.replicatedLogForm)
    }
  }

  @Test func `The forms of what is promised`() {
    typealias P = ThreePhaseCommit.Property
    for property in [P.AC1, .AC2, .AC3, .AC4, .told] { #expect(property.form == .always) }
    #expect(P.AC5.form == .recovers(.settled, repaired: true))
    #expect(P.commits.form == .sometimes(.committed))
    #expect(P.aborts.form == .sometimes(.aborted))
  }
}
