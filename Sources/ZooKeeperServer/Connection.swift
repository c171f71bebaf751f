public import NIOCore
public import ZooKeeper
internal import ZooKeeperWire

/// The number of a connection, which is also the watcher that it is.
public typealias ConnectionID = WatcherID

/// What a server wants done, in this order.
public enum Output: Hashable, Sendable {
  /// Send these bytes.
  case send(ByteBuffer, to: ConnectionID)
  /// Close the connection, once all that was sent on it before is out.
  case close(ConnectionID)
}

extension Output {
  /// The connection that it is about.
  var connection: ConnectionID {
    switch self {
    case .send(_, let id), .close(let id): id
    }
  }
}

/// What a server knows of one connection.
struct Connection: Sendable {
  /// Where a connection stands.
  enum Phase: Hashable, Sendable {
    /// Nothing whole has arrived.
    ///
    /// Next: `serving`, or gone: by a four-letter word, a refusal, or because nothing came until
    /// the deadline.
    case greeting
    /// It carries this session until it is gone.
    case serving(SessionID)
    /// It is read no more and never answered: how a thread of Apache's that died treats its peer.
    case abandoned
  }

  let address: String
  /// Whether it speaks TLS.
  let isSecure: Bool
  var phase = Phase.greeting
  var reader: FrameReader
  var identities: [Identity]
  var sasl = SASLExchange.begins
  /// What has arrived whole and is not served yet.
  var requests: ArraySlice<ClientFrame> = []
  /// The bytes of that, and something for each.
  var backlog = 0
  /// Nothing is served: its peer does not take its replies.
  var isHeldBack = false
  /// Why what follows the requests cannot be read: the connection ends after them.
  var fault: ConnectionEnd?
  /// The peer's port, or what stands for it: each connection's own.
  let port: Int
  /// When it began, in milliseconds since 1970.
  let established: Int64
  var traffic = Traffic()
  var last = LastResponse()
  /// Milliseconds from its requests to their replies.
  var latencies = Measures.Summary()
  /// How many of its requests are served, and the answers wait for the disk.
  var unanswered = 0
  /// How many bytes have stood behind its requests' records.
  var excess = 0
  /// Frames to be sent after the next reply on this connection; only quirks hold any back.
  var late: [ServerFrame] = []
  /// The events that it was sent, counted for quirks.
  var events = 0
  /// Whom it had shown to be when it left a watch on a path, for quirks.
  var watching: [String: [Identity]] = [:]

  init(address: String, port: Int, isSecure: Bool, frameLimit: Int, established: Int64) {
    self.address = address
    self.isSecure = isSecure
    self.port = port
    self.established = established
    reader = FrameReader(limit: frameLimit)
    identities = Authentication.initial(address: address)
  }

  var session: SessionID? {
    if case .serving(let session) = phase { session } else { nil }
  }
}
