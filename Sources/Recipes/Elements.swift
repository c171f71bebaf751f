import ZooKeeper
import ZooKeeperClient

/// What stands in a queue: nodes that many clients put, and each of which one client takes out.
///
///     /queue/elements/6f3a.1-item-0000000007         persistent: the message is its data
///     /queue/elements/6f3a.1-item-0000000007.claim   ephemeral: who its data names is at it
///     /queue/puts/6f3a.1                             ephemeral: this put has been executed
///
/// The claim stands beside its element so that one watch tells of both: of an element that comes,
/// and of one whose consumer has died.
struct Elements: Sendable {
  let client: Client
  let path: String
  let owner: Owner
  /// Which of two elements goes first.
  let precedes: @Sendable (Entry, Entry) -> Bool
  var without: Set<Rule>

  /// The node above all elements.
  var elements: String { "\(path)/elements" }
  private var puts: String { "\(path)/puts" }

  // MARK: Putting

  /// Puts an element, once.
  func put(_ data: Payload, label: String) async throws(ClientError) {
    if Task.isCancelled { throw ClientError(.cancelled(sent: false), asking: "put \(path)") }
    let owner = owner.next()
    try await client.shielded { () throws(ClientError) in
      if without.isDisjoint(with: [.leavesMark, .ownerInName]) {
        return try await put(data, label, owner)
      }
      try await client.ensure(elements)
      _ = try await client.enter(
        elements, owner: owner, label: label, data: data, mode: .persistentSequential,
        without: without)
    }
  }

  private func put(_ data: Payload, _ label: String, _ owner: String) async throws(ClientError) {
    let mark = "\(puts)/\(owner)"
    let create = Create(
      "\(elements)/\(owner)-\(label)-", data: data, mode: .persistentSequential)
    while let refusal = try await client.commitOnce(
      [.create(create)], mark: mark, without: without)
    {
      guard refusal.code == .noNode else { throw refusal.error(asking: "put \(path)") }
      try await client.ensure(elements)
      try await client.ensure(puts)
    }
    // If this fails the mark goes with the session; the element is put for all that.
    try? await client.remove(mark)
  }

  // MARK: Claiming

  /// An element that is ours, as long as the session lives.
  struct Claim: Sendable {
    let element: String
    let owner: String
    let data: Payload
    /// The zxid that made the claim.
    let token: Zxid
    var path: String { element + Elements.suffix }
  }

  private static let suffix = ".claim"

  /// Waits for an element and claims it.
  ///
  /// - Throws: `.cancelled`: it is given back, or will be when a server answers.
  func claim() async throws(ClientError) -> Claim {
    do throws(ClientError) {
      return try await claimFirst()
    } catch {
      throw error.settled
    }
  }

  private func claimFirst() async throws(ClientError) -> Claim {
    let owner = owner.next()
    while true {
      for element in free(try await names()) {
        if let claim = try await claim("\(elements)/\(element.name)", owner) { return claim }
      }
      try await wait()
    }
  }

  /// Waits until an element may be there that nobody has claimed.
  func wait() async throws(ClientError) {
    let watch = !without.contains(.leavesWatch)
    try await client.wait(at: elements, without: without) { () throws(ClientError) in
      let names = try await client.getChildren(elements, watch: watch)
      return free(names).isEmpty || without.contains(.looksAfterWatching)
    }
  }

  /// What stands in the node of all elements; that is made when it is missing.
  func names() async throws(ClientError) -> [String] {
    while true {
      do throws(ClientError) {
        return try await client.insist(without: without) { () throws(ClientError) in
          try await client.getChildren(elements)
        }
      } catch {
        guard error.code == .noNode else { throw error }
        try await client.ensure(elements)
      }
    }
  }

  /// The elements that nobody has claimed, in order.
  func free(_ names: [String]) -> [Entry] {
    let all = Set(names)
    return names.compactMap(Entry.init).filter { !all.contains($0.name + Elements.suffix) }
      .sorted(by: without.contains(.sortsByNumber) ? { $0.name < $1.name } : precedes)
  }

  /// Claims an element.
  ///
  /// - Returns: Nil if it is another's, or gone.
  private func claim(_ element: String, _ owner: String) async throws(ClientError) -> Claim? {
    let mode: CreateMode = without.contains(.claimIsEphemeral) ? .persistent : .ephemeral
    let path = element + Elements.suffix
    var operations: [Operation] = [.create(Create(path, data: .utf8(owner), mode: mode))]
    if !without.contains(.claimsWhatIsThere) {
      operations.insert(.check(path: element, version: .any), at: 0)
    }
    do throws(ClientError) {
      if let refusal = try await client.commit(operations, without: without) {
        if refusal.code == .noNode { return nil }
        guard refusal.code == .nodeExists else { throw refusal.error(asking: "claim \(element)") }
      }
      return try await own(element, owner)
    } catch {
      await withdraw(from: element, owner)
      throw error
    }
  }

  /// The claim of an element, if it is this owner's.
  ///
  /// It may be there though its create was refused: the reply to the first may have been lost.
  private func own(_ element: String, _ owner: String) async throws(ClientError) -> Claim? {
    do throws(ClientError) {
      let (name, stat) = try await client.insist(without: without) { () throws(ClientError) in
        try await client.getData(element + Elements.suffix)
      }
      guard name.text == owner else { return nil }
      let (data, _) = try await client.insist(without: without) { () throws(ClientError) in
        try await client.getData(element)
      }
      return Claim(element: element, owner: owner, data: data, token: stat.czxid)
    } catch {
      guard error.code == .noNode else { throw error }
      return nil
    }
  }

  /// Gives an element back that this owner may have claimed, whatever the task has come to.
  func withdraw(from element: String, _ owner: String) async {
    guard client.end == nil else { return }
    _ = await client.shielded { () async -> Void in
      // The claim may be under way still, on another server perhaps.
      try? await client.insist { () throws(ClientError) in try await client.sync(path) }
      try? await client.removeOwn(
        element + Elements.suffix, owner: owner, without: without)
    }
  }
}
