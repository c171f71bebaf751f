public import NIOCore
internal import ZooKeeper
public import ZooKeeperWire

/// What a conformance suite needs and an application does not.
extension Client {
  /// Breaks the TCP connection without a word and keeps the session.
  ///
  /// - Parameter reconnecting: Go on to the next server; otherwise stay without one until
  ///   ``reconnect()``.
  public func drop(reconnecting: Bool = false) { part.step(.drop(reconnecting: reconnecting)) }

  /// Looks for a server again, with the same session, after a ``drop(reconnecting:)``.
  public func reconnect() { part.step(.start) }

  /// Ends the session like ``close()``; the answer can be awaited later.
  public func askToClose() -> PendingReply { PendingReply(part, part.close()) }

  /// Pings no more, and does not mind silence, or does both again.
  ///
  /// Without pings the session will expire though the connection stands.
  public func keepAlive(_ keepsAlive: Bool) { part.step(.keepAlive(keepsAlive)) }

  /// Sends any opcode with any body, paths and all as they are.
  ///
  /// - Parameters:
  ///   - opcode: What is asked.
  ///   - body: What stands behind the header.
  ///   - xid: The number, the next one if not given.
  ///   - timeout: How long to wait, ``ClientOptions/requestTimeout`` if not given.
  public func askRaw(
    _ opcode: Opcode, body: ByteBuffer, xid: Xid? = nil, timeout: Duration? = nil
  ) -> PendingReply {
    pend(.raw(opcode, body, xid: xid), timeout)
  }

  /// Sends bytes as they are, with no regard for frames; no reply is expected.
  public func send(bytes: ByteBuffer) { part.step(.bytes(bytes)) }

  /// Keeps every event from now on until it is taken out.
  public func inbox() -> EventInbox {
    let inbox = EventInbox()
    _ = part.listen(.inbox(inbox))
    return inbox
  }

  /// The watches that the server holds for this session, as the client counts them.
  public var watches: WatchRegistry { part.read { $0.watches } }

  /// Why the last connection that is over is over, `nil` if none is.
  public var lastEnding: Connection.Ending? { part.read { $0.lastEnding } }

  /// The number of connections that were tried.
  public var connectionCount: Int { part.read { $0.number } }
}
