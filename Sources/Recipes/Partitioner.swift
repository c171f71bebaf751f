public import ZooKeeper
public import ZooKeeperClient

/// Consumers divide partitions among themselves, each partition to one of them.
///
/// ```swift
/// let partitioner = Partitioner(client, at: "/consumers/billing")
/// try await partitioner.add(["orders-0", "orders-1", "orders-2"])     // once, an operator
///
/// try await partitioner.consume(as: "10.0.0.7") { partition, token in
///   await poller.start(partition, fencedBy: token)
/// } stop: { partition in
///   await poller.stop(partition)                // returns when nothing of it is being done
/// }
/// ```
///
/// Below `path` stand:
///
///     consumers/10.0.0.7     ephemeral: who is there
///     partitions/orders-0    persistent: what is to be divided; each broker's are added
///     owners/orders-0        ephemeral: whose it is
///
/// Everybody watches all three, and reckons by itself which partitions are its own: they go around
/// the consumers, both in the order of their names. When that changes, a consumer first stops its
/// work on those that are another's now, then deletes their owner's nodes. It takes a partition
/// when it can make the owner's node, so after the one before it has given it up. So no two own
/// one at once while their sessions live, and each has its owner as soon as nothing changes.
///
/// **A broken connection** costs nothing but time. **When the session ends** others take over
/// within its timeout; `stop` is called for each partition, and ``consume(as:start:stop:)`` throws.
/// A consumer that was stopped for longer than that works on until it hears of it: what it writes
/// to should refuse its token when it has seen a higher one (``Hold/token``).
/// **Cancelled**: it stops its work at once, gives its partitions back, and leaves; while no server
/// answers it waits for that no longer than the session's timeout.
///
/// Source: Kreps, Narkhede and Rao, "Kafka: a distributed messaging system for log processing",
/// NetDB 2011, section 3.2, algorithm 1.
public struct Partitioner: Sendable {
  /// Begins work on a partition; the token is higher than those of all its owners before.
  public typealias Start = @Sendable (_ partition: String, _ token: Zxid) async -> Void
  /// Ends work on a partition, and returns when it has ended.
  public typealias Stop = @Sendable (_ partition: String) async -> Void

  private let client: Client
  private let path: String
  package var without: Set<Rule> = []

  /// The consumers and partitions below `path`; nodes are made when they are missing.
  public init(_ client: Client, at path: String) { (self.client, self.path) = (client, path) }

  /// Adds partitions to what is divided.
  public func add(_ partitions: [String]) async throws(ClientError) {
    for partition in partitions { try await client.ensure(try node(of: partition)) }
  }

  /// Takes a partition away, for instance when its broker has gone.
  public func remove(_ partition: String) async throws(ClientError) {
    try await client.remove(try node(of: partition))
  }

  /// Consumes its share, until the session ends or the task is cancelled.
  ///
  /// - Parameters:
  ///   - name: The consumer's name, as in ``Group/join(_:data:within:)``.
  ///   - start: Called for each partition that becomes its own. It begins the work and returns:
  ///     while it runs, nothing else is seen.
  ///   - stop: Called for each that ceases to be.
  /// - Throws: Why it has ended; `.cancelled` if it was cancelled.
  public func consume(
    as name: String, start: @escaping Start, stop: @escaping Stop
  ) async throws(ClientError) {
    var consumers = Group(client, at: "\(path)/consumers")
    consumers.without = without
    let membership = try await consumers.join(name)
    var share = Share(partitioner: self, name: name, start: start, stop: stop)
    do throws(ClientError) {
      var isWatched = false
      while true {
        let watches =
          !without.contains(.watchesMembers) && !(isWatched && without.contains(.watchesAgain))
        var found = Division()
        try await client.wait(at: path, orBelow: true) { () throws(ClientError) in
          found = try await division(watch: watches)
          return try share.isAsDue(found)
        }
        isWatched = true
        try await share.become(found)
      }
    } catch {
      // Work is stopped in any case; what is left of it when the session has ended is nobody's.
      await share.end()
      if client.end == nil { try? await membership.leave(share.grace) }
      throw error
    }
  }

  /// What is to be divided, among whom, and what has an owner.
  private func division(watch: Bool) async throws(ClientError) -> Division {
    let consumers = try await client.names(below: "\(path)/consumers", watch: watch)
    let partitions = try await client.names(below: "\(path)/partitions", watch: watch)
    let owned = try await client.names(below: "\(path)/owners", watch: watch)
    return Division(consumers: consumers, partitions: partitions, owned: owned)
  }

