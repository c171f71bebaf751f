package import ZooKeeper

/// Transactions of all kinds, drawn by chance, against a service of their own.
package struct RandomWrites<Random: RandomNumberGenerator & Sendable>: Sendable {
  /// What they have made so far.
  package private(set) var service: Service
  /// The digest of the tree that they have made.
  package private(set) var digest: UInt64
  package var random: Random
  private var time: Int64 = 1_700_000_000_000
  private var nextSession: Int64 = 0x100_0000_0000_0000

  /// Goes on from a tree.
  package init(_ tree: Tree, random: Random) {
    service = Service(tree)
    digest = tree.digest
    self.random = random
    nextSession += tree.zxid.rawValue << 8
  }

  /// The next transaction, committed, and the digest of the tree that it has made.
  package mutating func next() -> LoggedTransaction {
    time += Int64.random(in: 0...40, using: &random)
    let zxid = Zxid(service.lastProposed.rawValue + 1)
    let transaction = prepare(zxid)
    let touched = transaction.touchedPaths
    digest &-= service.applied.digest(of: touched)
    _ = service.commit(transaction)
    digest &+= service.applied.digest(of: touched)
    if case .error = transaction.body { return LoggedTransaction(transaction, digest: nil) }
    return LoggedTransaction(transaction, digest: digest)
  }

  private mutating func prepare(_ zxid: Zxid) -> Transaction {
    let sessions = service.applied.openSessions
    let chance = Int.random(in: 0..<100, using: &random)
    guard let session = sessions.randomElement(using: &random), chance >= 6 else {
      nextSession += 1
      // An hour: none ends while a slow test reads.
      return service.prepareSession(
        SessionID(nextSession), timeout: 3_600_000, zxid: zxid, time: time)
    }
    if chance < 12, let path = service.applied.reapable(at: time + 10_000).first {
      return service.prepareReaping(path, zxid: zxid, time: time)
    }
    let request = chance < 9 ? .closeSession : request()
    let author = Author(session, identities: [.anyone])
    return service.prepare(request, by: author, cxid: Int32(zxid.rawValue), zxid: zxid, time: time)
  }

  /// A write that any server may be asked for: one operation, or several as one.
  package mutating func request() -> Request {
    Int.random(in: 0..<8, using: &random) == 0 ? multi() : single()
  }

  private mutating func path() -> String {
    let name = { (random: inout Random) in "/" + String(Int.random(in: 0..<4, using: &random)) }
    return name(&random) + (Bool.random(using: &random) ? name(&random) : "")
  }

  private mutating func data() -> Payload {
    switch Int.random(in: 0..<8, using: &random) {
    case 0: nil
    case 1: []
    case 2: [UInt8](repeating: 66, count: Int.random(in: 1...3000, using: &random))
    default:
      (0..<Int.random(in: 1...40, using: &random)).map { _ in .random(in: 0...255, using: &random) }
    }
  }

  private mutating func acl() -> [ACL] {
    Bool.random(using: &random)
      ? .open : [ACL(.all, .anyone), ACL(.read, Identity(scheme: "ip", id: "10.0.0.1"))]
  }

  private mutating func create() -> Create {
    let (path, data, acl) = (path(), data(), acl())
    if Int.random(in: 0..<8, using: &random) == 0 {
      return Create(path, data: data, acl: acl, ttl: .random(in: 1...20_000, using: &random))
    }
    let modes: [CreateMode] = [
      .persistent, .persistent, .ephemeral, .persistentSequential, .ephemeralSequential, .container,
    ]
    return Create(
      path, data: data, acl: acl, mode: modes.randomElement(using: &random) ?? .persistent,
      withStat: .random(using: &random))
  }

  private mutating func single() -> Request {
    switch Int.random(in: 0..<10, using: &random) {
    case 0..<5: .create(create())
    case 5, 6: .delete(path: path())
    case 7: .setACL(path: path(), acl: acl())
    default: .setData(path: path(), data: data())
    }
  }

  private mutating func multi() -> Request {
    .multi(
      (0..<Int.random(in: 0...3, using: &random)).map { _ in
        switch Int.random(in: 0..<5, using: &random) {
        case 0, 1: .create(create())
        case 2: .delete(path: path())
        case 3: .check(path: path(), version: Version.any)
        default: .setData(path: path(), data: data())
        }
      })
  }
}

/// A generator whose numbers follow from a seed.
///
/// Source: Steele, Lea, Flood, "Fast splittable pseudorandom number generators", 2014 (SplitMix64).
package struct SeededRandom: RandomNumberGenerator, Sendable {
  private var state: UInt64

  package init(_ seed: UInt64) { state = seed }

  package mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var word = state
    word = (word ^ word >> 30) &* 0xBF58_476D_1CE4_E5B9
    word = (word ^ word >> 27) &* 0x94D0_49BB_1331_11EB
    return word ^ word >> 31
  }
}
