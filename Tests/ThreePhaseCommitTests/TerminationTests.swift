import AtomicCommitment
import ProtocolCore
import Testing

@testable import ThreePhaseCommit

/// What followers do when their leader is silent.
struct ElectionTests {
  @Test func `Who hears nothing asks those before it, and waits if one of them answers`() {
    var b = follower("b")
    #expect(
      b.step(.expired(.leader)) == [
        .send(.inquire, to: "c"), .send(.inquire, to: "a"),
        .cancel(.leader), .set(.answers, after: 30...40),
      ])
    #expect(b.step(.received(.here, from: "a")) == [])
    #expect(
      b.step(.expired(.answers)) == [
        .persist(.gone("c")), .cancel(.answers), .set(.leader, after: 60...80),
      ])
    #expect(b.up == ["a", "b"])
  }

  @Test func `The first that is left leads, and asks for states`() {
    var a = follower("a")
    _ = a.step(.expired(.leader))
    #expect(
      a.step(.expired(.answers)) == [
        .persist(.gone("c")), .send(.stateRequest, to: "b"),
        .cancel(.answers), .set(.states, after: 30...40),
      ])
  }

  @Test func `Who is asked whether it is there says so, unless it knows more`() {
    for (state, answer) in [
      (Process.State.following(.uncertain), Words.Message.here),
      (.readying(Process.Round(client: nil, missing: ["b"])), .here),
      (.decided(.commit), .decide(.commit)),
    ] {
      var a = process("a")
      a.state = state
      #expect(a.step(.received(.inquire, from: "b")) == [.send(answer, to: "b")])
    }
    var idle = process("a")
    #expect(
      idle.step(.received(.inquire, from: "b")) == [
        .note(.decided(.abort)), .send(.decide(.abort), to: "b"),
      ])
  }

  @Test func `A follower tells its state, and that those before its leader are gone`() {
    var b = follower("b", .committable)
    #expect(
      b.step(.received(.stateRequest, from: "a")) == [
        .persist(.gone("c")), .send(.state(.committable), to: "a"),
        .set(.leader, after: 60...80),
      ])
    // The old leader was only slow; nobody listens to it any more.
    #expect(b.step(.received(.preCommit, from: "c")) == [])
    #expect(b.step(.received(.stateRequest, from: "c")) == [])
  }
}

/// What a backup coordinator decides: the termination rules.
struct TerminationTests {
  /// a leads: c is gone, and b has not told its state yet.
  func leader(_ own: Stage) -> Process {
    var a = process("a")
    a.up = ["a", "b"]
    a.state = .polling(
      Process.Poll(own: own, missing: ["b"], isCommittable: own == .committable))
    return a
  }

  @Test(arguments: [Decision.abort, .commit])
  func `TR1, TR2: what somebody has decided is decided`(decision: Decision) {
    var a = leader(.committable)
    #expect(
      a.step(.received(.decide(decision), from: "b")) == [
        .persist(.decided(decision)), .send(.decide(decision), to: "b"), .cancel(.states),
      ])
  }

  @Test func `TR3: all are uncertain, so abort`() {
    var a = leader(.uncertain)
    #expect(
      a.step(.received(.state(.uncertain), from: "b")) == [
        .persist(.decided(.abort)), .send(.decide(.abort), to: "b"), .cancel(.states),
      ])
  }

  @Test func `TR4: the leader is committable, and sees to it that the other is before it commits`()
  {
    var a = leader(.committable)
    #expect(
      a.step(.received(.state(.uncertain), from: "b")) == [
        .send(.preCommit, to: "b"), .cancel(.states), .set(.acks, after: 30...40),
      ])
    #expect(
      a.step(.received(.ack, from: "b")) == [
        .persist(.decided(.commit)), .send(.decide(.commit), to: "b"), .cancel(.acks),
      ])
  }

  @Test func `TR4: a follower is committable, and the leader becomes so`() {
    var a = leader(.uncertain)
    #expect(
      a.step(.received(.state(.committable), from: "b")) == [
        .persist(.preCommit),
        .persist(.decided(.commit)), .send(.decide(.commit), to: "b"), .cancel(.states),
      ])
  }

  @Test func `Who does not tell its state is gone`() {
    var a = leader(.uncertain)
    #expect(
      a.step(.expired(.states)) == [
        .persist(.gone("b")), .persist(.decided(.abort)), .cancel(.states),
      ])
  }
}

/// What a process does that starts again.
struct RecoveryTests {
  static let questions: [Effect<Words>] = [
    .send(.inquire, to: "c"), .send(.inquire, to: "b"), .set(.news, after: 60...80),
  ]

  @Test func `An empty journal means that nothing was promised`() {
    var a = process("a")
    #expect(a.step(.started([])) == [])
    #expect(a.state == .idle)
  }

  @Test func `In doubt it asks, votes in no poll, and takes what it is told`() {
    var a = process("a")
    #expect(a.step(.started([.yes])) == Self.questions)
    #expect(a.step(.received(.stateRequest, from: "b")) == [])
    #expect(a.step(.received(.preCommit, from: "b")) == [])
    #expect(a.step(.received(.here, from: "c")) == [])
    #expect(a.step(.expired(.news)) == Self.questions)
    #expect(
      a.step(.received(.decide(.commit), from: "c")) == [
        .persist(.decided(.commit)), .cancel(.news),
      ])
  }

  @Test func `A decision in the journal is a decision`() {
    var a = process("a")
    #expect(a.step(.started([.yes, .preCommit, .decided(.commit)])) == [.note(.decided(.commit))])
  }

  @Test func `The last to fail decides by itself`() {
    var a = process("a")
    #expect(
      a.step(.started([.yes, .preCommit, .gone("c"), .gone("b")])) == [
        .persist(.decided(.commit)), .cancel(.news),
      ])
  }

  @Test func `Who was not the last to fail waits for those who may have been`() {
    var a = process("a")
    _ = a.step(.started([.yes, .gone("c")]))
    #expect(a.step(.received(.recovering(.committable, up: ["c", "a", "b"]), from: "c")) == [])
    #expect(
      a.step(.received(.recovering(.uncertain, up: ["a", "b"]), from: "b")) == [
        .persist(.decided(.abort)), .cancel(.news),
      ])
  }

  @Test func `Candidates that differ wait for everybody`() {
    var a = process("a")
    _ = a.step(.started([.yes, .gone("c")]))
    #expect(a.step(.received(.recovering(.committable, up: ["a", "b"]), from: "b")) == [])
    #expect(
      a.step(.received(.recovering(.committable, up: ["c", "a", "b"]), from: "c")) == [
        .persist(.decided(.commit)), .cancel(.news),
      ])
  }

  @Test func `Who recovers shows its journal to others who do`() {
    var a = process("a")
    _ = a.step(.started([.yes, .preCommit, .gone("c")]))
    #expect(
      a.step(.received(.inquire, from: "b")) == [
        .send(.recovering(.committable, up: ["a", "b"]), to: "b")
      ])
  }
}
