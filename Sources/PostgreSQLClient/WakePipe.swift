#if PostgreSQL
  import Dispatch
  import Foundation

  /// Waits for a socket in a thread that is nobody else's, and can be woken before.
  final class WakePipe: Sendable {
    private let reading: Int32
    private let writing: Int32

    /// What ends a wait.
    enum Outcome { case ready, silence, cancelled }

    /// A pipe of its own; without one a wait ends by the socket or by time only.
    init() {
      var ends: [Int32] = [-1, -1]
      if pipe(&ends) != 0 { ends = [-1, -1] }
      (reading, writing) = (ends[0], ends[1])
    }

    deinit {
      for end in [reading, writing] where end >= 0 { close(end) }
    }

    /// Ends all waits, now and later.
    func cancel() {
      guard writing >= 0 else { return }
      _ = write(writing, [1], 1)
    }

    /// Waits for one of `events` (`POLLIN`, `POLLOUT`) at a socket.
    func wait(_ socket: Int32, _ events: Int16, milliseconds: Int32) async -> Outcome {
      if Task.isCancelled { return .cancelled }
      return await withTaskCancellationHandler {
        await withCheckedContinuation { continuation in
          DispatchQueue.global().async { [reading] in
            var watched = [
              pollfd(fd: socket, events: events, revents: 0),
              pollfd(fd: reading, events: Int16(POLLIN), revents: 0),
            ]
            let count = Self.poll(&watched, milliseconds)
            let isWoken = watched[1].revents != 0
            continuation.resume(
              returning: isWoken ? .cancelled : count > 0 ? .ready : .silence)
          }
        }
      } onCancel: {
        cancel()
      }
    }

    /// `poll`, until it is not a signal that ends it.
    private static func poll(_ watched: inout [pollfd], _ milliseconds: Int32) -> Int32 {
      while true {
        #if canImport(Glibc)
          let count = Glibc.poll(&watched, nfds_t(watched.count), milliseconds)
        #else
          let count = Darwin.poll(&watched, nfds_t(watched.count), milliseconds)
        #endif
        if count >= 0 || errno != EINTR { return count }
      }
    }
  }
#endif
