import NIOCore
import Synchronization
import ZooKeeper
import ZooKeeperClient
import ZooKeeperWire

/// What passes between a client and the servers, in the order in which it passes, a line each.
final class ClientRecord: Sendable {
  private let state = Mutex(State())

  private struct State {
    var lines: [String] = []
    var sessions: [SessionID] = []
    var lastEvent = Zxid.zero
  }

  func add(_ line: String) { state.withLock { $0.lines.append(line) } }

  /// The largest zxid of an event so far, on whatever connection.
  var lastEvent: Zxid { state.withLock(\.lastEvent) }

  func note(event zxid: Zxid) {
    state.withLock { $0.lastEvent = max($0.lastEvent, zxid) }
  }

  var lines: [String] { state.withLock(\.lines) }

  /// Sessions are named in the order in which they appear: ids differ from server to server.
  func name(_ session: SessionID) -> String {
    guard session != .none else { return "a new session" }
    return state.withLock { state in
      if !state.sessions.contains(session) { state.sessions.append(session) }
      return "session \((state.sessions.firstIndex(of: session) ?? 0) + 1)"
    }
  }
}

/// A link that writes down all that passes, after a flaw has had its hand in it.
///
/// It takes a millisecond to connect: whoever dials has time to listen.
struct WitnessLink<Inner: Link>: Link {
  let inner: Inner
  let record: ClientRecord
  let flaw: ClientFlaw?

  var now: Milliseconds { inner.now }

  func dial(_ host: HostAddress, _ number: Int, for receiver: any LinkReceiver) -> any Line {
    let line = WitnessLine(number, for: receiver, record, flaw) { [inner, record] line in
      record.add("dials \(host.host)")
      return inner.dial(host, number, for: line)
    }
    inner.wake(at: now + 1, line)
    return line
  }

  func wake(at time: Milliseconds, _ receiver: any LinkReceiver) {
    inner.wake(at: time, receiver)
  }
}

/// One connection of such a link.
private final class WitnessLine: Line, LinkReceiver {
  private let number: Int
  private weak let receiver: (any LinkReceiver)?
  private let record: ClientRecord
  private let flaw: ClientFlaw?
  private let dialing: @Sendable (WitnessLine) -> any Line
  private let state = Mutex(State())

  private struct State {
    var line: (any Line)?
    var isUnwanted = false
    var early: [ByteBuffer] = []
    var sent = FrameReader(limit: FrameReader.serverLimit)
    var received = FrameReader(limit: FrameReader.clientLimit)
    var hasGreeted = false
    var isGreeted = false
  }

  init(
    _ number: Int, for receiver: any LinkReceiver, _ record: ClientRecord, _ flaw: ClientFlaw?,
    dialing: @escaping @Sendable (WitnessLine) -> any Line
  ) {
    self.number = number
    self.receiver = receiver
    self.record = record
    self.flaw = flaw
    self.dialing = dialing
  }

  /// It is time to dial.
  func woke(_ time: Milliseconds) {
    guard !state.withLock({ $0.isUnwanted || $0.line != nil }) else { return }
    let line = dialing(self)
    let early = state.withLock { state in
      state.line = line
      return state.early
    }
    for bytes in early { line.write(bytes) }
  }

  // MARK: What the client says

  func write(_ bytes: ByteBuffer) {
    let (frames, greets) = state.withLock { state in
      defer { state.hasGreeted = true }
      return (Self.frames(in: &state.sent, with: bytes), !state.hasGreeted)
    }
    var out = ByteBuffer()
    var rest = frames[...]
    if greets, let first = rest.popFirst() { greet(first, &out) }
    var requests = rest.compactMap { try? ClientFrame(decoding: $0, .strict) }
    flaw?.requests(&requests, number)
    for frame in requests {
      record.add("→ \(frame.words)")
      frame.write(to: &out)
    }
    guard out.readableBytes > 0 else { return }
    let line = state.withLock { state in
      // The connection is told that it is open before it is given out.
      if state.line == nil { state.early.append(out) }
      return state.line
    }
    line?.write(out)
  }

