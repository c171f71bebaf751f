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
    var acts = begin(&system)
    acts += perform([.cut(Link.between(["a"], and: ["b", "c"]))], on: &system)
    acts += perform(
      [.expire("b", .peer(.syncLimit)), .expire("c", .peer(.syncLimit))], on: &system)
    acts += system.deliverAll()
    acts += perform(elected("b", at: "b") + elected("b", at: "c"), on: &system)
    acts += system.deliverAll()
    acts += perform([.expire("y", .dial)], on: &system) + system.deliverAll()
    acts += perform([asked("y", "create /a 1")], on: &system) + system.deliverAll()
    return acts + perform(parted("y", "c"), on: &system)
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

  /// y closes its session, that is under way from b to the leader, and the leader has it expired.
  static let ending: Acts = played { system in
    let acts = begin(&system) + perform([asked("y", "close")] + deliver("y", "b"), on: &system)
    return acts + perform([sessionExpired(1, in: system)], on: &system)
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

  /// c leads; a is cut off, and serves reads; it has written what c alone has, too.
  static let apart: Acts = played(.readOnly) { system in
    var acts = system.quiesce(until: [.atRest], repaired: false).acts
    acts += perform([asked("y", "create /a 1")], on: &system)
    for link in [("y", "b"), ("b", "c"), ("y", "c"), ("y", "a"), ("a", "c")] as [(NodeID, NodeID)] {
      acts += perform(deliver(link.0, link.1), on: &system)
    }
    acts += perform(deliver("c", "a") + store("a"), on: &system)
    acts += perform(
      [.cut(Link.between(["a"], and: ["b", "c"])), .expire("a", .peer(.syncLimit))], on: &system)
    return acts + perform([.expire("a", .readOnly)], on: &system)
  }

  // MARK: What they are made of

  private static func begin(_ system: inout System) -> Acts {
    var acts = perform(
      elected("a", at: "a") + elected("a", at: "b") + elected("a", at: "c"), on: &system)
    acts += system.deliverAll()
    acts += perform([.expire("x", .dial)], on: &system) + system.deliverAll()
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
