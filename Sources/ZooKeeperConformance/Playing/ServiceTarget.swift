public import Conformance
public import ZooKeeper

/// A ZooKeeper service that can be judged.
public protocol ServiceTarget: Sendable {
  /// How it was named: `reference:`, `zookeeper://127.0.0.1:2181`.
  var url: String { get }
  /// What it is, and what may be done to it, in a few words.
  var about: String { get }
  /// Whether all cases share one service; if not, each gets a service of its own.
  var isShared: Bool { get }
  /// The node below which everything happens: `/app`, or nothing for the server's own root.
  var root: String { get }
  /// A service to talk to.
  func world() async throws(TargetError) -> any ServiceWorld
  /// What else listens there, when it is no server of the right kind.
  func otherVoice() async -> TargetError.Reason?
  /// The same service in other editions, for cases that hold for these alone; each with what
  /// probing found.
  func editions() async -> [(service: any ServiceTarget, profile: Profile)]
}

extension ServiceTarget {
  /// All of the server.
  public var root: String { "" }
  /// Nothing else does.
  public func otherVoice() async -> TargetError.Reason? { nil }
  /// It is what it is.
  public func editions() async -> [(service: any ServiceTarget, profile: Profile)] { [] }
}

/// A service and the time that it lives in.
public protocol ServiceWorld: Sendable {
  /// Milliseconds by a clock that never goes back, virtual or real.
  var now: Int64 { get }
  /// The wall clock of whoever asks, in milliseconds since 1970.
  var wallClock: Int64 { get }
  /// Whether time is virtual, so that waiting costs nothing.
  var isVirtual: Bool { get }
  /// Lets time pass.
  func pass(_ milliseconds: Int64) async
  /// Lets all that `send` sends on several lines be under way before any reply comes.
  func together(_ send: () -> Void)
  /// Opens a connection and asks for nothing.
  func open(until deadline: Int64) async throws(TargetError) -> any ServiceLine
  /// Opens a connection and asks for a session.
  ///
  /// - Throws: If there is no connection at all; what the server answers is ``Welcome``.
  func dial(
    _ greeting: Greeting, until deadline: Int64
  ) async throws(TargetError) -> (any ServiceLine, Welcome)
}

/// One connection to a service.
///
/// Requests are answered by tickets, so that many can be under way; whatever comes is given out in
/// the order in which it came.
public protocol ServiceLine: Sendable {
  /// Sends requests in one piece, and gives each a ticket.
  func send(_ outgoing: [Outgoing]) -> [Int]
  /// What came next; nil if nothing came until then.
  func next(until deadline: Int64) async -> Arrival?
  /// Sends bytes that no session stands behind.
  func sendRaw(_ bytes: [UInt8])
  /// Breaks the connection off.
  func hangUp() async
  /// Sends nothing more on its own.
  func stopPinging()
  /// Takes nothing more, and sends nothing on its own: what the server sends piles up.
  func stopReading()
  /// Takes again what the server has sent, after ``stopReading()``.
  func readAgain()
  /// What stood in the answer to the greeting; nil if none came.
  var welcomeFields: WelcomeFields? { get }
  /// When something was last sent, by the world's clock; pings count.
  var lastSent: Int64 { get }
  /// When something last came.
  var lastHeard: Int64 { get }
  /// The bytes that went both ways since this was last asked.
  func takeFrames() -> [(isSent: Bool, bytes: [UInt8])]
}

/// What a client says when it connects.
public struct Greeting: Hashable, Sendable {
  /// The session timeout that it would like, in milliseconds.
  public var timeout: Int32
  /// The session that it resumes, none for a new one.
  public var session: SessionID
  /// That session's password; nil for null, which some clients send for a new session.
  public var password: [UInt8]?
  /// The last zxid that it has seen.
  public var lastSeen: Zxid
  /// Whether a server that only reads will do; nil leaves the byte away, as old clients do.
  public var readOnly: Bool? = false

  /// The greeting of these parts; without them it asks for a new session.
  public init(
    timeout: Int32, session: SessionID = .none, password: [UInt8]? = Array(repeating: 0, count: 16),
    lastSeen: Zxid = .zero
  ) {
    self.timeout = timeout
    self.session = session
    self.password = password
    self.lastSeen = lastSeen
  }
}

/// What stands in the answer to a greeting, granted or not.
public struct WelcomeFields: Hashable, Sendable {
  /// The session's id, 0 for none.
  public var session: SessionID
  /// Whether the server only reads; nil if it does not say.
  public var readOnly: Bool?
  /// The version of the protocol.
  public var version: Int32

  /// The fields of an answer.
  public init(session: SessionID, readOnly: Bool?, version: Int32) {
    self.session = session
    self.readOnly = readOnly
    self.version = version
  }
}

/// How the server answers a greeting.
public enum Welcome: Hashable, Sendable {
  /// With a session.
  case session(SessionID, password: [UInt8], timeout: Int32)
  /// That the session is no more, or was never this client's.
  case expired
  /// With an error instead of a session.
  case refused(ErrorCode)
  /// By closing the connection.
  case closed
  /// Not at all.
  case silence
  /// With bytes that the protocol does not know.
  case rubbish(String)
}

/// What a client sends.
public enum Outgoing: Hashable, Sendable {
  /// A request.
  case request(Request)
  /// A request, and bytes behind its record in the same frame.
  case exceeding(Request, [UInt8])
  /// A request given in bytes; the next xid if none is given.
  case raw(opcode: Int32, body: [UInt8], xid: Int32?)
  /// Bytes as they are.
  case bytes([UInt8])
}

/// What comes over a connection.
public enum Arrival: Hashable, Sendable {
  /// A reply to the request with this ticket.
  case reply(Int, Response)
  /// A watch fired.
  case event(WatchEvent, zxid: Zxid)
  /// The server closed the connection; the last that comes.
  case closed
  /// Bytes that the protocol does not know, in words; the last that comes.
  case rubbish(String)
  /// The server has not answered pings; the last that comes.
  case silence
}

/// A reply as it came.
public struct Response: Hashable, Sendable {
  /// The number that the server repeated.
  public var xid: Int32
  /// The zxid in the header.
  public var zxid: Zxid
  /// What it says.
  public var content: Content
  /// What stands behind the header.
  public var body: [UInt8]

  /// What a reply can say.
  public enum Content: Hashable, Sendable {
    /// Success.
    case answer(Answer)
    /// An error.
    case failure(ErrorCode)
    /// The success of an operation that the client does not know.
    case raw
    /// A success whose body does not decode, in words.
    case malformed(String)
  }

  /// The reply of these parts.
  public init(xid: Int32, zxid: Zxid, _ content: Content, body: [UInt8] = []) {
    self.body = body
    self.xid = xid
    self.zxid = zxid
    self.content = content
  }
}
