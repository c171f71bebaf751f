import Conformance
import Synchronization

/// A runner that its own listener can reach.
final class RunnerBox: Sendable {
  private let content = Mutex<Runner?>(nil)

  var runner: Runner? {
    get { content.withLock { $0 } }
    set { content.withLock { $0 = newValue } }
  }
}
