public import NIOCore
public import ZooKeeper
public import ZooKeeperWire

/// Which of a client's requests; counts up in the order of asking.
public struct Ticket: Hashable, Comparable, Sendable {
  /// The number, counted from 1.
  public let number: Int

  /// The ticket of this number.
  public init(number: Int) { self.number = number }

  /// Whether `a` was asked before `b`.
  public static func < (a: Ticket, b: Ticket) -> Bool { a.number < b.number }
}

/// What a server said to a request.
public struct ArrivedReply: Hashable, Sendable {
  /// What a reply holds.
  public enum Content: Hashable, Sendable {
    /// Success.
    case answer(Answer)
    /// An error.
    case failure(ErrorCode)
    /// The body of a success of an opcode that the client does not know.
    case raw(ByteBuffer)
    /// A success whose body does not decode.
    case malformed(WireError)
  }

  /// The number that the server repeated.
  public var xid: Xid
  /// For a write, its own; for a read, the last that the server had applied.
  public var zxid: Zxid
  /// The answer, or why there is none.
  public var content: Content
  /// Its place among all replies and events that this client got.
  public var place: Int
  /// What stood behind the header, if the connection was told to keep that.
  public var body: ByteBuffer?

  /// A reply of these parts.
  public init(xid: Xid, zxid: Zxid, _ content: Content, place: Int = 0) {
    self.xid = xid
    self.zxid = zxid
    self.content = content
    self.place = place
  }
}

/// An event, and when it came.
public struct ArrivedEvent: Hashable, Sendable {
  /// What a server told, or what the client says about its connection.
  public var event: WatchEvent
  /// What the server sent as zxid: -1 before 3.9, the change's own since; `nil` for the client's
  /// own events.
  public var zxid: Zxid?
  /// Its place among all replies and events that this client got.
  public var place: Int

  /// An event of these parts.
  public init(_ event: WatchEvent, zxid: Zxid?, place: Int = 0) {
    self.event = event
    self.zxid = zxid
    self.place = place
  }
}
