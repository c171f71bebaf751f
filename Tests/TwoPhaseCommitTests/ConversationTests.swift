import AtomicCommitment
import ProtocolCore
import Testing
import TwoPhaseCommit

struct ConversationTests {
  @Test func `A participant writes yes down before it says yes`() {
    var participant = Participant(coordinator: "c", peers: ["b"])
    #expect(participant.step(.asked(.work(.update), RequestID(0))).count == 1)
    #expect(
      participant.step(.received(.prepare, from: "c")) == [
        .cancel(.request),
        .persist(.yes),
        .send(.vote(.yes), to: "c", .whenStored),
        .set(.decision, after: 30...40),
      ])
  }

  @Test func `A coordinator commits when the last yes is in`() {
    var coordinator = Coordinator(participants: ["a", "b"], presumption: .abort)
    #expect(
      coordinator.step(.asked(.commit, RequestID(0))) == [
        .send(.prepare, to: "a", .atOnce),
        .send(.prepare, to: "b", .atOnce),
        .set(.votes, after: 30...40),
      ])
    #expect(coordinator.step(.received(.vote(.yes), from: "a")) == [])
    #expect(coordinator.step(.received(.vote(.yes), from: "a")) == [])
    #expect(
      coordinator.step(.received(.vote(.yes), from: "b")) == [
        .cancel(.votes),
        .persist(.decided(.commit)),
        .reply(.decided(.commit), to: RequestID(0)),
        .send(.decide(.commit), to: "a"),
        .send(.decide(.commit), to: "b"),
        .set(.acks, after: 30...40),
      ])
    #expect(coordinator.step(.stored([.decided(.commit)])) == [.note(.decided(.commit))])
  }
}
