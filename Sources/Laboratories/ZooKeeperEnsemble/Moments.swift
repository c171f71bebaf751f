import Lab
import ProtocolCore
import ZAB
import ZooKeeper
import ZooKeeperEnsemble

/// The moments from which an ensemble is simulated: a leader serves and clients have sessions, and
/// something has begun that chance seldom begins.
enum Moments {
  typealias Words = ZooKeeperEnsembleModel.Words
  typealias Acts = [Act<Words>]
  typealias System = SystemState<ZooKeeperEnsembleModel>

  // MARK: Where an election may answer anything

  /// a leads epoch 1, with b and c; x has a session at a, and y at b.
  static let led: Acts = played { system in begin(&system) }

  /// x has made a node by a and c, and is answered; b has not heard of it.
  static let ahead: Acts = played { system in
    var acts = begin(&system)
    acts += perform([asked("x", "create /a 1")] + deliver("x", "a") + store("a"), on: &system)
    acts += commit(with: "c", on: &system)
    return acts + perform(deliver("a", "x"), on: &system)
  }

  /// a is cut off and has not noticed; b leads epoch 2 with c, y has made a node there, and its
  /// connection is gone.
  static let deposed: Acts = played { system in
    var acts = depose(&system)
    acts += perform([asked("y", "create /a 1")], on: &system) + system.deliverAll()
    return acts + perform(parted("y", "c"), on: &system)
  }

  /// The same, but y has only heard of the node by its watch, and not that it has made it.
  static let told: Acts = played { system in
    var acts = depose(&system)
    acts += perform([asked("y", "stat -w /a")], on: &system) + system.deliverAll()
    acts += perform(
      [asked("y", "create /a 1")] + deliver("y", "c") + deliver("c", "b") + store("b"), on: &system)
    acts += perform(
      deliver("b", "c") + store("c") + deliver("c", "b") + deliver("b", "c"), on: &system)
    acts += perform([.sever("c", "y", .clients), .lose(Link(from: "c", to: "y"), 1)], on: &system)
    return acts + perform(deliver("c", "y", 2) + deliver("y", "c"), on: &system)
  }

  /// The session of x has expired, as a and c know, and b does not; x has heard that its connection
  /// is gone.
  static let over: Acts = played { system in
    var acts = begin(&system)
    acts += perform([sessionExpired(0, in: system)] + store("a"), on: &system)
    acts += commit(with: "c", on: &system)
    return acts + perform(deliver("a", "x"), on: &system)
  }

  /// What y has asked is under way from b to the leader, and y has its session at c meanwhile.
  static let underWay: Acts = played { system in
    var acts = begin(&system)
    acts += perform(
      [asked("y", "create /a 1")] + deliver("y", "b") + parted("y", "b"), on: &system)
    acts += perform([.expire("y", .dial)], on: &system)
    for (from, to) in [("y", "c"), ("c", "a"), ("a", "c"), ("c", "y")] as [(NodeID, NodeID)] {
      acts += perform(deliver(from, to), on: &system)
    }
    return acts
  }

  /// What y has asked of b is proposed, and y comes with its session to c, which has not heard of
  /// that.
  static let proposed: Acts = played { system in
    begin(&system)
      + perform(
        [asked("y", "create /a 1")] + deliver("y", "b") + deliver("b", "a") + store("a")
          + parted("y", "b") + dials("y", "c"), on: &system)
  }

  /// The connection of y breaks, and b has not heard of that.
  static let parting: Acts = played { system in
    begin(&system) + perform([.sever("y", "b", .clients)], on: &system)
  }

  /// a has stopped, and the last that it had committed b lacks, whom c takes for its leader.
  static let lacking: Acts = played { system in
    var acts = begin(&system)
    acts += perform([asked("x", "create /a 1")] + deliver("x", "a") + store("a"), on: &system)
    acts += commit(with: "c", on: &system)
    acts += perform([.crash("a", losing: 0, unsent: 0)], on: &system)
    let link = Link(from: "a", to: "b")
    acts += perform([.lose(link, 0), .lose(link, 0)], on: &system) + system.deliverAll()
    return acts + perform(elected("b", at: "b") + elected("b", at: "c"), on: &system)
  }

