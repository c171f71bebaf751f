import ZooKeeper
public import ZooKeeperClient

/// A number that many clients add to.
///
/// ```swift
/// let visits = SharedCounter(client, at: "/counters/visits")
/// let mine = try await visits.add(1)      // what it has become by that
/// ```
///
/// The number is read, and set if its version is still the one that was read; if not, again. So
/// somebody always gets on, and nobody waits.
///
/// **A broken connection**: whether the set was executed is known when it is repeated. It makes an
/// ephemeral node in the same transaction, whose name no other has; if that is there, it was. To
/// write the owner beside the number would not do: another may have written over it.
/// **A session that ends** throws `.sessionExpired`; it may have been added, once, or not.
/// **Cancelled**: what has been sent comes to its end first; while no server answers that is waited
/// for no longer than the session's timeout.
///
/// Source: ZooKeeper Programmer's Guide, "ZooKeeper Stat Structure", version; Hunt et al., USENIX
/// ATC 2010, section 2.2.
public struct SharedCounter: Sendable {
  private let client: Client
  private let path: String
  private let owner: Owner
  package var without: Set<Rule> = []

  /// The counter at `path`, which is made with 0 when it is missing.
  ///
  /// - Parameters:
  ///   - client: The session that counts.
  ///   - path: A node of its own, below which nothing else is.
  ///   - name: Stands in what it writes, for operators to read; before random bits, so that it
  ///     need not be unique.
  public init(_ client: Client, at path: String, named name: String? = nil) {
    (self.client, self.path, owner) = (client, path, Owner(name))
  }

  /// The number, as far as this client's server knows.
  ///
  /// - Throws: `.unexpectedAnswer` if the node's data is no number.
  public func value() async throws(ClientError) -> Int { try await read().value }

  /// Adds to the number.
  ///
  /// - Returns: What it has become.
  /// - Throws: `.refused(.badArguments)` if the sum has no place in 64 bits, `.unexpectedAnswer` if
  ///   the node's data is no number; `.sessionExpired`, or `.cancelled` where
  ///   ``ZooKeeperClient/ClientError/isOutcomeUnknown``: it may have been added.
  @discardableResult
  public func add(_ number: Int) async throws(ClientError) -> Int {
    let mark = "\(path)/\(owner.next())"
    while true {
      let (value, version) = try await read()
      let (sum, overflow) = value.addingReportingOverflow(number)
      if overflow {
        throw ClientError(.refused(.badArguments), asking: "add \(number) to \(value) at \(path)")
      }
      if try await set(sum, version, mark) { return sum }
    }
  }

  /// Sets it, if nobody has meanwhile.
  private func set(
    _ value: Int, _ version: Version, _ mark: String
  ) async throws(ClientError) -> Bool {
    let version = without.contains(.setsByVersion) ? .any : version
    let refusal = try await client.shielded { () throws(ClientError) in
      let refusal = try await client.commitOnce(
        [.setData(path: path, data: .utf8("\(value)"), version: version)], mark: mark,
        without: without)
      // If this fails the mark goes with the session.
      if refusal == nil, !without.contains(.leavesMark) { try? await client.remove(mark) }
      return refusal
    }
    guard let refusal else { return true }
    switch refusal.code {
    case .badVersion, .noNode: return false
    default: throw refusal.error(asking: "set \(path)")
    }
  }

  private func read() async throws(ClientError) -> (value: Int, version: Version) {
    while true {
      do throws(ClientError) {
        let (data, stat) = try await client.insist(without: without) { () throws(ClientError) in
          try await client.getData(path)
        }
        guard let value = data.text.flatMap({ Int($0) }) else {
          throw ClientError(.unexpectedAnswer, asking: "the number at \(path)")
        }
        return (value, stat.version)
      } catch {
        guard error.code == .noNode else { throw error }
        try await client.ensure(path, data: .utf8("0"))
      }
    }
  }
}
