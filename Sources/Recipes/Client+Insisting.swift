import ZooKeeper
import ZooKeeperClient

extension Client {
  /// Asks again for as long as nothing but the connection is lost, or a request's time is over.
  ///
  /// For what may be executed twice: a read, a delete of one's own node. The next question waits
  /// for the next connection, so this never spins.
  ///
  /// - Throws: Any other error: a refusal, the session's end, the time over, the task cancelled.
  ///
  /// Source: ZooKeeper Recipes and Solutions, "Important Note About Error Handling".
  func insist<T: Sendable>(
    without: Set<Rule> = [], _ ask: () async throws(ClientError) -> T
  ) async throws(ClientError) -> T {
    while true {
      do throws(ClientError) {
        return try await ask()
      } catch {
        guard error.isConnectionLost, !without.contains(.asksAgain) else { throw error }
      }
    }
  }

  /// Creates a persistent node and those above it, as far as they are missing.
  func ensure(_ path: String, data: Payload = []) async throws(ClientError) {
    do throws(ClientError) {
      try await insist { () throws(ClientError) in _ = try await create(path, data: data) }
    } catch {
      switch error.code {
      case .nodeExists: return
      case .noNode:
        guard let above = path.parent else { throw error }
        try await ensure(above)
        try await ensure(path, data: data)
      default: throw error
      }
    }
  }

  /// Replaces a node's data, whatever it is; repeated until it is answered.
  func replace(_ path: String, by data: Payload) async throws(ClientError) {
    _ = try await insist { () throws(ClientError) in try await setData(path, data: data) }
  }

  /// Replaces the data of a node of our own, whose path may be another's as soon as ours has gone.
  ///
  /// - Parameter zxid: The transaction that made it.
  /// - Throws: `.noNode` if it has gone.
  func replace(_ path: String, made zxid: Zxid, by data: Payload) async throws(ClientError) {
    while true {
      do throws(ClientError) {
        _ = try await setData(path, data: data)
        return
      } catch {
        guard error.isConnectionLost else { throw error }
      }
      try await insist { () throws(ClientError) in try await sync(path) }
      let stat = try await insist { () throws(ClientError) in try await exists(path) }
      guard stat?.czxid == zxid else { throw ClientError(.refused(.noNode), asking: path) }
    }
  }

  /// Deletes a node; that it is gone already is as good.
  func remove(
    _ path: String, without: Set<Rule> = []
  ) async throws(ClientError) {
    do throws(ClientError) {
      try await insist(without: without) { () throws(ClientError) in try await delete(path) }
    } catch {
      guard error.code == .noNode else { throw error }
    }
  }
}

extension ClientError {
  /// The same, of something that is known to have left nothing.
  var settled: ClientError { saying(isOutcomeUnknown: false) }

  /// The same, of something of which nobody knows whether it was done.
  var unsettled: ClientError { saying(isOutcomeUnknown: true) }

  private func saying(isOutcomeUnknown: Bool) -> ClientError {
    switch reason {
    case .cancelled: ClientError(.cancelled(sent: isOutcomeUnknown), asking: subject)
    case .timedOut: ClientError(.timedOut(sent: isOutcomeUnknown), asking: subject)
    default: self
    }
  }

  /// Whether the request has no answer, and the session may live: the connection was lost, or the
  /// request's own time was over.
  ///
  /// Not where the peer says what is no answer: asked again it would say it again.
  var isConnectionLost: Bool {
    switch reason {
    case .connectionLost(.malformed, _), .connectionLost(.outOfOrder, _): false
    case .connectionLost, .timedOut: true
    default: false
    }
  }
}

extension String {
  /// The path of the node above, nil for the root and for what is below it.
  var parent: String? {
    guard let slash = lastIndex(of: "/"), slash != startIndex else { return nil }
    return String(self[..<slash])
  }
}