  /// b has started again, and the first to ask it for a session is x; y has one that began there.
  static let countedAnew: Acts = played { system in
    var acts = begin(&system) + perform([.crash("b", losing: 0, unsent: 0)], on: &system)
    acts += system.deliverAll()
    acts += perform([.restart("b")] + elected("a", at: "b"), on: &system) + system.deliverAll()
    acts += perform([asked("x", "close")], on: &system) + system.deliverAll()
    return acts + perform(dials("x", "b"), on: &system)
  }

  /// x has stopped, y has left b, and its server c asks the leader for its session, twice.
  ///
  /// y was there, at the leader and at b meanwhile; the leader has answered the first.
  static let askedTwice: Acts = played { system in
    var acts = begin(&system) + perform([.crash("x", losing: 0, unsent: 0)], on: &system)
    acts += perform(parted("y", "b") + dials("y", "c"), on: &system)
    acts += perform([.expire("y", .silence)] + deliver("y", "c") + dials("y", "a"), on: &system)
    acts += perform([.expire("y", .silence)] + deliver("y", "a"), on: &system)
    acts += perform([.expire("y", .dial), .expire("y", .silence)], on: &system)
    return acts + perform(dials("y", "c") + deliver("c", "a"), on: &system)
  }

  /// y has asked b for a session; b has stopped and started again, and has learnt that the session
  /// is proposed; now x has asked b for one.
  static let openedAgain: Acts = played { system in
    var acts = perform(
      elected("a", at: "a") + elected("a", at: "b") + elected("a", at: "c"), on: &system)
    acts += system.deliverAll()
    acts += perform(dials("y", "b") + deliver("b", "a"), on: &system)
    acts += perform(
      [.crash("b", losing: 0, unsent: 0)] + deliver("b", "a") + [.restart("b")]
        + elected("a", at: "b") + deliver("b", "a") + deliver("a", "b") + deliver("b", "a")
        + deliver("a", "b", 3) + store("b") + deliver("b", "a") + deliver("a", "b"), on: &system)
    acts += perform(
      [.expire("x", .dial), .expire("x", .silence)] + dials("x", "b"), on: &system)
    return acts
  }

  /// Two writes of x are outstanding, and what y has asked is under way from b to the leader.
  static let busy: Acts = played { system in
    let acts = begin(&system)
    return acts
      + perform(
        [asked("x", "create /a 1"), asked("x", "create /b 1")] + deliver("x", "a", 2) + store("a")
          + [asked("y", "create /c 1")] + deliver("y", "b"), on: &system)
  }

  /// There is a node, and what x sets there is outstanding.
  static let changing: Acts = played { system in
    var acts = begin(&system) + perform([asked("x", "create /a 1")], on: &system)
    acts += system.deliverAll()
    return acts + perform([asked("x", "set /a 2")] + deliver("x", "a") + store("a"), on: &system)
  }

  /// y closes its session, that is under way from b to the leader, and the leader has it expired.
  static let ending: Acts = played { system in
    let acts = begin(&system) + perform([asked("y", "close")] + deliver("y", "b"), on: &system)
    return acts + perform([sessionExpired(1, in: system)], on: &system)
  }

  /// y closes its session, that is under way from b to the leader, and its connection is gone; it
  /// connects to c.
  static let closing: Acts = played { system in
    begin(&system)
      + perform(
        [asked("y", "close")] + deliver("y", "b") + parted("y", "b") + [.expire("y", .dial)],
        on: &system)
  }

  /// The leader has proposed that the session of x has expired.
  static let expiring: Acts = played { system in
    begin(&system) + perform([sessionExpired(0, in: system)], on: &system)
  }

  /// a has stopped, b leads epoch 2 with c, and clients have no connection.
  static let succeeded: Acts = played { system in
    var acts = begin(&system) + perform([.crash("a", losing: 0, unsent: 0)], on: &system)
    acts += system.deliverAll()
    acts += perform(elected("b", at: "b") + elected("b", at: "c"), on: &system)
    return acts + system.deliverAll()
  }

  /// y has made a node that goes with its session.
  static let owning: Acts = played { system in
    let acts = begin(&system) + perform([asked("y", "create -e /e y")], on: &system)
    return acts + system.deliverAll()
  }

  /// There is a node, and y watches it and its parent.
  static let watching: Acts = played { system in watching(&system) }

  /// There is a node, y watches it and its parent, and its connection is gone.
  static let watched: Acts = played { system in
    watching(&system) + perform(parted("y", "b"), on: &system)
  }

