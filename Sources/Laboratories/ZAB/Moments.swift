import Lab
import ProtocolCore
import ReplicatedLog
import ZAB

/// The moments from which ZAB is explored, in the form in which an election may answer anything.
enum Moments: ReplicatedLog.Asking {
  typealias Words = ZABModel.Words
  typealias Acts = [Act<Words>]

  /// So many messages arrive, one after the other.
  static func deliver(_ from: NodeID, _ to: NodeID, _ count: Int = 1) -> Acts {
    (0..<count).map { _ in .deliver(Link(from: from, to: to), 0) }
  }

  /// A disk stores all.
  static func store(_ server: NodeID) -> Acts { [.store(server, first: nil)] }

  /// A server stops, and has lost so many records; it starts again.
  static func restart(_ server: NodeID, losing: Int = 0) -> Acts {
    [.crash(server, losing: losing, unsent: 0), .restart(server)]
  }

  /// A server comes to know a leader.
  static func elected(_ leader: NodeID, at server: NodeID) -> Acts {
    [.expire(server, .elected(leader))]
  }

  /// Two come to know that one of them leads, and connect; a quorum of three has told its epochs.
  static func gathered(_ leader: NodeID, _ voter: NodeID) -> Acts {
    elected(leader, at: leader) + elected(leader, at: voter) + deliver(voter, leader)
      + store(leader)
  }

  /// The voter has accepted the leader's epoch, and that begins; the leader's own disk is idle.
  static func accepted(_ leader: NodeID, _ voter: NodeID) -> Acts {
    gathered(leader, voter) + deliver(leader, voter) + store(voter) + deliver(voter, leader)
      + store(leader)
  }

  /// The voter has taken all that it is sent, so many packets with NEWLEADER, and its disk is idle.
  static func synchronized(_ leader: NodeID, _ voter: NodeID, _ packets: Int = 2) -> Acts {
    accepted(leader, voter) + deliver(leader, voter, packets) + store(voter)
  }

  /// The leader serves, and so does the voter.
  static func led(_ leader: NodeID, _ voter: NodeID, _ packets: Int = 2) -> Acts {
    synchronized(leader, voter, packets) + serving(leader, voter)
  }

  /// A learner that has acknowledged its leader comes to serve.
  private static func serving(_ leader: NodeID, _ learner: NodeID) -> Acts {
    deliver(learner, leader) + deliver(leader, learner) + deliver(learner, leader)
  }

  /// A learner joins a leader that serves, is sent so many packets with NEWLEADER, and serves.
  static func joined(_ learner: NodeID, _ leader: NodeID, _ packets: Int = 2) -> Acts {
    elected(leader, at: learner) + deliver(learner, leader) + deliver(leader, learner)
      + store(learner) + deliver(learner, leader) + deliver(leader, learner, packets)
      + store(learner) + serving(leader, learner)
  }

  /// A server is asked, by a client that waits.
  static func asked(_ client: ClientID, _ serial: Int, of server: NodeID) -> Acts {
    [.ask(server, command(client.name, serial, .append("k", letter(of: client))), by: client)]
  }

  private static func letter(of client: ClientID) -> String {
    client == "x" ? "a" : client == "y" ? "b" : "c"
  }

  /// A leader is asked, its disk stores, and so do those of these voters, which acknowledge; these
  /// others hear of it too, and their disks work.
  static func committed(
    _ client: ClientID, _ serial: Int, by leader: NodeID, _ voters: [NodeID], told: [NodeID] = []
  ) -> Acts {
    asked(client, serial, of: leader) + store(leader)
      + voters.flatMap { deliver(leader, $0) + store($0) + deliver($0, leader) }
      + voters.flatMap { deliver(leader, $0) } + told.flatMap { deliver(leader, $0) }
  }

  /// A connection breaks, and both ends have heard of it; of what was under way from the first to
  /// the second so much is lost, and so much still arrives.
  static func parted(_ a: NodeID, _ b: NodeID, lost: Int = 0, heard: Int = 0) -> Acts {
    [.sever(a, b)]
      + (0..<lost).reversed().map { .lose(Link(from: a, to: b), heard + $0) }
      + deliver(a, b, heard + 1) + deliver(b, a)
  }

  /// a leads epoch 1, with b and c.
  static let all = led("a", "b") + joined("c", "a")

  /// x has asked a for something, and nobody else has heard of it.
  static let proposed = all + asked("x", 1, of: "a")

  /// That is on a's disk.
  static let half = proposed + store("a")

  /// c has acknowledged what x asked for, which is not on the disk of a; b has lost a, and c has
  /// come back to a: it was told to drop that, was sent it again, and writes both.
  static let acknowledgedAgain =
    proposed + deliver("a", "c") + store("c") + deliver("c", "a")
    + parted("a", "b", lost: 1) + parted("a", "c") + elected("a", at: "c") + deliver("c", "a")
    + deliver("a", "c") + deliver("c", "a") + deliver("a", "c", 3)
}
