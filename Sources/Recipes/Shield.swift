/// Does something to its end even though the task is cancelled, and on the same executor.
///
/// A recipe clears away what it has left at the servers, whatever becomes of who asked for it.
func shielded<T: Sendable>(_ body: @escaping @Sendable () async -> T) async -> T {
  let executor = withUnsafeCurrentTask { $0?.unownedTaskExecutor?.asTaskExecutor() }
  return await Task(executorPreference: executor, operation: body).value
}
