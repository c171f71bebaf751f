public import ZooKeeperClient

/// So many clients begin something together, and end it together.
///
/// ```swift
/// let barrier = DoubleBarrier(client, at: "/barriers/count", size: 3)
/// let member = try await barrier.enter(within: .seconds(30))
/// let words = await count(page)
/// try await member.leave()
/// ```
///
/// To enter is to wait at a ``Barrier``; members stay while they are at it. Who leaves waits until
/// all have left. The first by name stays until it is the last, and watches the last one; all
/// others watch the first, so that a member that goes wakes one, and the first one all.
///
/// **A member that dies** before it opens is missing: the others wait for another, or time out.
/// Later it counts as one that has left, as soon as its session has ended.
/// **A session that ends** throws `.sessionExpired`, from whatever is waited for.
/// **Cancelled or late**: who enters is taken away, unless it is open by then; then it has entered.
/// Who leaves has left, and does not know of the others.
///
/// It opens once. Another round has another path.
///
/// Source: ZooKeeper Recipes and Solutions, "Double Barriers".
public struct DoubleBarrier: Sendable {
  private let client: Client
  private let path: String
  private let size: Int
  private let owner: Owner
  package var without: Set<Rule> = []

  /// The barrier at `path`; see ``Barrier/init(_:at:size:named:)``.
  public init(_ client: Client, at path: String, size: Int, named name: String? = nil) {
    (self.client, self.path, self.size, owner) = (client, path, max(size, 1), Owner(name))
  }

  /// Waits until so many have come; see ``Barrier/wait(within:)``.
  ///
  /// - Returns: The member, who is to leave.
  public func enter(within timeout: Duration? = nil) async throws(ClientError) -> Member {
    let gathering = Gathering(client: client, path: path, size: size, without: without)
    return Member(gathering: gathering, name: try await gathering.enter(owner, within: timeout))
  }

  /// Somebody who has entered.
  public struct Member: Sendable {
    let gathering: Gathering
    let name: String

    /// Waits until all leave.
    ///
    /// - Throws: `.timedOut`, `.cancelled`: we have left, or do when a server answers, and others
    ///   may be at it still.
    ///   `.sessionExpired`: as well.
    public func leave(within timeout: Duration? = nil) async throws(ClientError) {
      try await gathering.client.within(timeout) { () throws(ClientError) in
        try await leaveTogetherOrAlone()
      }
    }

    private func leaveTogetherOrAlone() async throws(ClientError) {
      let grace = Grace()
      do throws(ClientError) {
        try await leaveTogether(grace)
      } catch {
        if gathering.client.end == nil { try? await gathering.leave(name, grace) }
        throw error.settled
      }
    }

    private func leaveTogether(_ grace: Grace) async throws(ClientError) {
      while true {
        let members = try await gathering.members().sorted()
        guard let first = members.first, let last = members.last else { return }
        if first == name, last != name {
          try await gathering.wait(forEndOf: last)
          continue
        }
        if members.contains(name) { try await gathering.leave(name, grace) }
        if first == name || gathering.without.contains(.leavesTogether) { return }
        try await gathering.wait(forEndOf: first)
      }
    }
  }
}
