import ZooKeeper
import ZooKeeperClient

/// Nodes that several want to make by the same name.
extension Client {
  /// Whose a node is that we wanted to make.
  enum Claim: Sendable {
    /// Ours, and the zxid that made it.
    case own(Zxid)
    /// It was there before.
    case taken(Stat)
  }

  /// Makes an ephemeral node, unless it is there already.
  ///
  /// When the answer to the create was lost, the node that is there may be ours: it is if it
  /// belongs to our session, holds our data, and was made after we began.
  ///
  /// It waits until what this session has given up or given back at this path is cleared away: the
  /// old node is in the way, and the new one could be taken for it.
  func claim(
    _ path: String, data: Payload, without: Set<Rule> = []
  ) async throws(ClientError) -> Claim {
    try await Forgoing.over(at: path, of: self)
    let began = session.lastZxidSeen
    var wasLost = false
    while true {
      do throws(ClientError) {
        let made = try await createWithStat(path, data: data, mode: .ephemeral)
        return .own(made.stat.czxid)
      } catch {
        if error.isConnectionLost {
          wasLost = true
          continue
        }
        guard error.code == .nodeExists else { throw error }
      }
      do throws(ClientError) {
        let found = try await insist { () throws(ClientError) in try await getData(path) }
        if without.contains(.claimsByOwner) { return .own(found.stat.czxid) }
        let isOwn = isOwn(found.stat, since: began) && found.data == data
        if wasLost, isOwn, !without.contains(.knowsOwnNode) { return .own(found.stat.czxid) }
        return .taken(found.stat)
      } catch {
        // It has gone meanwhile.
        guard error.code == .noNode else { throw error }
      }
    }
  }

  /// Whether a node is of this session, and made by a transaction behind this.
  private func isOwn(_ stat: Stat, since zxid: Zxid) -> Bool {
    stat.ephemeralOwner == session.id && stat.czxid > zxid
  }

  /// Takes a node away that we may have made without knowing it, whatever the task has come to.
  ///
  /// - Parameter zxid: The last that was seen before we tried: what is older was made before.
  func forgo(
    _ path: String, data: Payload, since zxid: Zxid, _ grace: Grace = Grace()
  ) async {
    Forgoing.begin(at: path, of: self)
    _ = await shielded(grace) { () async -> Void in
      defer { Forgoing.end(at: path, of: self) }
      try? await self.insist { () throws(ClientError) in try await self.sync(path) }
      let found = try? await self.insist { () throws(ClientError) in try await self.getData(path) }
      guard let found, found.data == data, self.isOwn(found.stat, since: zxid) else { return }
      try? await self.remove(path, made: found.stat.czxid)
    }
  }

  /// Deletes a node of our own, whose path may be another's as soon as ours has gone.
  ///
  /// It is deleted by its path. So if somebody who is no client of the recipe has deleted ours, and
  /// another's stands there by now, that one goes.
  ///
  /// When the answer is lost ours may have gone, and another's be there. So it is looked whether it
  /// is ours, before it is deleted again: no two nodes have been made by the same transaction.
  ///
  /// - Parameter zxid: The transaction that made it.
  func remove(
    _ path: String, made zxid: Zxid, without: Set<Rule> = []
  ) async throws(ClientError) {
    while true {
      do throws(ClientError) {
        return try await delete(path)
      } catch {
        if error.code == .noNode { return }
        guard error.isConnectionLost, !without.contains(.asksAgain) else { throw error }
      }
      guard !without.contains(.releasesOwn) else { continue }
      // Another server may be asked now, which has not heard of the delete.
      try await insist { () throws(ClientError) in try await sync(path) }
      let stat = try await insist { () throws(ClientError) in try await exists(path) }
      guard stat?.czxid == zxid else { return }
    }
  }

  /// As ``remove(_:made:without:)``, whatever becomes of the task.
  func removeShielded(
    _ path: String, made zxid: Zxid, without: Set<Rule> = [], _ grace: Grace = Grace()
  ) async throws(ClientError) {
    Forgoing.begin(at: path, of: self)
    try await shielded(grace) { () throws(ClientError) in
      defer { Forgoing.end(at: path, of: self) }
      try await self.remove(path, made: zxid, without: without)
    }
  }
}

extension String {
  /// Whether it can be the last part of a path.
  var isNodeName: Bool { !isEmpty && !contains("/") && self != "." && self != ".." }
}
