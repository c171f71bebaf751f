/// What a client knows of its session.
///
/// ```
///                 ┌──────────── connection lost, session kept ───────────┐
///                 ▼                                                      │
///  init ──▶ CONNECTING ──▶ CONNECTED, or CONNECTED_READ_ONLY ────────────┤
///                 │                                                      │
///                 ├── session expired (an event), close ──▶ CLOSED ◀─────┤
///                 └── credentials refused ──────────▶ AUTH_FAILED ◀──────┘
/// ```
///
/// CLOSED and AUTH_FAILED are final. There is no state of reconnecting: a client that has lost its
/// connection is CONNECTING again, with the same session, until it hears that the session is gone.
///
/// Source: ZooKeeper Programmer's Guide, "ZooKeeper Sessions"; Apache ZooKeeper,
/// `ZooKeeper.States`.
public enum SessionState: String, Hashable, Sendable {
  /// Looking for a server.
  case connecting = "CONNECTING"
  /// With a server.
  case connected = "CONNECTED"
  /// With a server that has lost its ensemble and serves reads only.
  case connectedReadOnly = "CONNECTED_READ_ONLY"
  /// Closed by the client, or the session has expired.
  case closed = "CLOSED"
  /// Credentials were refused.
  case authFailed = "AUTH_FAILED"

  /// Whether requests are sent.
  public var isConnected: Bool { self == .connected || self == .connectedReadOnly }

  /// Whether nothing will ever be sent again.
  public var isFinal: Bool { self == .closed || self == .authFailed }
}

extension SessionState: CustomStringConvertible {
  /// The documented name.
  public var description: String { rawValue }
}
