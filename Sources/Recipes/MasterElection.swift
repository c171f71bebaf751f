import ZooKeeper
public import ZooKeeperClient

/// One of many processes leads; when it goes, the next in line does.
///
/// ```swift
/// let election = MasterElection(client, at: "/masters/scheduler", as: "10.0.0.7:8080")
/// try await election.leading { office in
///   try await scheduler.run(fencedBy: office.token)      // cancelled when the session ends
/// }
/// ```
///
/// It is the line of ``ExclusiveLock``; each node's data says who its candidate is.
///
/// **Two may believe that they lead**: a master that was stopped for longer than its session lasts
/// goes on where it stopped, and hears of its end a moment later. ZooKeeper cannot prevent it.
/// What masters write to must refuse the token of an earlier one (``Hold/token``).
///
/// Source: ZooKeeper Recipes and Solutions, "Leader Election".
public struct MasterElection: Sendable {
  private let client: Client
  private let path: String
  private let owner: Owner
  private let candidate: Payload
  package var without: Set<Rule> = []

  /// The election at `path`.
  ///
  /// - Parameters:
  ///   - client: The session of the candidate.
  ///   - path: A node of its own, below which nothing else is; made when it is missing.
  ///   - candidate: What others learn of the candidate by ``leader()``, an address for instance.
  ///   - name: See ``ExclusiveLock/init(_:at:named:)``.
  public init(
    _ client: Client, at path: String, as candidate: String, named name: String? = nil
  ) {
    (self.client, self.path, owner) = (client, path, Owner(name))
    self.candidate = .utf8(candidate)
  }

  /// Waits until this candidate leads.
  ///
  /// - Throws: `.timedOut`, `.cancelled`, `.sessionExpired`; it is no candidate any more then.
  public func lead(within timeout: Duration? = nil) async throws(ClientError) -> Hold {
    let line = WaitingLine(
      client: client, path: path, owner: owner.next(), label: "master", data: candidate,
      without: without)
    let turn = try await line.turn(within: timeout) { entries, place in
      place == 0 ? nil : .entry(entries[place - 1])
    }
    return Hold(turn)
  }

  /// Leads while `body` runs; when the session ends, `body` is cancelled.
  public func leading<T: Sendable>(
    within timeout: Duration? = nil, _ body: @escaping @Sendable (Hold) async throws -> T
  ) async throws -> T {
    try await lead(within: timeout).during(body)
  }

  /// Who leads, as far as this client's server knows; nil if nobody does.
  public func leader() async throws(ClientError) -> String? {
    while true {
      do throws(ClientError) {
        guard let first = try await client.entries(in: path).first else { return nil }
        let (data, _) = try await client.insist { () throws(ClientError) in
          try await client.getData("\(path)/\(first.name)")
        }
        return data.text
      } catch {
        // Nobody has ever been a candidate, or the first has gone between the two reads.
        guard error.code == .noNode else { throw error }
        let line = try await client.insist { () throws(ClientError) in
          try await client.exists(path)
        }
        guard line != nil else { return nil }
      }
    }
  }
}
