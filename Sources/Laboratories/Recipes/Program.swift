package import Recipes
import Synchronization
import ZooKeeper
package import ZooKeeperClient

/// What the processes of a scenario do with a recipe, and what judges it.
package struct Program: Sendable {
  /// Its name: `lock`.
  package let name: String
  /// How many processes there are.
  package let processes: Int
  /// The uses that it is.
  package let claims: [String]
  /// Whether nothing may fail for a lost connection alone; the client itself tells of each.
  package let endures: Bool
  /// Whether it says how long it waits: then it may be told that the time is over.
  package let givesTime: Bool
  /// What each of them does; it ends when it has done it.
  package let run: @Sendable (Process, Set<Rule>) async throws -> Void
  /// A judge of a new run.
  package let judge: @Sendable () -> any Judge

  package init(
    _ name: String, processes: Int, claims: [String] = [], endures: Bool = true,
    givesTime: Bool = false, judge: @escaping @Sendable () -> any Judge,
    run: @escaping @Sendable (Process, Set<Rule>) async throws -> Void
  ) {
    (self.name, self.processes, self.claims) = (name, processes, claims)
    (self.endures, self.givesTime) = (endures, givesTime)
    (self.judge, self.run) = (judge, run)
  }
}

/// One process of a scenario: its way to the server, and its voice.
package final class Process: Sendable {
  /// Its place among all, from 0.
  package let index: Int
  private let link: any Link
  private let target: String
  /// How long its sessions last without a sign of life.
  private let sessionTimeout: Duration
  let resource: FencedResource
  private let say: @Sendable (Note) -> Void
  private let clients = Mutex<[(client: Client, inbox: EventInbox)]>([])

  /// Its name: a, b, c.
  package var name: String { Fault.name(index) }

  init(
    _ index: Int, over link: any Link, to target: String, guarding resource: FencedResource,
    sessionTimeout: Duration = .seconds(4),
    saying say: @escaping @Sendable (Note) -> Void
  ) {
    (self.index, self.link, self.target, self.say) = (index, link, target, say)
    (self.resource, self.sessionTimeout) = (resource, sessionTimeout)
  }

  /// A new session.
  package func connect() async throws(ClientError) -> Client {
    let number = clients.withLock(\.count)
    var options = ClientOptions()
    options.sessionTimeout = sessionTimeout
    options.seed = UInt64(index) << 32 | UInt64(number)
    let client = try Client(target, options: options, over: link)
    let inbox = client.inbox()
    clients.withLock { $0.append((client, inbox)) }
    try await client.connected(within: .seconds(60))
    return client
  }

  /// A name that no other session of the scenario has.
  package func name(of client: Client) -> String {
    name + "\(clients.withLock { $0.firstIndex { $0.client === client } ?? 0 })"
  }

  /// Says something to the judge.
  ///
  /// - Parameter knewEnd: Whether its client knew that the session was over when it decided to do
  ///   what it says; what it knows now, if nil.
  package func note(_ what: Note.What, in client: Client, knewEnd: Bool? = nil) {
    say(
      Note(
        process: index, session: client.session.id, knowsEnd: knewEnd ?? (client.end != nil),
        time: client.now, what: what))
  }

  /// Whether its newest client has a connection.
  var isConnected: Bool { all.last?.state.isConnected ?? false }

  /// Its clients, the oldest first.
  var all: [Client] { clients.withLock { $0.map(\.client) } }

  /// The events that its clients have got.
  func events() -> [WatchEvent] {
    clients.withLock { $0.map(\.inbox) }.flatMap { $0.all.map(\.event) }
  }

  func forgetClients() { clients.withLock { $0 = [] } }
}
