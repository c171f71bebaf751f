import Lab
import ProtocolCore
import Testing

/// Streams: simulated, explored, broken, replayed.
struct StreamTests {
  private func cluster(
    asking requests: [Writer.Words.Request], of node: NodeID = "a",
    _ change: (inout Bounds) -> Void = { _ in }
  ) throws -> Cluster<Letters> {
    var bounds = Bounds(crashes: 0, losses: 0, duplicates: 0, expiries: 2)
    bounds.severs = 0
    change(&bounds)
    var cluster = try Cluster<Letters>(Letters.topology(2), bounds: bounds)
    cluster.asks = requests.map { Ask(node, oneOf: [$0]) }
    return cluster
  }

  private func compare(_ cluster: Cluster<Letters>) {
    let layers = Naive(cluster: cluster).layers()
    var explorer = Explorer(cluster)
    explorer.judged = [.inOrder]
    let found = explorer.explore()
    #expect(found.ending == .exhausted)
    #expect(found.states == layers.reduce(0, +))
    #expect(found.depth == layers.count - 1)
  }

  @Test func `A stream has as many states as whole systems, whatever ends it`() throws {
    compare(try cluster(asking: [.write, .write, .part]))
    compare(try cluster(asking: [.write, .part, .write]) { $0.losses = 1 })
    compare(try cluster(asking: [.write]) { $0.severs = 2 })
    compare(try cluster(asking: [.write]) { $0.crashes = 1 })
    compare(
      try cluster(asking: [.write, .part]) {
        $0.cuts = 1
        $0.severs = 1
        $0.losses = 2
      })
    // Both open it.
    var both = try cluster(asking: [.write]) { $0.crashes = 1 }
    both.asks += [Ask("b", oneOf: [.write])]
    compare(both)
  }

  @Test func `On a stream nothing overtakes, is doubled or comes from an old connection`() throws {
    let cluster = try cluster(asking: [.write, .write]) {
      $0.crashes = 1
      $0.severs = 1
      $0.losses = 1
      $0.duplicates = 1
      $0.cuts = 1
    }
    var explorer = Explorer(cluster)
    explorer.judged = [.inOrder, .bothRounds]
    let found = explorer.explore()
    #expect(found.ending == .exhausted)
    #expect(found.witnesses[.bothRounds] != nil)
    var campaign = Campaign(Simulator(cluster))
    campaign.run(500)
    #expect(campaign.failure?.violated == nil)
    #expect(campaign.tally.severs > 20)
    #expect(campaign.missing == [])
  }

  /// A transport that keeps what was under way on the old connection, or lets the later go first.
  @Test(arguments: [
    ("keepsOld", "what was sent on the old connection goes on the new one"),
    ("overtakes", "the second of two messages goes first"),
  ])
  func `What a bad transport does is caught`(name: String, sentence: String) throws {
    var cluster = try cluster(asking: [.write, .write]) { $0.severs = 1 }
    cluster.flaw = Flaw<Writer>(name, sentence) { node, event in
      let before = node.round
      var effects = node.step(event)
      if name == "overtakes" {
        let sends = effects.filter(\.isSend)
        effects = effects.filter { !$0.isSend } + sends.reversed()
      } else if node.round == 2, before == 1 {
        effects.insert(.send(Writer.Words.Message(round: 1, number: 2), to: "b"), at: 2)
      }
      return effects
    }
    var explorer = Explorer(cluster)
    explorer.judged = [.inOrder]
    guard case .violated(.inOrder, let acts) = explorer.explore().ending else {
      Issue.record("\(name) was not found")
      return
    }
    var example = Counterexample(
      cluster: cluster, violated: .inOrder, acts: acts, foundWith: acts.count)
    example.minimize()
    #expect(example.acts.count <= acts.count)
    var campaign = Campaign(Simulator(cluster))
    campaign.run(200)
    #expect(campaign.failure?.violated == .inOrder)
  }

  @Test func `A run on streams is written, read and replayed`() throws {
    let cluster = try cluster(asking: [.write, .part, .write]) {
      $0.severs = 2
      $0.losses = 2
    }
    for seed in 0..<30 as Range<UInt64> {
      let run = Simulator(cluster).run(seed: seed)
      let text = RunFile.text(
        id: "LETTERS-1", title: "seed", cluster: cluster, acts: run.acts,
        checks: ["holds inOrder"])
      let playback = try Playback<Letters>(RunFile(text, path: "x.run"))
      #expect(playback.failures.map(\.description) == [])
      #expect(playback.acts == run.acts)
    }
  }

  @Test func `A script tells a lost tail, an end and what may not be`() throws {
    func play(_ acts: String) throws -> [String] {
      try Playback<Letters>(
        RunFile("run     LETTERS-2  a script\nnodes   a node, b node\n" + acts, path: "x.run")
      ).failures.map(\.description)
    }
    let whole = try play(
      """
      > ask a write ; store a ; sever a b ; lose a->b 1.2 ; deliver a->b 1.1 ; deliver a→b end
          a ⤓ Record(round: 1)   a ⇄ b   a ● begun(1)   a → b 1.1  held   a → b 1.2  held
          a → b 1.1   a → b 1.2   b ● heard(1.1, from: a)   b ● ended(a)
      > deliver b->a end ; ask b part ; ask a write ; crash b ; store a
          a ● ended(b)   b ⇹ a   a ⤓ Record(round: 2)   a ⇄ b   a ● begun(2)
          a → b 2.1  held   a → b 2.2  held   a → b 2.1  no stream   a → b 2.2  no stream
      """)
    #expect(whole == [])
    let begin = "> ask a write ; store a ; "
    for (act, complaint) in [
      ("deliver a->b 1.2", "another message comes first"), ("lose a->b 1.2", "loses nothing"),
      ("sever a b ; sever a b", "no such stream is open"),
    ] {
      let told = try play(begin + act).first { $0.contains("cannot happen") }
      #expect(told?.contains(complaint) == true)
    }
  }
}

extension Effect {
  fileprivate var isSend: Bool {
    if case .send = self { true } else { false }
  }
}
