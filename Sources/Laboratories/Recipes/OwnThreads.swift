import Dispatch

/// Threads of its own, for what must go on while all others are taken: a program is not accused of
/// standing still because nobody has listened.
package final class OwnThreads: TaskExecutor {
  /// For all runs.
  package static let shared = OwnThreads()

  private let queue = DispatchQueue(label: "programs", attributes: .concurrent)

  package func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    queue.async { [self] in job.runSynchronously(on: asUnownedTaskExecutor()) }
  }

  /// Waits for so many milliseconds, or not at all when the task is cancelled.
  package static func pause(_ milliseconds: Int) async {
    guard !Task.isCancelled else { return }
    await withCheckedContinuation { continuation in
      shared.queue.asyncAfter(deadline: .now() + .milliseconds(milliseconds)) {
        continuation.resume()
      }
    }
  }
}
