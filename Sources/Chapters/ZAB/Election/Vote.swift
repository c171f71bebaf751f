public import ProtocolCore

extension ZAB {
  /// Whom a server would have lead, and how far that one has come.
  public struct Vote: Hashable, Sendable {
    /// The leader that is proposed.
    public let leader: NodeID
    /// Its last zxid.
    public let zxid: Zxid
    /// Its current epoch.
    public internal(set) var peerEpoch: Int

    /// A vote.
    public init(_ leader: NodeID, _ zxid: Zxid, _ peerEpoch: Int) {
      (self.leader, self.zxid, self.peerEpoch) = (leader, zxid, peerEpoch)
    }

    /// Whether it is for one that has come farther: by epoch, then by zxid, then by name.
    ///
    /// Source: FastLeaderElection, totalOrderPredicate. The notes of this suite's beginning leave
    /// the epoch out.
    public func isBetter(than other: Vote) -> Bool {
      (peerEpoch, zxid, leader) > (other.peerEpoch, other.zxid, other.leader)
    }
  }

  /// What a server was told last by another, as it counts it.
  struct Heard: Hashable, Sendable {
    let sender: NodeID
    let notification: Notification
  }
}

extension [ZAB.Heard] {
  /// Takes a notification in the place of the sender's last.
  mutating func hear(_ notification: ZAB.Notification, from sender: NodeID) {
    removeAll { $0.sender == sender }
    let place = firstIndex { sender < $0.sender } ?? endIndex
    insert(ZAB.Heard(sender: sender, notification: notification), at: place)
  }

  /// Whether a server says here the same as a notification.
  ///
  /// Votes of those that look for a leader are equal whole, others when they are for one leader and
  /// epoch. (Vote.equals)
  func agrees(_ server: NodeID, with other: ZAB.Notification) -> Bool {
    contains { heard in
      let notification = heard.notification
      guard heard.sender == server, notification.leader == other.leader,
        notification.peerEpoch == other.peerEpoch
      else { return false }
      guard notification.state == .looking, other.state == .looking else { return true }
      return notification.zxid == other.zxid && notification.electionEpoch == other.electionEpoch
    }
  }

  /// Whether a server says here that it leads.
  func isLeading(_ server: NodeID) -> Bool {
    contains { $0.sender == server && $0.notification.state == .leading }
  }
}

extension ZAB.Vote: CustomStringConvertible {
  /// As runs print it: `a 1.2 of epoch 1`.
  public var description: String { "\(leader) \(zxid) of epoch \(peerEpoch)" }
}
