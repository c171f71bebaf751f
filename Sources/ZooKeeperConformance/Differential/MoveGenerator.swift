public import ProtocolCore
public import ZooKeeper

/// Draws the moves of a run from what the model holds at that moment, so that many succeed and the
/// others fail for a reason worth trying.
public struct MoveGenerator: Sendable {
  /// The chance of it all.
  public var choices: Choices
  /// The node below which the run works; empty for the whole tree.
  public let root: String
  /// How many clients take part.
  public let clients: Int
  /// What cleans up after the run may do everything everywhere: an entry of every ACL but the
  /// open one.
  public let janitor: ACL?
  /// What the service knows.
  public let dialect: Dialect
  /// Paths that the run has made; some are gone again.
  var known: [String] = []
  /// The moves of the segment that is being drawn.
  var segment: [Move] = []
  /// What a client is about to do: a list grows beyond what fits into a request, and is read.
  var plan: [Move] = []
  /// Paths that somebody has left a watch on, the last at the end.
  var watched: [String] = []
  /// Parents of nodes that went with their session.
  var bereft: [String] = []

  /// A generator of runs.
  public init(
    seed: UInt64, clients: Int, root: String = "", janitor: ACL? = nil,
    dialect: Dialect = .reference
  ) {
    self.dialect = dialect
    choices = Choices(seed: seed)
    self.clients = clients
    self.root = root
    self.janitor = janitor
  }

  /// Begins another run, with the chance that is left.
  public mutating func startOver() {
    known.removeAll(keepingCapacity: true)
    (segment, plan, bereft, watched) = ([], [], [], [])
  }

  /// The next move.
  public mutating func next(in model: Model) -> Move {
    let tree = model.service.applied
    var move: Move
    if let planned = plan.first {
      plan.removeFirst()
      move = planned
    } else if let behind = behind(in: tree) {
      move = behind
    } else {
      let client = choices.below(clients)
      move = Move(client: client, resumesFirst: choices.chance(1, in: 40), request(in: tree))
      if move.resumesFirst, choices.chance(1, in: 3) { move.request = setWatches(in: tree) }
      if choices.chance(1, in: 250) { plan = growing(by: client) }
    }
    if choices.chance(1, in: 100), move.request != .closeSession { move.excess = excess() }
    noteWatches(of: move.request)
    segment = move.isBehind ? segment + [move] : [move]
    if move.request == .closeSession {
      bereft = tree.ephemerals(of: model.sessions[move.client]).map { Path.parent(of: $0) }
    }
    return move
  }

  private mutating func excess() -> [UInt8] {
    (0...choices.below(12)).map { _ in UInt8(truncatingIfNeeded: choices.below(256)) }
  }

  /// Learns from what a move brought.
  public mutating func learn(_ move: Move, _ reply: Reply) {
    switch (move.request, reply.result) {
    // Nobody is to create anything in a container: it would go some time.
    case (.create(let create), _) where create.form == .container: break
    case (_, .success(.created(let path, _))): remember(path)
    case (_, .success(.multi(let results))):
      for case .created(let path, _) in results { remember(path) }
    default: break
    }
  }

  /// A name that takes a tenth of a request would soon make up most of a run.
  private mutating func remember(_ path: String) {
    if path.utf8.count < 2000, !known.contains(path) { known.append(path) }
  }

  mutating func request(in tree: Tree) -> Request {
    if dialect.minor > 4, choices.chance(1, in: 7) { return later(in: tree) }
    if let path = bereft.popLast(), choices.chance(3, in: 4), path != root {
      return choices.chance(2, in: 3)
        ? .delete(path: path) : .create(Create(path + "/" + (choices.pick(Self.names) ?? "a")))
    }
    switch choices.below(100) {
    case 0..<30: return .create(create(in: tree))
    case 30..<45:
      let path = existing(in: tree)
      return .setData(path: path, data: payload(), version: version(of: path, in: tree))
    case 45..<56:
      let path = removable(in: tree)
      return .delete(path: path, version: version(of: path, in: tree))
    case 56..<65: return .getData(path: existing(in: tree), watch: choices.chance(1, in: 2))
    case 65..<73: return .exists(path: reachable(in: tree), watch: choices.chance(1, in: 2))
    case 73..<81:
      return .getChildren(
        path: existing(in: tree), watch: choices.chance(1, in: 2),
        withStat: choices.chance(1, in: 2))
    case 81..<85:
      let path = rather(in: tree) { ($0[$1]?.childCount ?? 0) > 0 }
      let aversion = tree[path]?.aversion ?? 0
      var list = acl()
      for _ in 0..<3 where list == .open { list = acl() }
      return .setACL(path: path, acl: list, version: choices.pick([.any, aversion, 7]) ?? .any)
    case 85..<88: return .getACL(path: existing(in: tree))
    case 88..<96: return .multi(operations(in: tree))
    case 96: return .sync(path: existing(in: tree))
    case 97:
      return .auth(
        scheme: "digest", credentials: Array("\(choices.pick(Self.people) ?? ""):pw".utf8))
    case 98: return .ping
    default: return .closeSession
    }
  }

