import BASE
import Lab
import ProtocolCore
import Testing

/// Whom a node blames for a message that no correct peer sends; and that no input stops it.
struct InputTests {
  @Test(arguments: Variant.allCases)
  func `No correct peer is blamed`(variant: Variant) throws {
    let simulator = Simulator(try Cluster<BASEModel>(BASEModel.topology(2), variant: variant))
    for seed: UInt64 in 0..<60 {
      let notes = simulator.run(seed: seed).tally.notes.keys
      #expect(!notes.contains { $0.contains("unexpected") }, "seed \(seed)")
    }
  }

  private static let cell: Cell = {
    var cell = Cell()
    cell.write(4, over: VersionVector(), at: "b")
    return cell
  }()

  private static let messages: [Words.Message] = [
    .get(1, "x", VersionVector()), .get(1, "x", cell.clock), .got(1, cell),
    .put(1, "x", 3, cell.clock), .put(2, "x", nil, VersionVector()), .putDone(1, cell.clock),
    .behind(1), .store(1, "x", cell, hint: nil), .store(1, "x", cell, hint: "b"),
    .stored(1, hint: nil),
    .stored(1, hint: "b"),
    .query(1, "x"), .answer(1, "x", cell), .root(1), .leaves([1, 2, 3]), .leaves([]),
    .cells(Cells("x", cell)),
  ]

  @Test(arguments: Variant.allCases)
  func `Whatever comes in, in whatever order, a node goes on`(variant: Variant) throws {
    let topology = BASEModel.topology(2)
    var choices = Choices(seed: 7)
    for member in topology {
      for _ in 0..<60 {
        var node = try BASEModel.node(for: member, in: topology, variant: variant, without: [])
        _ = node.step(.started([]))
        for number in 0..<20 {
          let event: Event<Words> =
            switch choices.below(4) {
            case 0: .asked(.write("x", number), RequestID(number))
            case 1: .asked(.read("x"), RequestID(number))
            case 2: .expired([.attempt(1), .gossip, .handoff][choices.below(3)])
            default:
              .received(
                Self.messages[choices.below(Self.messages.count)],
                from: ["a", "b", "h"][
                  choices.below(3)])
            }
          _ = node.step(event, at: Ticks(number))
        }
        _ = node.step(.started([.hint("a", "x", Self.cell), .kept("x", Self.cell)]))
      }
    }
  }
}

/// Trees of hashes.
struct MerkleTests {
  private func cells(_ keys: Range<Int>) -> Cells {
    var cells = Cells()
    for key in keys {
      var cell = Cell()
      cell.write(key, over: VersionVector(), at: "a")
      cells["key-\(key)"] = cell
    }
    return cells
  }

  @Test func `Trees over the same cells are the same, and others differ in the bucket`() {
    let tree = MerkleTree(cells(0..<40))
    #expect(tree == MerkleTree(cells(0..<40)))
    #expect(MerkleTree(leaves: tree.leaves) == tree)
    for key in 0..<40 {
      var other = cells(0..<40)
      other["key-\(key)"].write(99, over: VersionVector(), at: "b")
      let found = tree.differences(from: MerkleTree(other)).buckets
      #expect(found == [MerkleTree.bucket(of: "key-\(key)")])
    }
  }
}
