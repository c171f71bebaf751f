import Lab
import ProtocolCore
import Testing

/// Clients: they wait, are refused, ask again, and what they see is judged.
struct ClientTests {
  typealias Words = Keeper.Words

  private func cluster(
    crashes: Int = 1, flaw: Flaw<Keeper>? = nil, insists: Bool = true
  ) throws -> Cluster<Register> {
    var cluster = try Cluster<Register>(
      Register.topology(2), flaw: flaw,
      bounds: Bounds(crashes: crashes, losses: 0, duplicates: 0, expiries: 0))
    cluster.asks = [
      Ask("x", of: ["a", "b"], oneOf: [.put(1)], insists: insists),
      Ask("x", of: ["b", "a"], oneOf: [.get], insists: insists),
      Ask("y", of: ["a", "b"], oneOf: [.put(2), .get], insists: insists),
    ]
    return cluster
  }

  @Test(arguments: [0, 1, 2], [true, false])
  func `Clients have as many states as whole systems`(crashes: Int, insists: Bool) throws {
    var cluster = try cluster(crashes: crashes, insists: insists)
    if crashes == 0 { cluster.bounds.abandons = 1 }
    let layers = Naive(cluster: cluster).layers()
    var explorer = Explorer(cluster)
    explorer.judged = [.once]
    let found = explorer.explore()
    #expect(found.ending == .exhausted)
    #expect(found.states == layers.reduce(0, +))
    #expect(found.depth == layers.count - 1)
  }

  @Test func `What is refused is asked again, and all is answered in the end`() throws {
    let cluster = try cluster()
    let found = Explorer(cluster).explore()
    #expect(found.ending == .exhausted)
    var campaign = Campaign(Simulator(cluster))
    campaign.run(300)
    #expect(campaign.failure?.violated == nil)
  }

  /// A reader may see what is lost in a crash; a second answer reaches nobody, and is told.
  @Test(arguments: [
    ("answersEarly", Register.Property.fresh), ("answersTwice", .once), ("answersNobody", .served),
  ])
  func `What clients must not see is caught`(
    name: String, property: Register.Property
  ) throws {
    let flaw = Keeper.flaw(name)
    let cluster = try cluster(flaw: flaw)
    guard case .violated(property, let acts) = Explorer(cluster).explore().ending else {
      Issue.record("\(name) is not caught")
      return
    }
    let example = Counterexample(
      cluster: cluster, violated: property, acts: acts, foundWith: acts.count)
    #expect(example.fails(acts))
    var campaign = Campaign(Simulator(cluster))
    campaign.run(400)
    #expect(campaign.failure?.violated == property)
  }

  @Test func `A number is free again when it was answered, so refusals make no states`() throws {
    var system = SystemState(try cluster(crashes: 0))
    for _ in 0..<3 { try system.perform(.ask("b", .get, by: "x")) }
    let step = try system.perform(.ask("b", .get, by: "x"))
    #expect(step.incidents.first?.happening == .asked(.get, RequestID(0)))
    #expect(step.seen.map(\.event) == [.invoked(.get), .refused(.notMe)])
    _ = try system.perform(.ask("a", .put(1), by: "x"))
    #expect(throws: Disabled.waits("x")) { try system.perform(.ask("a", .get, by: "x")) }
    let other = try system.perform(.ask("a", .put(2), by: "y"))
    #expect(other.incidents.first?.happening == .asked(.put(2), RequestID(1)))
  }

  @Test func `A history of what clients saw is judged as any other`() throws {
    func history(_ flaw: Flaw<Keeper>?, _ acts: [Act<Words>]) throws -> String {
      ClientHistory<Register>(of: acts, in: try cluster(flaw: flaw)).text
    }
    let acts: [Act<Words>] = [
      .ask("b", .put(1), by: "x"), .ask("a", .put(1), by: "x"), .ask("a", .put(2), by: "y"),
      .store("a", first: nil), .ask("a", .get, by: "x"), .ask("a", .put(3), by: "y"),
      .crash("a", losing: 0, unsent: 0), .restart("a"), .ask("a", .get, by: "y"),
    ]
    #expect(
      try history(nil, acts) == """
        {"process": "x", "type": "invoke", "f": "write", "key": "k", "value": 1, "time": 0}
        {"process": "x", "type": "fail", "time": 0}
        {"process": "x", "type": "invoke", "f": "write", "key": "k", "value": 1, "time": 1}
        {"process": "y", "type": "invoke", "f": "write", "key": "k", "value": 2, "time": 2}
        {"process": "x", "type": "ok", "value": null, "time": 3}
        {"process": "y", "type": "ok", "value": null, "time": 3}
        {"process": "x", "type": "invoke", "f": "read", "key": "k", "value": null, "time": 4}
        {"process": "x", "type": "ok", "value": 2, "time": 4}
        {"process": "y", "type": "invoke", "f": "write", "key": "k", "value": 3, "time": 5}
        {"process": "y", "type": "info", "time": 6}
        {"process": "y.2", "type": "invoke", "f": "read", "key": "k", "value": null, "time": 8}
        {"process": "y.2", "type": "ok", "value": 3, "time": 8}

        """)
  }

  @Test func `What is asked is read from text that no list holds, by a client with an arrow`()
    throws
  {
    let text = """
      run     REGISTER-1  a number that no list holds
      nodes   a node, b node
      > ask x->a put 17 ; store a ; ask y→a get
          a ⤓ 17   a ● put(17)   a ⇒ done  held   a ⇒ done   a ⇒ value(17)
      > ask y→b get ; ask x->a put 18 ; abandon x
          b ⇒ notMe   a ⤓ 18   a ● put(18)   a ⇒ done  held
      = holds fresh once
      """
    let playback = try Playback<Register>(RunFile(text, path: "x.run"))
    #expect(playback.failures.map(\.description) == [])
    #expect(throws: RunFileError.self) {
      try Playback<Register>(
        RunFile(text + "\n> ask x->a put seventeen", path: "x.run"))
    }
  }

  @Test func `A disk that forgets is not what the register bears`() throws {
    var cluster = try cluster()
    cluster.bounds.forgettings = 1
    guard case .violated(.fresh, let acts) = Explorer(cluster).explore().ending else {
      Issue.record("nothing is violated")
      return
    }
    #expect(acts.contains { if case .forget = $0 { true } else { false } })
    let layers = Naive(cluster: cluster).layers()
    var explorer = Explorer(cluster)
    explorer.judged = [.once]
    #expect(explorer.explore().states == layers.reduce(0, +))
    var campaign = Campaign(Simulator(cluster))
    campaign.run(600)
    #expect(campaign.failure?.violated == .fresh)
  }
}