  private func greet(_ frame: ByteBuffer, _ out: inout ByteBuffer) {
    guard var hello = try? ConnectRequest(decoding: frame, .strict) else { return }
    flaw?.hello(&hello, number)
    if flaw?.countsEvents == true { hello.lastZxidSeen = max(hello.lastZxidSeen, record.lastEvent) }
    let seen = hello.lastZxidSeen == .zero ? "nothing" : "zxid \(hello.lastZxidSeen.rawValue)"
    record.add("→ asks for \(record.name(hello.session)), \(hello.timeout) ms, has seen \(seen)")
    out.writeFrame { hello.write(to: &$0) }
  }

  func hangUp() {
    let line = state.withLock { state -> (any Line)? in
      state.isUnwanted = true
      return state.line
    }
    record.add("hangs up")
    line?.hangUp()
  }

  func stopReading() { state.withLock(\.line)?.stopReading() }

  func readAgain() { state.withLock(\.line)?.readAgain() }

  // MARK: What it hears

  func opened(_ number: Int) { receiver?.opened(number) }

  func received(_ bytes: ByteBuffer, _ number: Int) {
    let (frames, isFirst) = state.withLock { state in
      defer { state.isGreeted = true }
      return (Self.frames(in: &state.received, with: bytes), !state.isGreeted)
    }
    for (place, frame) in frames.enumerated() {
      record.add("← " + (isFirst && place == 0 ? welcome(frame) : words(of: frame)))
    }
    receiver?.received(bytes, number)
  }

  func ended(_ number: Int) {
    record.add("the connection ends")
    receiver?.ended(number)
  }

  private func welcome(_ frame: ByteBuffer) -> String {
    guard case .response(let response)? = try? ConnectAnswer(decoding: frame, .strict) else {
      return "no session"
    }
    return response.isExpired
      ? "expired" : "\(record.name(response.session)), \(response.timeout) ms"
  }

  private func words(of frame: ByteBuffer) -> String {
    let read = try? ServerFrame(decoding: frame, .lenient) { _ in .ping }
    switch read {
    case .event(let event, let zxid):
      record.note(event: zxid)
      return "\(event.type) \(event.path)"
    case .reply(_, let reply):
      if case .failure(let code) = reply.result { return "\(code)" }
      return "ok"
    default: return "ok"
    }
  }

  private static func frames(
    in reader: inout FrameReader, with bytes: ByteBuffer
  ) -> [ByteBuffer] {
    reader.append(bytes)
    var frames: [ByteBuffer] = []
    while let frame = (try? reader.next()) ?? nil { frames.append(frame) }
    return frames
  }
}

extension ClientFrame {
  /// What is asked, in a few words.
  fileprivate var words: String {
    guard case .request(let request) = content else { return "\(header.opcode)" }
    switch request {
    case .create(let create): return "create \(create.path)"
    case .delete(let path, _): return "delete \(path)"
    case .exists(let path, let watch): return "exists \(path)\(watch ? " watch" : "")"
    case .getData(let path, let watch): return "getData \(path)\(watch ? " watch" : "")"
    case .getChildren(let path, let watch, _): return "getChildren \(path)\(watch ? " watch" : "")"
    case .setData(let path, _, _): return "setData \(path)"
    case .auth(let scheme, _): return "auth \(scheme)"
    case .setWatches(let watches):
      let lists = [
        ("data", watches.data), ("exist", watches.exist), ("child", watches.child),
        ("persistent", watches.lasting?.persistent ?? []),
        ("recursive", watches.lasting?.recursive ?? []),
      ]
      let told = lists.filter { !$0.1.isEmpty }.map {
        "\($0.0) \($0.1.sorted().joined(separator: " "))"
      }
      return "setWatches since \(watches.relativeZxid.rawValue): \(told.joined(separator: ", "))"
    case .closeSession: return "closeSession"
    case .ping: return "ping"
    default: return "\(request.opcode)"
    }
  }
}
