import AtomicCommitment
import ProtocolCore
import Testing

@testable import ThreePhaseCommit

/// Three processes: c coordinates, a and b take part.
func process(_ id: NodeID, without: Set<Rule> = []) -> Process {
  Process(id, of: ["c", "a", "b"], without: without)
}

/// A participant that has voted yes and waits.
func follower(_ id: NodeID, _ stage: Stage = .uncertain) -> Process {
  var process = process(id)
  process.state = .following(stage)
  return process
}

/// The first two phases and the third, when nobody fails.
struct VotingTests {
  @Test func `A coordinator asks everybody, and writes nothing down`() {
    var c = process("c")
    #expect(
      c.step(.asked(.commit, RequestID(0))) == [
        .send(.canCommit, to: "a"), .send(.canCommit, to: "b"),
        .set(.votes, after: 30...40),
      ])
  }

  @Test func `A participant says yes when the yes is stored`() {
    var a = process("a")
    #expect(a.step(.asked(.work(.update), RequestID(0))) == [.set(.request, after: 60...80)])
    #expect(
      a.step(.received(.canCommit, from: "c")) == [
        .persist(.yes), .send(.vote(.yes), to: "c", .whenStored),
        .cancel(.request), .set(.leader, after: 60...80),
      ])
    #expect(a.step(.received(.canCommit, from: "c")) == [])  // doubled
  }

  @Test func `A participant that cannot, or has forgotten, says no`() {
    var a = process("a")
    _ = a.step(.asked(.work(.doomed), RequestID(0)))
    #expect(
      a.step(.received(.canCommit, from: "c")) == [
        .note(.decided(.abort)), .cancel(.request), .send(.vote(.no), to: "c"),
      ])
    var b = process("b")
    #expect(b.step(.received(.canCommit, from: "c")) == [.send(.vote(.no), to: "c")])
  }

  @Test func `One no ends it, and who said no is not told`() {
    var c = process("c")
    _ = c.step(.asked(.commit, RequestID(0)))
    #expect(
      c.step(.received(.vote(.no), from: "a")) == [
        .persist(.decided(.abort)), .reply(.decided(.abort), to: RequestID(0)),
        .send(.decide(.abort), to: "b"), .cancel(.votes),
      ])
    #expect(c.step(.received(.vote(.yes), from: "b")) == [])
    #expect(c.step(.stored([.decided(.abort)])) == [.note(.decided(.abort))])
  }

  @Test func `The last yes, and everybody is told that all said yes`() {
    var c = process("c")
    _ = c.step(.asked(.commit, RequestID(0)))
    #expect(c.step(.received(.vote(.yes), from: "b")) == [])
    #expect(c.step(.received(.vote(.yes), from: "b")) == [])  // doubled
    #expect(
      c.step(.received(.vote(.yes), from: "a")) == [
        .persist(.preCommit),
        .send(.preCommit, to: "b", .whenStored), .send(.preCommit, to: "a", .whenStored),
        .cancel(.votes), .set(.acks, after: 30...40),
      ])
  }

  @Test func `A participant acknowledges before its disk does`() {
    var a = follower("a")
    #expect(
      a.step(.received(.preCommit, from: "c")) == [
        .persist(.preCommit), .send(.ack, to: "c", .atOnce), .set(.leader, after: 60...80),
      ])
    // Told again, it acknowledges again and writes nothing.
    #expect(
      a.step(.received(.preCommit, from: "c")) == [
        .send(.ack, to: "c", .atOnce), .set(.leader, after: 60...80),
      ])
  }

  @Test func `All have acknowledged: commit`() {
    var c = process("c")
    c.state = .readying(Process.Round(client: RequestID(0), missing: ["a", "b"]))
    #expect(c.step(.received(.ack, from: "a")) == [])
    #expect(
      c.step(.received(.ack, from: "b")) == [
        .persist(.decided(.commit)), .reply(.decided(.commit), to: RequestID(0)),
        .send(.decide(.commit), to: "a"), .send(.decide(.commit), to: "b"),
        .cancel(.acks),
      ])
  }

  @Test func `Who does not acknowledge is gone, and the others commit`() {
    var c = process("c")
    c.state = .readying(Process.Round(client: RequestID(0), missing: ["b"]))
    #expect(
      c.step(.expired(.acks)) == [
        .persist(.gone("b")),
        .persist(.decided(.commit)), .reply(.decided(.commit), to: RequestID(0)),
        .send(.decide(.commit), to: "a"), .cancel(.acks),
      ])
  }

  @Test func `Votes that do not come mean abort`() {
    var c = process("c")
    _ = c.step(.asked(.commit, RequestID(0)))
    _ = c.step(.received(.vote(.yes), from: "a"))
    #expect(
      c.step(.expired(.votes)) == [
        .persist(.decided(.abort)), .reply(.decided(.abort), to: RequestID(0)),
        .send(.decide(.abort), to: "a"), .send(.decide(.abort), to: "b"), .cancel(.votes),
      ])
  }

  @Test func `A participant that nobody asks aborts, and says no for ever`() {
    var a = process("a")
    _ = a.step(.asked(.work(.update), RequestID(0)))
    #expect(a.step(.expired(.request)) == [.note(.decided(.abort)), .cancel(.request)])
    #expect(a.step(.received(.canCommit, from: "c")) == [.send(.vote(.no), to: "c")])
  }
}
