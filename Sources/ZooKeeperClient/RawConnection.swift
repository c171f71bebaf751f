public import NIOCore
internal import Synchronization

/// A connection without a protocol: bytes out, bytes in; to ask a server its four-letter words, and
/// to shake hands in ways that no client would.
///
/// ```swift
/// let raw = RawConnection(to: HostAddress(host: "127.0.0.1"))
/// raw.write(ByteBuffer(string: "ruok"))
/// let answer = await raw.take(within: .seconds(1))    // "imok", and the end
/// ```
public final class RawConnection: Sendable {
  /// What has come.
  public struct Taken: Hashable, Sendable {
    /// The bytes, in order.
    public var bytes: ByteBuffer
    /// Whether the connection is over, or could not be made.
    public var isOver: Bool
  }

  private let link: any Link
  private let ear: Ear
  private let line: any Line

  /// Begins to make a connection; what is written meanwhile is sent when it is made.
  public init(to host: HostAddress, over link: any Link = NIOLink()) {
    self.link = link
    self.ear = Ear()
    self.line = link.dial(host, 1, for: ear)
    ear.attach(line)
  }

  deinit { line.hangUp() }

  /// Sends bytes.
  public func write(_ bytes: ByteBuffer) { ear.write(bytes) }

  /// Ends the connection.
  public func hangUp() { line.hangUp() }

  /// Takes what has come, once it is enough, the connection is over, or the time is.
  ///
  /// One task at a time may wait.
  ///
  /// - Parameters:
  ///   - duration: How long to wait, by the link's clock.
  ///   - isEnough: Looks at what has come so far; if not given, only the end is enough.
  public func take(
    within duration: Duration,
    until isEnough: @escaping @Sendable (ByteBuffer) -> Bool = { _ in false }
  ) async -> Taken {
    let deadline = Milliseconds(duration).after(link.now)
    await ear.wait(until: deadline, isEnough, link)
    return ear.take()
  }
}

extension RawConnection {
  /// Listens to the line.
  private final class Ear: LinkReceiver {
    struct Heard {
      var taken = Taken(bytes: ByteBuffer(), isOver: false)
      var unsent: [ByteBuffer] = []
      var isOpen = false
      var line: (any Line)?
      var waiter: Waiter?
    }

    struct Waiter {
      let deadline: Milliseconds
      let isEnough: @Sendable (ByteBuffer) -> Bool
      let continuation: CheckedContinuation<Void, Never>
    }

    private let heard = Mutex(Heard())

    func attach(_ line: any Line) {
      heard.withLock { $0.line = line }
      flush()
    }

    func write(_ bytes: ByteBuffer) {
      heard.withLock { $0.unsent.append(bytes) }
      flush()
    }

    private func flush() {
      let (line, unsent) = heard.withLock { heard -> ((any Line)?, [ByteBuffer]) in
        guard heard.isOpen, let line = heard.line else { return (nil, []) }
        defer { heard.unsent = [] }
        return (line, heard.unsent)
      }
      for bytes in unsent { line?.write(bytes) }
    }

    func wait(
      until deadline: Milliseconds, _ isEnough: @escaping @Sendable (ByteBuffer) -> Bool,
      _ link: any Link
    ) async {
      await withCheckedContinuation { continuation in
        let waiter = Waiter(deadline: deadline, isEnough: isEnough, continuation: continuation)
        notice(.min) { $0.waiter = waiter }
        // Only now: a wake-up that comes before there is somebody to wake would be lost.
        link.wake(at: deadline, self)
      }
    }

    func take() -> Taken {
      heard.withLock { heard in
        defer { heard.taken.bytes = ByteBuffer() }
        return heard.taken
      }
    }

    /// Takes note of something, and wakes who waits for it.
    private func notice(_ time: Milliseconds, _ change: (inout sending Heard) -> Void) {
      let continuation = heard.withLock { heard -> CheckedContinuation<Void, Never>? in
        change(&heard)
        guard let waiter = heard.waiter,
          heard.taken.isOver || time >= waiter.deadline || waiter.isEnough(heard.taken.bytes)
        else { return nil }
        heard.waiter = nil
        return waiter.continuation
      }
      continuation?.resume()
    }

    func opened(_ number: Int) {
      heard.withLock { $0.isOpen = true }
      flush()
    }

    func received(_ bytes: ByteBuffer, _ number: Int) {
      notice(.min) { $0.taken.bytes.writeImmutableBuffer(bytes) }
    }

    func ended(_ number: Int) { notice(.min) { $0.taken.isOver = true } }

    func woke(_ time: Milliseconds) { notice(time) { _ in } }
  }
}
