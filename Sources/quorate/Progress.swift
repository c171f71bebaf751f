import Foundation
import Synchronization

/// Says every two seconds what is being done, for as long as it is: in place on a terminal, as
/// plain lines anywhere else.
///
/// It has a thread of its own, for searches keep all others busy.
final class Progress: Sendable {
  private let words: @Sendable () -> String
  private let isOver = Mutex(false)

  private static let pause = 1.5

  /// Begins to say what `words` gives.
  init(_ words: @escaping @Sendable () -> String) {
    self.words = words
    Thread.detachNewThread { [weak self] in
      repeat { Thread.sleep(forTimeInterval: Self.pause) } while self?.tick() ?? false
    }
  }

  /// Says that something is being done, and for how long already.
  convenience init(_ what: String) {
    let watch = Stopwatch()
    Terminal.progress("\(what) …")
    self.init { "\(what) …  \(watch.seconds.fixed(0)) s" }
  }

  /// - Returns: Whether to go on.
  private func tick() -> Bool {
    isOver.withLock { isOver in
      guard !isOver else { return false }
      let text = words()
      if Terminal.showsProgress { Terminal.progress(text) } else { Terminal.complain(text) }
      return true
    }
  }

  /// Says no more.
  func end() {
    isOver.withLock { isOver in
      if !isOver { Terminal.progress("") }
      isOver = true
    }
  }
}
