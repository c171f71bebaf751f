public import ZooKeeper
public import ZooKeeperClient

/// Something that one client has for a time, or that it does not get: nobody waits.
///
/// ```swift
/// let lease = Lease(client, at: "/leases/nightly-report")
/// guard var term = try await lease.take() else { return }     // somebody else is at it
/// while let page = pages.next(), term.isValid {
///   try await printer.print(page, fencedBy: term.token)
///   try await term.renew()
/// }
/// try await term.giveUp()
/// ```
///
/// All make the same ephemeral node; one succeeds. The server keeps it for as long as the session
/// lives, that is for the session's timeout behind the last request that it has got.
///
/// **The holder counts that time himself**, from when he asked for what was answered last. So one
/// whose process was stopped for longer does not believe that he holds it, although he has not been
/// told yet of the session's end (``Term/isValid``). Clocks must go at the same rate, no more.
/// **Between a look at `isValid` and what is done by it** he may be stopped all the same: what the
/// lease guards should refuse a ``Term/token`` below the highest that it has seen.
/// **A broken connection** costs nothing but time: what may be repeated is, and nobody gives back
/// what has become another's meanwhile.
/// **A session that ends** gives the lease back.
/// **Cancelled** while it is taken: it is given back.
///
/// Source: Gray and Cheriton, "Leases: an efficient fault-tolerant mechanism for distributed file
/// cache consistency", SOSP 1989; ZooKeeper Recipes and Solutions, "Locks".
public struct Lease: Sendable {
  private let client: Client
  private let path: String
  private let owner: Owner
  package var without: Set<Rule> = []

  /// The lease whose node is `path`, below a node that is made when it is missing.
  ///
  /// - Parameters:
  ///   - client: The session that will hold it.
  ///   - path: The node that its holder makes.
  ///   - name: Stands in what it writes, for operators to read; before random bits, so that it
  ///     need not be unique.
  public init(_ client: Client, at path: String, named name: String? = nil) {
    (self.client, self.path, owner) = (client, path, Owner(name))
  }

  /// Takes it, if nobody has it.
  ///
  /// - Returns: Nil if somebody has.
  /// - Throws: `.cancelled`, `.sessionExpired`; then it is not held.
  public func take() async throws(ClientError) -> Term? {
    let owner = owner.next()
    let term = Term(client: client, path: path, owner: owner, without: without)
    do throws(ClientError) {
      if let above = path.parent { try await client.ensure(above) }
      do throws(ClientError) {
        try await client.insist(without: without) { () throws(ClientError) in
          _ = try await client.create(path, data: .utf8(owner), mode: .ephemeral)
        }
      } catch {
        // It may be our own, of a create whose reply was lost.
        guard error.code == .nodeExists else { throw error }
      }
      return try await term.confirmed(client.now)
    } catch {
      if client.end == nil { try? await term.giveUp() }
      throw error
    }
  }
}

/// What a client has for a time, by a ``Lease``.
public struct Term: Sendable {
  let client: Client
  let path: String
  let owner: String
  let without: Set<Rule>
  /// It is given back once: by then its node may be another's.
  private let isGiven = Given()
  /// The fencing token: each holder's is higher than all before.
  public private(set) var token = Zxid.zero
  /// Until when it is held, by ``ZooKeeperClient/Client/now``.
  public private(set) var end: Milliseconds = 0

  /// Whether the holder may believe that it is held.
  public var isValid: Bool {
    if without.contains(.countsTime) { return client.end == nil }
    return client.end == nil && client.now < end
  }

  /// Has it for longer: for the session's timeout from now.
  ///
  /// It reads its node. A follower that is cut off from its leader answers reads for some ticks
  /// (`syncLimit`) in which the leader may end the session: where that matters, guard what it
  /// allows by the ``token``.
  ///
  /// - Returns: Whether it is held; if not it is over.
  @discardableResult
  public mutating func renew() async throws(ClientError) -> Bool {
    guard let term = try await confirmed(client.now) else { return false }
    self = term
    return true
  }

  /// Gives it back.
  ///
  /// Giving it back again does nothing.
  ///
  /// - Throws: `.sessionExpired` if the session has ended; it was lost then. `.cancelled` if the
  ///   task is: it is given back all the same.
  public func giveUp() async throws(ClientError) {
    guard isGiven.first() else { return }
    let (client, path, owner, without) = (client, path, owner, without)
    try await client.shielded { () throws(ClientError) in
      // What took it may be under way still, on another server perhaps.
      try await client.insist { () throws(ClientError) in try await client.sync(path) }
      try await client.removeOwn(path, owner: owner, without: without)
    }
  }

  /// As the server's answer makes it, nil if the node is not ours.
  ///
  /// - Parameter asked: When it was asked for, at the latest: the server has heard of us since.
  func confirmed(_ asked: Milliseconds) async throws(ClientError) -> Term? {
    do throws(ClientError) {
      let (data, stat) = try await client.insist(without: without) { () throws(ClientError) in
        try await client.getData(path)
      }
      guard data.text == owner else { return nil }
      var term = self
      let start = without.contains(.countsFromAsking) ? client.now : asked
      (term.token, term.end) = (stat.czxid, start + Milliseconds(client.sessionTimeout))
      return term
    } catch {
      guard error.code == .noNode else { throw error }
      return nil
    }
  }
}
