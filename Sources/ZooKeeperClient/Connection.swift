public import NIOCore
public import ZooKeeper
public import ZooKeeperWire

/// One TCP connection to a server, from the handshake to its end, as a value: bytes and the time
/// go in, bytes and arrivals come out.
///
/// It owns no socket and no clock.
///
/// ```
///              session                     peer closed, silence,
/// greeting ─────────────▶ live ───────────────────────────────▶ over
///     └──────────────────────────────────────────────────────────▲
///        refused, expired, peer closed, silence, not understood
/// ```
///
/// Replies come in the order of the requests, so what is unanswered is a queue, and a reply whose
/// number is not the first one's is a fault that ends the connection. Two kinds stand outside:
/// authentication is answered when it is read and may overtake; a ping is answered with its own
/// number, -2, whatever it carried.
///
/// When nothing is heard for two thirds of the session's timeout the connection is over: one third
/// is left to find another server. A ping goes out when nothing else did for half of that.
///
/// Source: ZooKeeper Programmer's Guide, "ZooKeeper Sessions"; Apache ZooKeeper, `ClientCnxn`.
public struct Connection: Sendable {
  /// The state and what is true in it only; what grows stands beside it.
  enum State {
    /// The ConnectRequest is out. Next: live, over.
    case greeting(until: Milliseconds)
    /// The server has granted a session. Next: over.
    case live(Pace)
    /// Nothing comes any more. Last.
    case over
  }

  /// A session's times, in milliseconds.
  struct Pace {
    /// The longest silence.
    let silence: Milliseconds
    /// The longest time without sending.
    let idle: Milliseconds

    init(timeout: Int32) {
      silence = Milliseconds(timeout) * 2 / 3
      idle = min(silence / 2, 10_000)
    }
  }

  /// Why a connection is over.
  public enum Ending: Hashable, Sendable {
    /// The server closed it, or the network broke it.
    case peerClosed
    /// Nothing was heard for two thirds of the session's timeout.
    case silence
    /// There was no connection: nothing listens there, or nothing answers.
    case unreachable
    /// No answer to the ConnectRequest came in time.
    case noGreeting
    /// This client dropped it.
    case dropped
    /// The server does not want a new session, with this code: it is read-only.
    case refused(ErrorCode)
    /// Bytes that the protocol does not know.
    case malformed(WireError)
    /// A reply to something that was not the next to be answered.
    case outOfOrder(got: Xid, expected: Xid?)
  }

  /// What comes out of a connection.
  public enum Arrival: Hashable, Sendable {
    /// The answer to the ConnectRequest, a session or word that it has expired.
    case greeting(ConnectResponse)
    /// The reply to the request with this ticket.
    case reply(Ticket?, ArrivedReply)
    /// A watch has fired.
    case event(WatchEvent, zxid: Zxid)
    /// Nothing comes any more; always the last.
    case over(Ending)
  }

  struct Pending {
    let ticket: Ticket?
    let header: RequestHeader
  }

  /// How forgiving decoding is.
  public let reading: Reading
  /// Whether the connection pings and ends itself in silence.
  public var keepsAlive: Bool
  /// Whether replies carry their bodies as bytes too.
  public var keepsBodies = false

  private(set) var state: State
  private var reader: FrameReader
  private var unanswered = CircularBuffer<Pending>()
  private var overtaking: [Pending] = []
  private var output = ByteBuffer()
  private var lastSent: Milliseconds
  private var lastHeard: Milliseconds

  /// A connection that has just been made: it greets.
  ///
  /// - Parameters:
  ///   - greeting: The session that is wanted.
  ///   - deadline: When the server must have answered.
  ///   - reading: How strictly the server's frames are read.
  ///   - receiveLimit: The longest frame that is read, in bytes.
  ///   - keepsAlive: Whether it pings, and takes a silent server for gone.
  ///   - now: The time.
  public init(
    greeting: ConnectRequest, until deadline: Milliseconds, reading: Reading = .lenient,
    receiveLimit: Int = FrameReader.clientLimit, keepsAlive: Bool = true, now: Milliseconds
  ) {
    self.reading = reading
    self.keepsAlive = keepsAlive
    self.reader = FrameReader(limit: receiveLimit)
    self.state = .greeting(until: deadline)
    self.lastSent = now
    self.lastHeard = now
    output.writeFrame { greeting.write(to: &$0) }
  }

  // MARK: Queries

  /// When the next ``tick(now:)`` is due; `nil` if time does not matter.
  public var deadline: Milliseconds? {
    switch state {
    case .greeting(let until): until
    case .live(let pace):
      keepsAlive ? min(pace.silence.after(lastHeard), pace.idle.after(lastSent)) : nil
    case .over: nil
    }
  }

  /// The requests without a reply, in the order in which they were sent.
  public var unansweredTickets: [Ticket] {
    (overtaking.compactMap(\.ticket) + unanswered.compactMap(\.ticket)).sorted()
  }

  // MARK: Sending

  /// Takes the bytes that are to be sent, `nil` if there are none.
  public mutating func takeOutput() -> ByteBuffer? {
    guard output.readableBytes > 0 else { return nil }
    defer { output = ByteBuffer() }
    return output
  }

