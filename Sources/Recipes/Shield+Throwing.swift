import ZooKeeperClient

/// Does something that may fail to its end even though the task is cancelled.
func shielded<T: Sendable>(
  throwing body: @escaping @Sendable () async throws(ClientError) -> T
) async throws(ClientError) -> T {
  let result = await shielded { () async -> Result<T, ClientError> in
    do throws(ClientError) {
      return .success(try await body())
    } catch {
      return .failure(error)
    }
  }
  return try result.get()
}
