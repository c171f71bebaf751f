public import ZooKeeper

/// A session with a ZooKeeper ensemble.
///
/// It begins to connect when it is made, stays connected as long as any server of its list can be
/// reached, and moves the session from server to server without losing watches. Requests are sent
/// in the order in which they are asked. It may be used from any task; its last reference going
/// away breaks the connection, and the session expires a timeout later unless it was closed.
///
/// ```swift
/// import ZooKeeperClient
///
/// let client = try await Client.connect(to: "10.0.0.1:2181,10.0.0.2:2181/app")
/// try await client.create("/config", data: .utf8("v1"))
/// let events = client.events
/// let (data, stat) = try await client.getData("/config", watch: true)
/// print(data.text ?? "", "version", stat.version)
/// for await event in events where event.type == .nodeDataChanged {
///   let (data, _) = try await client.getData(event.path, watch: true)
///   print(event.path, "changed:", data.text ?? "")
/// }
/// ```
///
/// Making a client takes three stages, and each has its part here, under the names that
/// ZooKeeper's own client gives them:
///
/// | stage            | part             | what it does                                         |
/// | ---------------- | ---------------- | ---------------------------------------------------- |
/// | set-up           | default watch    | ``Client/events``: every event, in order             |
/// |                  | ``HostProvider`` | which server next                                    |
/// |                  | ``ClientCnxn``   | the session over all its connections, a value        |
/// |                  | `SendPart`       | carries the session's bytes (a SendThread elsewhere) |
/// |                  | `EventPart`      | hands events out (an EventThread elsewhere)          |
/// | session creation | ``Link``         | a TCP connection, or one within the process          |
/// |                  | ``Connection``   | the ConnectRequest and all that follows, a value     |
/// | response         | ``SessionState`` | CONNECTED, and the event None/SyncConnected          |
///
/// What is left out: SASL by Kerberos, TLS, the search for a full server while connected to a
/// read-only one.
public final class Client: Sendable {
  let part: SendPart
  let link: any Link

  /// Begins a session and connects in the background; requests wait for the connection.
  ///
  /// - Parameters:
  ///   - target: The servers and the root, `host:port,host:port/root`.
  ///   - options: How to behave.
  ///   - link: How to reach the servers.
  /// - Throws: If there is no server in `target`, or it is malformed.
  public convenience init(
    _ target: String, options: ClientOptions = ClientOptions(), over link: any Link = NIOLink()
  ) throws(ClientError) {
    self.init(try ConnectString(target), options: options, over: link)
  }

  /// Begins a session and connects in the background; requests wait for the connection.
  public init(
    _ target: ConnectString, options: ClientOptions = ClientOptions(),
    over link: any Link = NIOLink()
  ) {
    self.link = link
    self.part = SendPart(target, options, link: link)
    part.step(.start)
  }

  deinit { part.step(.drop(reconnecting: false)) }

  /// Begins a session and waits until a server has accepted it.
  ///
  /// ```swift
  /// let client = try await Client.connect(to: "10.0.0.1:2181,10.0.0.2:2181/app")
  /// ```
  ///
  /// - Throws: ``ClientError/Reason/timedOut(sent:)`` if none does within `timeout`, by default the
  ///   session's; ``ClientError/Reason/sessionExpired`` if `options` name a session that is gone.
  public static func connect(
    to target: String, options: ClientOptions = ClientOptions(), timeout: Duration? = nil,
    over link: any Link = NIOLink()
  ) async throws(ClientError) -> Client {
    let client = try Client(target, options: options, over: link)
    try await client.connected(within: timeout ?? options.sessionTimeout)
    return client
  }

  /// Waits until there is a connection.
  ///
  /// ```swift
  /// let client = try Client("10.0.0.1:2181")
  /// try await client.connected(within: .seconds(5))
  /// ```
  public func connected(within timeout: Duration? = nil) async throws(ClientError) {
    try await pend(.connection, timeout).answer()
  }

  /// Ends the session: its ephemeral nodes go, its connection is closed.
  ///
  /// ```swift
  /// let pending = client.ask(.setData(path: "/config", data: nil))
  /// await client.close()
  /// try await pending.answer()   // it was asked before
  /// ```
  ///
  /// Requests that were asked before are answered before. When there is no connection the client
  /// just stops, and the session ends when its time is over.
  public func close() async {
    _ = try? await PendingReply(part, part.close()).reply()
  }

  // MARK: State

  /// What the client knows of its session.
  public var state: SessionState { part.read { $0.state } }

  /// Why the session is over; `nil` while the client does not know that it is.
  public var end: ClientError.Reason? { part.read { $0.end } }

  /// The session's id, password, and the last zxid seen: what another client needs to take it over.
  public var session: SessionTicket { part.read { $0.session } }

  /// The session's timeout as the server granted it.
  public var sessionTimeout: Duration { .milliseconds(part.read { $0.timeout }) }

  // MARK: Asking

  /// Asks anything, at once; the answer can be awaited later.
  ///
  /// ```swift
  /// let first = client.ask(.getData(path: "/a"))
  /// let second = client.ask(.getData(path: "/b"))
  /// print(try await first.answer(), try await second.answer())
  /// ```
  ///
  /// - Parameters:
  ///   - request: What is asked.
  ///   - timeout: How long to wait, ``ClientOptions/requestTimeout`` if not given.
  public func ask(_ request: Request, timeout: Duration? = nil) -> PendingReply {
    pend(.request(request), timeout)
  }

  func pend(_ asking: ClientCnxn.Asking, _ timeout: Duration?) -> PendingReply {
    PendingReply(
      part, part.ask(asking, timeout: timeout.map { Milliseconds($0) }), asking: asking.words)
  }

  // MARK: Events

  /// Every event of this client from now on, in order: watches that fire, and changes of the
  /// connection as events of type None.
  ///
  /// What ZooKeeper calls the default watch. Several tasks may listen, each gets all. What a
  /// listener does not take is kept for it. The sequence ends with the client.
  public var events: AsyncMapSequence<AsyncStream<ArrivedEvent>, WatchEvent> {
    arrivedEvents.map(\.event)
  }

  /// Like ``events``, each with its place among the replies.
  public var arrivedEvents: AsyncStream<ArrivedEvent> {
    let (stream, continuation) = AsyncStream.makeStream(of: ArrivedEvent.self)
    let number = part.listen(.stream(continuation))
    continuation.onTermination = { [weak part] _ in part?.unlisten(number) }
    return stream
  }
}
