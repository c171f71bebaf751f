import EmbeddedServers
import NIOCore
import Synchronization
import ZooKeeper
import ZooKeeperClient
import ZooKeeperServer
import ZooKeeperWire

/// Where a client is judged: a server in memory whose links are written down, and virtual time.
final class ClientStage: Sendable {
  let network: MemoryNetwork<EmbeddedServer>
  let record = ClientRecord()
  private let flaw: ClientFlaw?
  /// The clients that are judged: none goes before all is over.
  private let clients = Mutex<[Client]>([])

  init(flaw: ClientFlaw?) {
    self.flaw = flaw
    network = MemoryNetwork(EmbeddedServer(Server(ReferenceTarget.usual)))
  }

  /// The client that is judged, as it begins, with time enough to reach a server.
  func begin(
    _ target: String = "one", _ change: (inout ClientOptions) -> Void = { _ in }
  ) throws(ClientError) -> Judged {
    var options = ClientOptions()
    options.seed = 1
    options.reading = .strict
    change(&options)
    flaw?.options(&options)
    let link = WitnessLink(inner: network.link, record: record, flaw: flaw)
    let client = try Client(target, options: options, over: link)
    clients.withLock { $0.append(client) }
    let judged = Judged(client: client, stage: self, flaw: flaw)
    pass(.milliseconds(1))
    return judged
  }

  /// Somebody else, whom nobody judges.
  func other() async throws(ClientError) -> Client {
    try await Client.connect(to: "other", over: network.link)
  }

  /// Lets time pass.
  func pass(_ duration: Duration) { network.advance(by: duration) }

  /// Waits for a reply; one that is not there at once comes when time passes, or never.
  func reply(_ pending: PendingReply) async throws(ClientError) -> ArrivedReply {
    if !pending.isSettled { pass(.seconds(60)) }
    guard pending.isSettled else { throw ClientError(.timedOut(sent: true)) }
    return try await pending.reply()
  }

  /// From now on nothing listens there; or something does again.
  func setReachable(_ isReachable: Bool, _ host: String) {
    network.setReachable(isReachable, HostAddress(host: host))
  }

  /// The client that is judged, and what it has told its user.
  struct Judged: Sendable {
    let client: Client
    private let inbox: EventInbox
    private let stage: ClientStage
    private let flaw: ClientFlaw?

    fileprivate init(client: Client, stage: ClientStage, flaw: ClientFlaw?) {
      self.client = client
      self.stage = stage
      self.flaw = flaw
      inbox = client.inbox()
    }

    /// Writes down what the user is told and what the client says it is.
    ///
    /// - Parameter replies: Replies to be told at their place among the events.
    func tell(_ replies: [(words: String, reply: ArrivedReply)] = []) {
      var events = inbox.take()
      flaw?.events(&events)
      var told = events.map { (place: $0.place, line: "! \($0.event.words)") }
      told += replies.map { (place: $0.reply.place, line: "! the reply to \($0.words)") }
      // Events alone stand in the order in which they were told.
      if !replies.isEmpty { told.sort { $0.place < $1.place } }
      for each in told { stage.record.add(each.line) }
      stage.record.add("= \(client.state)")
    }

    /// Asks, and waits for the reply.
    @discardableResult
    func reply(to request: Request) async throws(ClientError) -> ArrivedReply {
      try await stage.reply(client.ask(request))
    }

    /// Writes down what became of a request.
    func tell(_ words: String, _ pending: PendingReply) async {
      do throws(ClientError) {
        let reply = try await stage.reply(pending)
        if case .failure(let code) = reply.content { throw ClientError(.refused(code)) }
        stage.record.add("\(words): ok")
      } catch {
        stage.record.add("\(words): \(error.reason)")
      }
    }
  }
}

extension WatchEvent {
  /// As it is told: an event of the connection by its state, one of a node by its path.
  fileprivate var words: String { type == .none ? "\(state)" : "\(type) \(path)" }
}