  /// The same, and b has lost its leader; meanwhile so much was made that its leader has no log of
  /// all of that, and b hears that this is its leader.
  static let missed: Acts = played { system in
    var acts = watching(&system) + perform(parted("b", "a"), on: &system)
    for text in ["set /a 2", "set /a 3", "set /a 4", "set /a 5", "set /a 6"] {
      acts += perform([asked("x", text)] + deliver("x", "a") + store("a"), on: &system)
      acts += commit(with: "c", on: &system)
    }
    return acts + perform(elected("a", at: "b"), on: &system)
  }

  /// The same, x has deleted the node, and of two events only the first has reached y.
  static let halfTold: Acts = played { system in
    var acts = watching(&system)
    acts += perform([asked("x", "delete /a")] + deliver("x", "a") + store("a"), on: &system)
    acts += commit(with: "b", on: &system)
    acts += perform(deliver("a", "b"), on: &system)
    acts += perform([.sever("b", "y", .clients), .lose(Link(from: "b", to: "y"), 1)], on: &system)
    return acts + perform(deliver("b", "y", 2) + deliver("y", "b"), on: &system)
  }

  /// There are nodes that a multi can change, and not change.
  static let bothThere: Acts = played { system in
    var acts = begin(&system)
    acts += perform([asked("x", "create /a 1")], on: &system) + system.deliverAll()
    return acts + perform([asked("x", "multi create /b 3 + check -v 7 /a")], on: &system)
  }

  /// c is behind all that a keeps in its log, and connects to it; what x has asked last is proposed
  /// and not committed.
  static let behind: Acts = played { system in
    var acts = begin(&system) + perform(parted("c", "a"), on: &system)
    for name in ["/a", "/b", "/c", "/d"] {
      acts += perform([asked("x", "create \(name) 1")], on: &system) + system.deliverAll()
    }
    acts += perform(
      [asked("x", "create /e 1")] + deliver("x", "a") + store("a") + elected("a", at: "c"),
      on: &system)
    return acts
  }

  // MARK: With real elections

  /// c leads epoch 1, since its name is the greatest, and both clients have sessions.
  static let settled: Acts = played(.usual) { system in
    system.quiesce(until: [.atRest], repaired: false).acts
  }

  /// The same, and y has made a node, of which x has not asked.
  static let made: Acts = played(.usual) { system in
    let acts = system.quiesce(until: [.atRest], repaired: false).acts
    return acts + perform([asked("y", "create /a 1")], on: &system) + system.deliverAll()
  }

  /// c leads; a is cut off, serves reads, and has written what c alone has, too; x has no session
  /// and connects to a.
  static let apart: Acts = played(.readOnly) { system in
    var acts = system.quiesce(until: [.atRest], repaired: false).acts
    acts += perform([asked("x", "close")], on: &system) + system.deliverAll()
    acts += perform([asked("y", "create /a 1")], on: &system)
    for link in [("y", "b"), ("b", "c"), ("y", "c"), ("y", "a"), ("a", "c")] as [(NodeID, NodeID)] {
      acts += perform(deliver(link.0, link.1), on: &system)
    }
    acts += perform(deliver("c", "a") + store("a") + cutOff, on: &system)
    return acts + dial("x", on: &system)
  }

  /// c leads; the session of x has expired, as all know but x; a is cut off, and serves reads; x
  /// connects to a.
  static let overApart: Acts = played(.readOnly) { system in
    var acts = system.quiesce(until: [.atRest], repaired: false).acts
    if let server = system.client("x")?.server { acts += perform(parted("x", server), on: &system) }
    let session = system.client("x")?.session ?? .none
    acts += perform([.expire("c", .session(session))], on: &system) + system.deliverAll()
    acts += perform(cutOff, on: &system)
    return acts + dial("x", on: &system)
  }

  /// c leads; a is cut off, and serves reads; y, which does not put up with that, connects to a.
  static let demanding: Acts = played(.readOnly) { system in
    var acts = system.quiesce(until: [.atRest], repaired: false).acts
    acts += perform([asked("y", "close")], on: &system) + system.deliverAll()
    return acts + perform(cutOff, on: &system) + dial("y", on: &system)
  }

  // MARK: What they are made of

  private static func begin(_ system: inout System) -> Acts {
    var acts = perform(
      elected("a", at: "a") + elected("a", at: "b") + elected("a", at: "c"), on: &system)
    acts += system.deliverAll()
    acts += perform([.expire("x", .dial)], on: &system) + system.deliverAll()
    return acts + perform([.expire("y", .dial)], on: &system) + system.deliverAll()
  }