  fileprivate func claim(
    _ partition: String, for name: String
  ) async throws(ClientError) -> Zxid? {
    let (owner, data) = (owner(of: partition), Payload.utf8(name))
    let began = client.session.lastZxidSeen
    do throws(ClientError) {
      switch try await client.claim(owner, data: data, without: without) {
      case .own(let zxid): return zxid
      case .taken(let stat): return without.contains(.waitsForOwner) ? stat.czxid : nil
      }
    } catch {
      // A create whose answer we did not await may be under way. That is not waited for: there is
      // other work to be stopped.
      if !without.contains(.givesUpEntry), client.end == nil {
        await client.forgo(owner, data: data, since: began, Grace(isNone: true))
      }
      throw error
    }
  }

  fileprivate func giveBack(
    _ partition: String, _ token: Zxid, _ grace: Grace = Grace()
  ) async throws(ClientError) {
    try await client.removeShielded(owner(of: partition), made: token, without: without, grace)
  }

  /// Gives all of them back, whatever the task has come to.
  fileprivate func giveBack(
    _ all: [(partition: String, token: Zxid)], _ grace: Grace
  ) async {
    _ = await client.shielded(grace) { () async -> Void in
      for each in all where client.end == nil { try? await giveBack(each.partition, each.token) }
    }
  }

  private func owner(of partition: String) -> String { "\(path)/owners/\(partition)" }

  private func node(of partition: String) throws(ClientError) -> String {
    guard partition.isNodeName else {
      throw ClientError(.refused(.badArguments), asking: "the partition '\(partition)' of \(path)")
    }
    return "\(path)/partitions/\(partition)"
  }
}

/// One state of what is divided.
private struct Division: Sendable {
  var consumers: [String] = []
  var partitions: [String] = []
  /// Those that have an owner.
  var owned: [String] = []

  /// The partitions of a consumer: they go around.
  func share(of name: String) -> [String] {
    guard let place = consumers.firstIndex(of: name) else { return [] }
    return partitions.indices.filter { $0 % consumers.count == place }.map { partitions[$0] }
  }
}

/// What a consumer has.
private struct Share: Sendable {
  let partitioner: Partitioner
  let name: String
  let start: Partitioner.Start
  let stop: Partitioner.Stop
  /// How long is waited for what it clears away when it is cancelled.
  let grace = Grace()
  private var held: [(partition: String, token: Zxid)] = []

  init(
    partitioner: Partitioner, name: String, start: @escaping Partitioner.Start,
    stop: @escaping Partitioner.Stop
  ) {
    (self.partitioner, self.name, self.start, self.stop) = (partitioner, name, start, stop)
  }

  /// Whether there is nothing to give up, and nothing to take that is free.
  ///
  /// - Throws: `.noNode` if somebody has deleted the consumer's node.
  func isAsDue(_ division: Division) throws(ClientError) -> Bool {
    guard division.consumers.contains(name) else {
      throw ClientError(.refused(.noNode), asking: "consume as '\(name)'")
    }
    return excess(division).isEmpty && missing(division).isEmpty
  }

  /// Gives up what is not its own any more, then takes what is, as far as that is free.
  mutating func become(_ division: Division) async throws(ClientError) {
    for each in excess(division) { try await giveUp(each) }
    for partition in missing(division) {
      guard let token = try await partitioner.claim(partition, for: name) else { continue }
      held.append((partition, token))
      await start(partition, token)
    }
  }

  /// Gives up all: every work is stopped before the first is given back.
  mutating func end() async {
    let (all, rules, partitioner) = (held, partitioner.without, partitioner)
    held = []
    if !rules.contains(.stopsFirst) { await stopAll(all) }
    if !rules.contains(.givesBack) { await partitioner.giveBack(all, grace) }
    if rules.contains(.stopsFirst) { await stopAll(all) }
  }

  private func stopAll(_ all: [(partition: String, token: Zxid)]) async {
    for each in all { await stop(each.partition) }
  }

  /// What is another's now, and what somebody has taken from it.
  private func excess(_ division: Division) -> [(partition: String, token: Zxid)] {
    let due = division.share(of: name)
    return held.filter {
      !due.contains($0.partition) || !division.owned.contains($0.partition)
    }
  }

  private func missing(_ division: Division) -> [String] {
    division.share(of: name).filter { partition in
      let isFree = !division.owned.contains(partition)
      return !held.contains { $0.partition == partition }
        && (isFree || partitioner.without.contains(.waitsForOwner))
    }
  }

  private mutating func giveUp(
    _ each: (partition: String, token: Zxid)
  ) async throws(ClientError) {
    held.removeAll { $0.partition == each.partition }
    let rules = partitioner.without
    if !rules.contains(.stopsFirst) { await stop(each.partition) }
    var failure: ClientError?
    if !rules.contains(.givesBack) {
      do throws(ClientError) {
        // When it is cancelled it has more to do than to wait for this: it stops the others' work.
        try await partitioner.giveBack(each.partition, each.token, Grace(isNone: true))
      } catch {
        failure = error
      }
    }
    if rules.contains(.stopsFirst) { await stop(each.partition) }
    if let failure { throw failure }
  }
}