  /// Sends a request.
  ///
  /// - Parameters:
  ///   - frame: The request.
  ///   - ticket: What the reply will carry; `nil` if nobody waits for it.
  ///   - limit: The longest frame that may be sent.
  ///   - now: The time.
  /// - Returns: The frame's length if it is over the limit, so that nothing was sent.
  @discardableResult
  public mutating func send(
    _ frame: ClientFrame, _ ticket: Ticket?, limit: Int = .max, now: Milliseconds
  ) -> Int? {
    if case .over = state { return nil }
    let start = output.writerIndex
    let length = frame.write(to: &output)
    if length > limit {
      output.moveWriterIndex(to: start)
      return length
    }
    let pending = Pending(ticket: ticket, header: frame.header)
    if Connection.overtakes(frame.header.opcode) {
      overtaking.append(pending)
    } else {
      unanswered.append(pending)
    }
    lastSent = now
    return nil
  }

  /// Sends bytes as they are; nothing is expected in return.
  public mutating func send(bytes: ByteBuffer, now: Milliseconds) {
    if case .over = state { return }
    output.writeImmutableBuffer(bytes)
    lastSent = now
  }

  private static func overtakes(_ opcode: Opcode) -> Bool {
    opcode == .auth || opcode == Opcode(rawValue: 102)
  }

  // MARK: Transitions

  /// Takes bytes from the server.
  public mutating func receive(_ bytes: ByteBuffer, now: Milliseconds) -> [Arrival] {
    if case .over = state { return [] }
    reader.append(bytes)
    lastHeard = now
    var arrivals: [Arrival] = []
    do throws(WireError) {
      while let frame = try reader.next() {
        arrivals += try take(frame)
        if case .over = state { return arrivals }
      }
    } catch {
      arrivals += end(.malformed(error))
    }
    return arrivals
  }

  /// Lets time pass: a ping may go out, or the server has been silent for too long.
  public mutating func tick(now: Milliseconds) -> [Arrival] {
    switch state {
    case .greeting(let until):
      return now >= until ? end(.noGreeting) : []
    case .live(let pace):
      guard keepsAlive else { return [] }
      if now >= pace.silence.after(lastHeard) { return end(.silence) }
      if now >= pace.idle.after(lastSent) { send(ClientFrame(xid: .ping, .ping), nil, now: now) }
      return []
    case .over:
      return []
    }
  }

  /// Ends the connection: the server did, or this side wants to.
  public mutating func end(_ ending: Ending) -> [Arrival] {
    if case .over = state { return [] }
    state = .over
    return [.over(ending)]
  }

  private mutating func take(_ frame: ByteBuffer) throws(WireError) -> [Arrival] {
    switch state {
    case .greeting: try greet(frame)
    case .live: try takeMessage(frame)
    case .over: []
    }
  }

  private mutating func greet(_ frame: ByteBuffer) throws(WireError) -> [Arrival] {
    switch try ConnectAnswer(decoding: frame, reading) {
    case .refused(let header):
      return end(.refused(header.error))
    case .response(let response):
      // When the session is gone the server closes the connection, but others may not.
      if response.isExpired { return [.greeting(response)] + end(.peerClosed) }
      state = .live(Pace(timeout: response.timeout))
      return [.greeting(response)]
    }
  }

  private mutating func takeMessage(_ frame: ByteBuffer) throws(WireError) -> [Arrival] {
    var reader = JuteReader(frame, reading)
    let header = try ReplyHeader(from: &reader)
    if header.xid == .notification {
      let event = try WatchEvent(from: &reader)
      try reader.end()
      return [.event(event, zxid: header.zxid)]
    }
    guard let asked = popPending(header.xid) else {
      return end(.outOfOrder(got: header.xid, expected: unanswered.first?.header.xid))
    }
    let body = reader.rest
    let content = Connection.content(header, asked.header.opcode, &reader)
    if asked.ticket == nil, asked.header.opcode == .ping { return [] }
    var reply = ArrivedReply(xid: header.xid, zxid: header.zxid, content)
    if keepsBodies { reply.body = body }
    return [.reply(asked.ticket, reply)]
  }

  /// Takes out the request that a reply with this number answers.
  private mutating func popPending(_ xid: Xid) -> Pending? {
    if let index = overtaking.firstIndex(where: { $0.header.xid == xid }) {
      return overtaking.remove(at: index)
    }
    if xid == .ping {
      guard let index = unanswered.firstIndex(where: { $0.header.opcode == .ping }) else {
        return nil
      }
      return unanswered.remove(at: index)
    }
    return unanswered.first?.header.xid == xid ? unanswered.popFirst() : nil
  }

  private static func content(
    _ header: ReplyHeader, _ opcode: Opcode, _ reader: inout JuteReader
  ) -> ArrivedReply.Content {
    guard header.error == .ok else { return .failure(header.error) }
    let body = reader.rest
    do throws(WireError) {
      guard let answer = try Answer.read(opcode, from: &reader) else { return .raw(body) }
      return .answer(answer)
    } catch {
      return .malformed(error)
    }
  }
}

extension Connection.Ending: CustomStringConvertible {
  /// The ending in words.
  public var description: String {
    switch self {
    case .peerClosed: "the server closed the connection"
    case .silence: "the server was silent for too long"
    case .unreachable: "no connection could be made"
    case .noGreeting: "the server did not answer the handshake"
    case .dropped: "dropped by the client"
    case .refused(let code): "the server refused a session: \(code)"
    case .malformed(let error): "the server sent rubbish: \(error)"
    case .outOfOrder(let got, let expected?): "a reply to \(got) instead of \(expected)"
    case .outOfOrder(let got, nil): "a reply to \(got), which nobody asked"
    }
  }
}