  /// a is cut off, notices that, and serves reads.
  private static var cutOff: Acts {
    [
      .cut(Link.between(["a"], and: ["b", "c"])), .expire("a", .peer(.syncLimit)),
      .expire("a", .readOnly),
    ]
  }

  /// A client tries its servers until it is about to connect to a.
  private static func dial(_ client: NodeID, on system: inout System) -> Acts {
    var acts = perform([.expire(client, .dial)], on: &system)
    while let server = system.client(client)?.server, server != "a", acts.count < 12 {
      acts += perform(
        [.sever(client, server, .clients), .lose(Link(from: client, to: server), 0)]
          + deliver(client, server) + deliver(server, client) + [.expire(client, .dial)],
        on: &system)
    }
    return acts
  }

  private static func depose(_ system: inout System) -> Acts {
    var acts = begin(&system)
    acts += perform([.cut(Link.between(["a"], and: ["b", "c"]))], on: &system)
    acts += perform(
      [.expire("b", .peer(.syncLimit)), .expire("c", .peer(.syncLimit))], on: &system)
    acts += system.deliverAll()
    acts += perform(elected("b", at: "b") + elected("b", at: "c"), on: &system)
    acts += system.deliverAll()
    return acts + perform([.expire("y", .dial)], on: &system) + system.deliverAll()
  }

  private static func watching(_ system: inout System) -> Acts {
    var acts = begin(&system)
    for (client, text) in [("x", "create /a 1"), ("y", "get -w /a"), ("y", "ls -w /")] {
      acts += perform([asked(NodeID(client), text)], on: &system) + system.deliverAll()
    }
    return acts
  }

  /// A process asks its client library, and nobody waits for the answer.
  private static func asked(_ client: NodeID, _ text: String) -> Act<Words> {
    .ask(client, ZooKeeperEnsemble.Call(reading: text) ?? .init(.sync(path: "/")))
  }

  /// What a has proposed last is written by another, and committed; that one has heard of it.
  private static func commit(with voter: NodeID, on system: inout System) -> Acts {
    perform(deliver("a", voter) + store(voter) + deliver(voter, "a"), on: &system)
      + perform(deliver("a", voter), on: &system)
  }

  /// Of the sessions that a watches over one expires.
  private static func sessionExpired(_ place: Int, in system: System) -> Act<Words> {
    let host = system.hosts.first { $0.id == "a" }
    let timers = host?.alarms.map(\.timer).filter { if case .session = $0 { true } else { false } }
    guard let timers, timers.indices.contains(place) else { return .heal }
    return .expire("a", timers[place])
  }

  /// A client connects to the server whose turn it is, and that hears of it.
  private static func dials(_ client: NodeID, _ server: NodeID) -> Acts {
    [.expire(client, .dial)] + deliver(client, server)
  }

  /// So many messages arrive, one after the other.
  private static func deliver(_ from: NodeID, _ to: NodeID, _ count: Int = 1) -> Acts {
    (0..<count).map { _ in .deliver(Link(from: from, to: to), 0) }
  }

  /// A disk stores all.
  private static func store(_ server: NodeID) -> Acts { [.store(server, first: nil)] }

  /// A server comes to know a leader.
  private static func elected(_ leader: NodeID, at server: NodeID) -> Acts {
    [.expire(server, .peer(.elected(leader)))]
  }

  /// The connection between two breaks, and both have heard of it.
  private static func parted(_ a: NodeID, _ b: NodeID) -> Acts {
    let isClient = a == "x" || a == "y"
    return [.sever(a, b, isClient ? .clients : .main)] + deliver(a, b) + deliver(b, a)
  }

  private static func played(
    _ variant: ZooKeeperEnsemble.Variant = .any, _ play: (inout System) -> Acts
  ) -> Acts {
    guard
      let cluster = try? Cluster<ZooKeeperEnsembleModel>(
        ZooKeeperEnsembleModel.topology(3), variant: variant)
    else { return [] }
    var system = SystemState(cluster)
    return play(&system)
  }

  /// Performs acts; returns those that could happen.
  private static func perform(_ acts: Acts, on system: inout System) -> Acts {
    acts.filter { (try? system.perform($0)) != nil }
  }
}

extension SystemState<ZooKeeperEnsembleModel> {
  /// A client, if it is up.
  fileprivate func client(_ id: NodeID) -> ZooKeeperEnsemble.Client? {
    hosts.first { $0.id == id }?.node?.client
  }
}
