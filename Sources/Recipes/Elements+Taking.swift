import ZooKeeper
import ZooKeeperClient

extension Elements {
  /// Takes an element out; at most once.
  func take(within timeout: Duration?) async throws(ClientError) -> Payload {
    try await client.within(timeout) { () throws(ClientError) in try await take() }
  }

  private func take() async throws(ClientError) -> Payload {
    if !without.isDisjoint(with: [.claims, .goneIsOthers]) { return try await takeUnclaimed() }
    let claim = try await claim()
    try await finish(claim)
    guard !without.contains(.readsBeforeDeleting) else {
      return try await client.getData(claim.element).data
    }
    return claim.data
  }

  /// Does something with an element and takes it out then; at least once.
  func process<T: Sendable>(
    within timeout: Duration?, _ body: @escaping @Sendable (Element) async throws -> T
  ) async throws -> T {
    let claim = try await client.within(timeout) { () throws(ClientError) in
      try await self.claim()
    }
    let element = Element(data: claim.data, token: claim.token)
    let result: T
    do {
      let hold = Hold(client, claim.path, claim.token, without: without)
      result = try await hold.whileHeld { try await body(element) }
    } catch {
      await withdraw(from: claim.element, claim.owner)
      throw error
    }
    try await finish(claim)
    return result
  }

  /// Deletes an element with its claim.
  ///
  /// Only who has claimed it does. So if the claim is gone when this is repeated after a lost
  /// reply, the first has been executed; if it is gone at once, somebody else has taken it away.
  private func finish(_ claim: Claim) async throws(ClientError) {
    let refusal = try await client.shielded { () throws(ClientError) in
      try await client.commit(
        [.delete(path: claim.path), .delete(path: claim.element)], without: without)
    }
    guard let refusal else { return }
    if refusal.place == 0, refusal.code == .noNode, refusal.isRepeated { return }
    await withdraw(from: claim.element, claim.owner)
    throw refusal.error(asking: "delete \(claim.element)")
  }

  /// Takes an element out as ZooKeeper's documentation tells it: whoever deletes it has it.
  ///
  /// Whose reply is lost does not know whether it has. If it takes it for another's an element may
  /// be lost; if it takes it for its own, an element may be taken twice.
  ///
  /// Source: ZooKeeper Recipes and Solutions, "Queues".
  private func takeUnclaimed() async throws(ClientError) -> Payload {
    while true {
      for entry in free(try await names()) {
        if let taken = try await takeUnclaimed("\(elements)/\(entry.name)") { return taken.data }
      }
      try await wait()
    }
  }

  private func takeUnclaimed(
    _ element: String
  ) async throws(ClientError) -> (data: Payload, stat: Stat)? {
    var found: (data: Payload, stat: Stat)?
    do throws(ClientError) {
      found = try await client.insist(without: without) { () throws(ClientError) in
        try await client.getData(element)
      }
      try await client.insist(without: without) { () throws(ClientError) in
        try await client.delete(element)
      }
      return found
    } catch {
      guard error.code == .noNode else { throw error }
      return without.contains(.goneIsOthers) ? found : nil
    }
  }
}
