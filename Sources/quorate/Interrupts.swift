import Foundation
import Synchronization

/// SIGINT and SIGTERM: the first ends in good order what is done, a second one ends the process.
enum Interrupts {
  private static let begin = Mutex<ContinuousClock.Instant?>(nil)

  /// `timeout` and shells send a signal to a process and to its group, which is meant as one.
  private static let pause = Duration.milliseconds(300)

  /// Listens until the process ends.
  ///
  /// - Parameters:
  ///   - first: What the first signal begins.
  ///   - second: What is told before the second ends the process.
  static func listen(
    first: @escaping @Sendable () -> Void, second: @escaping @Sendable () -> Void
  ) {
    for number in [SIGINT, SIGTERM] {
      _ = source(of: number) { take(number, first, second) }
    }
  }

  /// A source that hears a signal from now on.
  ///
  /// Until it is registered the signal has its usual effect and ends the process. Were it ignored
  /// until then, one that comes too early would be lost.
  static func source(
    of number: Int32, _ handler: @escaping @Sendable () -> Void
  ) -> any DispatchSourceSignal {
    let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
    let isRegistered = DispatchSemaphore(value: 0)
    source.setRegistrationHandler { isRegistered.signal() }
    // The handler holds its source, for one that nobody holds is silent.
    source.setEventHandler { withExtendedLifetime(source, handler) }
    source.resume()
    isRegistered.wait()
    return source
  }

  private static func take(_ number: Int32, _ first: () -> Void, _ second: () -> Void) {
    let now = ContinuousClock.now
    let earlier = begin.withLock { begin -> ContinuousClock.Instant? in
      if let begin { return begin }
      begin = now
      return nil
    }
    guard let earlier else { return first() }
    guard earlier.duration(to: now) > pause else { return }
    Terminal.progress("")
    second()
    _exit(128 + number)
  }
}