  // The parts of requests.

  static let people = ["ann", "bob"]
  static let names = ["a", "b", "c", "d", "e"]
  private static let odd = ["", "/", "//x", "/a/", "/.", "/a/..", "/\u{7f}", "/a\u{0}"]

  /// A path that exists, mostly; or one that did, or the run's root.
  mutating func existing(in tree: Tree) -> String {
    for _ in 0..<3 {
      guard !known.isEmpty, !choices.chance(1, in: 12) else { break }
      let index = choices.below(known.count)
      if tree[known[index]] != nil || choices.chance(1, in: 6) { return known[index] }
      known.swapAt(index, known.count - 1)
      known.removeLast()
    }
    return root.isEmpty ? "/a" : root
  }

  /// A path other than the root's: a run that deletes or closes its own root is soon over.
  mutating func removable(in tree: Tree) -> String {
    let path = existing(in: tree)
    return path == root ? child(of: root, "a") : path
  }

  /// A path other than the root's that is such, if one of a few draws is.
  private mutating func rather(in tree: Tree, _ isSuch: (Tree, String) -> Bool) -> String {
    for _ in 0..<4 {
      let path = removable(in: tree)
      if isSuch(tree, path) { return path }
    }
    return removable(in: tree)
  }

  /// A path that exists, or one that a create may make.
  mutating func reachable(in tree: Tree) -> String {
    choices.chance(1, in: 2)
      ? existing(in: tree) : child(of: existing(in: tree), choices.pick(Self.names) ?? "a")
  }

  func child(of parent: String, _ name: String) -> String {
    parent == "/" ? "/" + name : parent + "/" + name
  }

  private mutating func create(in tree: Tree, below: String? = nil) -> Create {
    let mode = CreateMode(rawValue: Int32(choices.pick([0, 0, 0, 1, 2, 2, 3, 7]) ?? 0))
    if choices.chance(1, in: 40) {
      let path = root + (choices.pick(Self.odd) ?? "")
      return Create(path, acl: .open, mode: mode.rawValue == 7 ? .persistent : mode)
    }
    if !mode.isSequential, below == nil, choices.chance(1, in: 6) {
      let path = rather(in: tree) { $0[Path.parent(of: $1)]?.acl != .open }
      return Create(path, acl: acl(), withStat: choices.chance(1, in: 4))
    }
    let parent = below ?? (choices.chance(1, in: 3) ? root : existing(in: tree))
    let name = mode.isSequential && choices.chance(1, in: 2) ? "" : choices.pick(Self.names) ?? "a"
    let usual = mode.rawValue == 7 && !choices.chance(1, in: 4) ? .persistent : mode
    return Create(
      child(of: parent, name), data: payload(), acl: acl(), mode: usual,
      withStat: choices.chance(1, in: 4))
  }

  mutating func payload() -> Payload {
    switch choices.below(10) {
    case 0: nil
    case 1: []
    default: [UInt8(truncatingIfNeeded: choices.below(256))]
    }
  }

  mutating func version(of path: String, in tree: Tree) -> Version {
    switch choices.below(10) {
    case 0..<5: .any
    case 5..<9: tree[path]?.version ?? 0
    default: choices.pick([0, 1, -2, 99] as [Version]) ?? 0
    }
  }

  /// The open one, mostly.
  ///
  /// An entry for the janitor keeps the others from locking anybody out who
  /// has to clean up.
  mutating func acl() -> [ACL] {
    var entries: [ACL]
    switch choices.below(24) {
    case 0: return []
    case 1: entries = [ACL(.read, .anyone)]
    case 2: entries = .creator
    case 3: entries = [ACL(.all, .digest("\(choices.pick(Self.people) ?? "ann"):pw"))]
    case 4: entries = [ACL(.all, Identity(scheme: "ip", id: "127.0.0.1"))]
    case 5: entries = [ACL(Permissions(rawValue: Int32(choices.below(32))), .anyone)]
    case 6: entries = [ACL(.all, .anyone), ACL(.all, Identity(scheme: "nobody", id: "x"))]
    default: return .open
    }
    if let janitor { entries.append(janitor) }
    return entries
  }

  private mutating func operations(in tree: Tree) -> [ZooKeeper.Operation] {
    var fresh: String?
    return (0..<choices.below(5)).map { _ in
      let path = fresh.flatMap { choices.chance(1, in: 2) ? $0 : nil } ?? removable(in: tree)
      switch choices.below(10) {
      case 0..<4:
        let made = create(in: tree, below: choices.chance(1, in: 2) ? fresh : nil)
        if !made.mode.isSequential { fresh = made.path }
        return .create(made)
      case 4..<6:
        return .setData(path: path, data: payload(), version: version(of: path, in: tree))
      case 6..<8: return .delete(path: path, version: version(of: path, in: tree))
      default: return .check(path: path, version: tree[path]?.version ?? 0)
      }
    }
  }
}
