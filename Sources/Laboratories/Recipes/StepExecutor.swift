import Synchronization

/// Runs the jobs of one process's tasks, one at a time, when it is told to.
///
/// A task that prefers it, with its children and the functions that it calls, does nothing by
/// itself: between two awaits lies a job, and jobs are run by whoever drives the simulation. So a
/// run of real, concurrent code is the same each time.
final class StepExecutor: TaskExecutor {
  private let queued: @Sendable (UnownedJob) -> Void

  /// - Parameter queued: Called with each job that can be run.
  init(queued: @escaping @Sendable (UnownedJob) -> Void) { self.queued = queued }

  func enqueue(_ job: consuming ExecutorJob) { queued(UnownedJob(job)) }

  func run(_ job: UnownedJob) { job.runSynchronously(on: asUnownedTaskExecutor()) }
}
