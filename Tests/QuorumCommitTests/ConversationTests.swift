import AtomicCommitment
import ProtocolCore
import QuorumCommit
import Testing

struct ConversationTests {
  /// A participant that has voted yes.
  private func inDoubt(_ variant: Variant) -> Process {
    var process = Process("a", of: ["c", "a", "b"], variant: variant)
    _ = process.step(.asked(.work(.update), RequestID(0)))
    #expect(
      process.step(.received(.canCommit, from: "c")) == [
        .persist(.yes), .send(.vote(.yes), to: "c", .whenStored), .cancel(.request),
        .set(.leader, after: 60...120),
      ])
    return process
  }

  @Test func `Where sides are kept, who is in preCommit does not hear of preAbort`() {
    var process = inDoubt(.quorum)
    #expect(
      process.step(.received(.attempt(.commit, 1), from: "c")) == [
        .persist(.attempt(.commit, 1)), .send(.ack(.commit, 1), to: "c", .whenStored),
        .set(.leader, after: 60...120),
      ])
    #expect(process.step(.received(.attempt(.abort, 1), from: "b")) == [])
    #expect(process.description == "preCommit")
  }

  @Test func `Where the latest attempt counts, it changes sides in a later election`() {
    var process = inDoubt(.enhanced)
    _ = process.step(.received(.attempt(.commit, 1), from: "c"))
    // Of an election that it took no part in.
    #expect(process.step(.received(.attempt(.abort, 2), from: "b")) == [])
    #expect(
      process.step(.received(.stateRequest(2), from: "b")).prefix(1) == [.persist(.elected(2))])
    #expect(process.description == "preCommit of 1, elected 2")
    #expect(process.step(.received(.stateRequest(2), from: "c")) == [])
    #expect(
      process.step(.received(.attempt(.abort, 2), from: "b")).prefix(2) == [
        .persist(.attempt(.abort, 2)), .send(.ack(.abort, 2), to: "b", .whenStored),
      ])
    // Late, of an election that is over.
    #expect(process.step(.received(.attempt(.commit, 1), from: "c")) == [])
  }

  @Test func `A leader of a majority does not wait for the third`() {
    var process = inDoubt(.enhanced)
    _ = process.step(.expired(.leader))
    let answer = Words.Message.state(Standing(elected: 2))
    #expect(
      process.step(.received(answer, from: "b")).prefix(2) == [
        .persist(.attempt(.abort, 2)), .send(.attempt(.abort, 2), to: "b"),
      ])
  }

  @Test func `Of elections and attempts the disk holds the last`() {
    var disk: [Words.Record] = []
    for record in [
      .yes, .attempt(.commit, 1), .elected(2), .elected(3), .attempt(.abort, 3),
    ] as [Words.Record] {
      Words.settle(record, on: &disk)
    }
    #expect(disk == [.yes, .elected(3), .attempt(.abort, 3)])
  }
}
