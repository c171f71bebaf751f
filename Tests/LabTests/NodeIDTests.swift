import ProtocolCore
import Testing

struct NodeIDTests {
  /// Around 7, 15 and 16 bytes the name is kept in another way.
  @Test(arguments: [
    "", "a", "s10", "sevenby", "eightbyt", "fourteen-bytes", "fifteen--bytes-", "sixteen---bytes-",
    "a name that is longer than any that a run would write", "ä", "节点", "节点节点节", "节点节点节点",
  ])
  func `A name comes back as it was given`(name: String) {
    #expect(NodeID(name).name == name)
    #expect(NodeID(name) == NodeID(name))
    #expect(NodeID(name + "x") != NodeID(name))
    #expect("\(NodeID(name))" == name)
  }

  @Test func `Shorter names come first, then the letters decide`() {
    let names = [
      "", "a", "b", "s2", "s9", "s10", "s11", "fifteen--bytes-", "sixteen---bytes-",
      "sixteen---bytez-", "seventeen---bytes",
    ]
    let ids = names.map { NodeID($0) }
    #expect(ids.shuffled().sorted().map(\.name) == names)
    #expect(zip(ids, ids.dropFirst()).allSatisfy { $0 < $1 && !($1 < $0) })
    #expect(!(NodeID("same") < NodeID("same")))
  }
}
