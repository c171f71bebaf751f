import ZooKeeper
import ZooKeeperClient

/// Why a transaction was not executed.
struct Refusal: Sendable {
  /// Which of its operations was refused.
  var place: Int
  /// With which code.
  var code: ErrorCode
  /// Whether it had been asked for before, and nobody knows what came of that.
  var isRepeated = false

  /// As an error of who asked.
  func error(asking subject: String) -> ClientError {
    ClientError(.refused(code), asking: subject)
  }
}

extension Client {
  /// Executes all of the operations or none; asks again when the connection is lost.
  ///
  /// Whoever lost a reply hears whether the *second* was executed. So what is asked for should tell
  /// by its refusal that it had been executed before.
  ///
  /// - Returns: Why it was refused, nil if it was executed.
  func commit(
    _ operations: [Operation], without: Set<Rule> = []
  ) async throws(ClientError) -> Refusal? {
    var attempts = 0
    let results = try await insist(without: without) { () throws(ClientError) in
      attempts += 1
      return try await multi(operations)
    }
    for (place, result) in results.enumerated() {
      // Those before the one that was refused tell Ok, those behind it RuntimeInconsistency.
      if case .failed(let code) = result, code != .ok, code != .runtimeInconsistency {
        return Refusal(place: place, code: code, isRepeated: attempts > 1)
      }
    }
    return nil
  }

  /// Executes all of the operations once, or none, although replies may be lost.
  ///
  /// The transaction makes a node as well, the mark. When its reply was lost and it is repeated, it
  /// is refused by the mark if it had been executed.
  ///
  /// - Parameters:
  ///   - operations: What shall be executed.
  ///   - mark: A path that no other transaction has; below a node that is there.
  ///     It is ephemeral, and left to be taken away.
  /// - Returns: Why it was refused, with the place among `operations`; -1 stands for the mark.
  ///   Nil if it was executed.
  func commitOnce(
    _ operations: [Operation], mark: String, without: Set<Rule> = []
  ) async throws(ClientError) -> Refusal? {
    guard !without.contains(.leavesMark) else {
      return try await commit(operations, without: without)
    }
    let marked = [.create(Create(mark, mode: .ephemeral))] + operations
    guard var refusal = try await commit(marked, without: without) else { return nil }
    if refusal.place == 0, refusal.code == .nodeExists { return nil }
    refusal.place -= 1
    return refusal
  }

  /// Deletes a node that others make by the same name, if it is this owner's.
  ///
  /// A delete whose reply was lost may not simply be repeated: meanwhile it may be another's. Nor
  /// is it enough to look, for the server that is asked then may not know of the delete yet.
  ///
  /// - Parameter owner: What the data of the node says.
  func removeOwn(
    _ path: String, owner: String, without: Set<Rule> = []
  ) async throws(ClientError) {
    guard !without.contains(.releasesOwn) else {
      return try await remove(path, without: without)
    }
    var wasLost = false
    while true {
      do throws(ClientError) {
        if wasLost { try await sync(path) }
        let (data, _) = try await getData(path)
        guard data.text == owner else { return }
        // It is ours, so nobody else deletes it.
        return try await delete(path)
      } catch {
        if error.code == .noNode { return }
        guard error.isConnectionLost, !without.contains(.asksAgain) else { throw error }
        wasLost = true
      }
    }
  }
}
