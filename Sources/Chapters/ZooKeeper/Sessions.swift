/// The clock of sessions: who is alive, and since when nothing was heard of whom.
///
/// Only the leader (or a server alone) expires sessions. It does not watch each one's time:
/// sessions wait in buckets, one a tick, and a bucket is emptied when its time has come. So a
/// session lives at least its timeout after it was last heard of, and at most a tick longer.
///
/// Time comes in with every call, in milliseconds of a clock that never goes back. Which sessions
/// exist is replicated (``Tree/openSessions``); these deadlines are not, so that the time of
/// every session begins anew with a new leader.
///
/// Source: Apache ZooKeeper, `SessionTrackerImpl` and `ExpiryQueue`.
public struct Sessions: Hashable, Sendable {
  /// The unit of deadlines, in milliseconds.
  public let tick: Int64
  /// The shortest and the longest timeout that is granted.
  public let timeouts: ClosedRange<Int32>
  private var nextID: SessionID
  private var alive: [SessionID: Lease] = [:]
  private var buckets: [Int64: Set<SessionID>] = [:]

  private struct Lease: Hashable, Sendable {
    var timeout: Int32
    var deadline: Int64
  }

  /// No sessions.
  ///
  /// - Parameters:
  ///   - server: The server's number, the high byte of the ids that it gives.
  ///   - started: What its clock shows; 40 bits of it follow in the ids.
  ///   - tick: Milliseconds.
  ///   - timeouts: What is granted; nil for 2 to 20 ticks.
  public init(
    server: UInt8 = 1, started: Int64 = 0, tick: Int32 = 2000, timeouts: ClosedRange<Int32>? = nil
  ) {
    let tick = max(1, tick)
    self.tick = Int64(tick)
    self.timeouts = timeouts ?? tick.multipliedClamped(by: 2)...tick.multipliedClamped(by: 20)
    let clock = (UInt64(bitPattern: started) << 24) >> 8
    nextID = SessionID(Int64(bitPattern: (UInt64(server) << 56) | clock))
  }

  /// What is granted to somebody who asks for this timeout: the nearest that is allowed.
  public func negotiated(_ requested: Int32) -> Int32 {
    min(max(requested, timeouts.lowerBound), timeouts.upperBound)
  }

  // begin deadline
  /// When a session that is heard of now, and never again, expires.
  public func deadline(_ timeout: Int32, now: Int64) -> Int64 {
    ((now + Int64(timeout)) / tick + 1) * tick
  }
  // end deadline

  // Transitions.

  /// Begins a session: gives it an id that no other has, and a timeout.
  public mutating func open(
    requesting timeout: Int32, now: Int64
  ) -> (session: SessionID, timeout: Int32) {
    // A clock that was set back may have given the same number before.
    while alive[nextID] != nil { nextID.rawValue &+= 1 }
    let session = nextID
    nextID.rawValue &+= 1
    let timeout = negotiated(timeout)
    track(session, timeout: timeout, now: now)
    return (session, timeout)
  }

  /// Begins to watch over a session that another server began, or the leader before this one.
  public mutating func track(_ session: SessionID, timeout: Int32, now: Int64) {
    move(session, Lease(timeout: timeout, deadline: deadline(timeout, now: now)))
  }

  /// Resumes a session for somebody who knows its id and its password.
  ///
  /// - Returns: The new timeout; nil if the session is unknown, expired or closing, or the
  ///   password is not its own. The client takes each for *expired*.
  public mutating func resume(
    _ session: SessionID, password: [UInt8], requesting timeout: Int32, now: Int64
  ) -> Int32? {
    guard alive[session] != nil, password == session.password else { return nil }
    let timeout = negotiated(timeout)
    track(session, timeout: timeout, now: now)
    return timeout
  }

  /// Notes that a session was heard of.
  ///
  /// - Returns: Whether there is such a session.
  @discardableResult
  public mutating func touch(_ session: SessionID, now: Int64) -> Bool {
    guard let lease = alive[session] else { return false }
    track(session, timeout: lease.timeout, now: now)
    return true
  }

  /// Ends a session: nobody resumes it, it does not expire any more.
  public mutating func close(_ session: SessionID) {
    move(session, nil)
  }

  /// Ends the sessions whose time has come.
  ///
  /// - Returns: Those, in the order of their deadlines; each is to be closed by a transaction.
  public mutating func expire(now: Int64) -> [SessionID] {
    let due = buckets.keys.filter { $0 <= now }.sorted()
    let expired = due.flatMap { buckets[$0, default: []].sorted() }
    for session in expired { close(session) }
    return expired
  }

  private mutating func move(_ session: SessionID, _ lease: Lease?) {
    let old = alive[session]
    alive[session] = lease
    guard old?.deadline != lease?.deadline else { return }
    if let deadline = old?.deadline {
      buckets[deadline]?.remove(session)
      if buckets[deadline]?.isEmpty == true { buckets[deadline] = nil }
    }
    if let deadline = lease?.deadline { buckets[deadline, default: []].insert(session) }
  }

  // Queries.

  /// Whether a session is neither unknown nor closed nor expired.
  public func isOpen(_ session: SessionID) -> Bool { alive[session] != nil }

  /// The timeout of a session.
  public func timeout(of session: SessionID) -> Int32? { alive[session]?.timeout }

  /// When a session expires unless it is heard of before.
  public func deadline(of session: SessionID) -> Int64? { alive[session]?.deadline }

  /// The deadlines, in order, and the sessions of each.
  public var deadlines: [(deadline: Int64, sessions: [SessionID])] {
    buckets.sorted { $0.key < $1.key }.map { ($0.key, $0.value.sorted()) }
  }

  /// When the next bucket is emptied: until then ``expire(now:)`` returns nothing.
  public var nextExpiry: Int64? { buckets.keys.min() }
}

extension Int32 {
  fileprivate func multipliedClamped(by factor: Int32) -> Int32 {
    let (product, overflows) = multipliedReportingOverflow(by: factor)
    return overflows ? .max : product
  }
}

extension SessionID {
  // begin password
  /// The password of the session with this id: 16 bytes.
  ///
  /// No secret: whoever knows the id can compute it, as every server does, so that a session can
  /// be resumed at another one. It is what Java's `Random(id XOR 0xB3415C00).nextBytes` gives.
  public var password: [UInt8] {
    let mask: UInt64 = (1 << 48) - 1
    var state = (UInt64(bitPattern: rawValue) ^ 0xB341_5C00 ^ 0x5_DEEC_E66D) & mask
    var bytes: [UInt8] = []
    for _ in 0..<4 {
      state = (state &* 0x5_DEEC_E66D &+ 0xB) & mask
      let word = UInt32(truncatingIfNeeded: state >> 16)
      bytes += (0..<4).map { UInt8(truncatingIfNeeded: word >> (8 * $0)) }
    }
    return bytes
  }
  // end password
}
