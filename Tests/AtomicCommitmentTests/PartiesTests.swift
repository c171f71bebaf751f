import AtomicCommitment
import ProtocolCore
import Testing

struct PartiesTests {
  typealias Node = Member<Commitment.Role>

  @Test func `The usual topology is one`() throws {
    let topology: [Node] = Commitment.topology(3)
    #expect(topology.map(\.description).first == "c coordinator(a b d)")
    let parties = try Commitment.Parties(topology)
    #expect(parties.coordinator == "c")
    #expect(parties.participants == ["a", "b", "d"])
    #expect(Commitment.processes(of: Array(topology.reversed())).first == "c")
  }

  @Test(arguments: [
    ([Node("a", .participant)], "one of the nodes must be the coordinator"),
    ([], "one of the nodes must be the coordinator"),
    (
      [Node("c", .coordinator), Node("d", .coordinator)], "there can be only one coordinator"
    ),
    ([Node("c", .coordinator, ["a"])], "no node is called 'a'"),
    ([Node("c", .coordinator, ["c"])], "no node is called 'c'"),
    (
      [Node("c", .coordinator, ["a"]), Node("a", .participant, ["c"])],
      "a participant takes no arguments"
    ),
    (
      [Node("c", .coordinator), Node("a", .participant)], "the coordinator does not know a"
    ),
    (
      [Node("c", .coordinator, ["a", "a"]), Node("a", .participant)],
      "the coordinator names a participant twice"
    ),
  ])
  func `A topology that is none is refused`(topology: [Node], reason: String) {
    #expect {
      try Commitment.Parties(topology)
    } throws: {
      "\($0)" == reason
    }
  }
}
