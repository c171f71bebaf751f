import CAP
import Lab
import ProtocolCore
import SharedStorage
import Testing

/// Whom a node blames for a message that no correct peer sends; and that no input stops it.
struct InputTests {
  @Test(arguments: Variant.allCases)
  func `No correct peer is blamed`(variant: Variant) throws {
    let simulator = Simulator(try Cluster<CAPModel>(CAPModel.topology(3), variant: variant))
    for seed: UInt64 in 0..<60 {
      var choices = Choices(seed: seed)
      let profile = FaultProfile(within: Fault.usual, by: &choices)
      let notes = simulator.run(seed: seed, profile: profile).tally.notes.keys
      #expect(!notes.contains { $0.contains("unexpected") }, "seed \(seed)")
    }
  }

  private static let version = Version(Tag(2, "b"), 5)

  private static let contents: Contents = {
    var contents = Contents()
    contents["x"] = version
    return contents
  }()

  private static let messages: [Words.Message] = [
    .query(1, "x"), .version(1, version), .version(1, nil), .store(1, "x", version), .stored(1),
    .rejoin(1, contents), .copies(1, contents, isAvailable: true),
    .copies(9, contents, isAvailable: false), .replicate(1, 1, "x", version),
    .replicate(7, 1, "x", nil), .replicated(1, 1), .viewed(View(3, "b")),
    .join(1, View(1, "a"), contents),
    .join(4, View(3, "b"), contents), .joined(1), .joined(3),
    .install(View(3, "b"), contents), .spread(contents), .ask(1, "x"), .tell(1, contents, done: 1),
    .submit(1, "x", 5), .submit(-1, "x", 5), .submitted(1, contents),
  ]

  @Test(arguments: Variant.allCases)
  func `Whatever comes in, in whatever order, a node goes on`(variant: Variant) throws {
    let topology = CAPModel.topology(3)
    var choices = Choices(seed: 7)
    for member in topology {
      for _ in 0..<60 {
        var node = try CAPModel.node(for: member, in: topology, variant: variant, without: [])
        _ = node.step(.started([]))
        for number in 0..<20 {
          let event: Event<Words> =
            switch choices.below(5) {
            case 0: .asked(.write("x", number), RequestID(number))
            case 1: .asked(.read("x"), RequestID(number))
            case 2: .asked(.promote, RequestID(number))
            case 3: .expired([.attempt(1), .resend, .join, .gossip][choices.below(4)])
            default:
              .received(
                Self.messages[choices.below(Self.messages.count)],
                from: ["a", "b", "z"][
                  choices.below(3)])
            }
          _ = node.step(event)
        }
        _ = node.step(.started([.installed(View(2, "b"), Self.contents), .attempted(4)]))
      }
    }
  }

  @Test func `What belongs to another store is blamed`() throws {
    let topology = CAPModel.topology(3)
    let foreign: [(Variant, Words.Message)] = [
      (.writeBack, .ask(1, "x")), (.synchronous, .query(1, "x")), (.availableCopies, .joined(1)),
      (.bothAnswer, .stored(1)), (.connected, .rejoin(1, Contents())),
    ]
    for (variant, message) in foreign {
      var node = try CAPModel.node(
        for: topology[0], in: topology, variant: variant, without: [])
      _ = node.step(.started([]))
      #expect(
        node.step(.received(message, from: "b")) == [.note(.unexpected(message, from: "b"))])
    }
  }
}
