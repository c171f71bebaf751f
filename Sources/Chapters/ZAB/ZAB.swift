public import ProtocolCore

/// ZAB, ZooKeeper's atomic broadcast: servers that deliver the same transactions in the same order,
/// under a primary that makes them.
///
/// A **leader** turns requests into **transactions**, numbers them and has the others deliver them.
/// A transaction says what the leader's own state is to become, so it means nothing without those
/// before it. ZAB therefore promises more than that all deliver in one order: what one primary made
/// is delivered in the order in which it made it, and all of an earlier primary's that is delivered
/// at all comes before all of a later one's. Such a number, a **zxid**, is an **epoch** and a
/// counter.
///
///                  a quorum votes alike            a quorum accepts     a quorum has the
///     ┌────────► looking ────────────► leading:    the epoch            leader's history
///     │              │                 collecting ─► proposing ─► synchronizing ─► broadcasting
///     │              └───────────────► learning:
///     │                                connecting ─► accepting ─► synchronizing ─► acknowledging
///     │                                                                              ─► serving
///     └─────────────── a connection breaks, somebody is silent, an epoch is stale ◄──────┘
///
/// The paper tells it in phases, Apache's servers in packets, and this chapter is theirs:
///
/// | the paper | here, as in Apache |
/// | --- | --- |
/// | phase 0, leader oracle | Fast Leader Election, by notifications |
/// | phase 1, discovery: CEPOCH, NEWEPOCH, ACK-E | FOLLOWERINFO, LEADERINFO, ACKEPOCH |
/// | phase 2: NEWLEADER, ACK-LD, COMMIT-LD | DIFF, TRUNC or SNAP; NEWLEADER, ACK, UPTODATE |
/// | phase 3, broadcast: PROPOSE, ACK, COMMIT | PROPOSAL, ACK, COMMIT; INFORM to observers |
///
/// In the paper a leader takes over the best history of its quorum; in Apache's servers the
/// election brings forth one that has it already, and a leader that finds a better history in an
/// ACKEPOCH gives up.
///
/// What a session is, and what servers tell each other of it, is the business of the service above.
///
/// Where members can be changed, a **reconfiguration** is a transaction like others. It names those
/// who vote from there on. It is committed when quorums of the old and of the new configuration
/// have it; COMMITANDACTIVATE brings it into force, and says who leads from there on.
///
/// Left out: what a local read may promise; members that differ in weights, and observers that are
/// added; a learner that passes a reconfiguration on to its leader; the version that Apache's
/// leaders give to the first configuration; the growing pauses between two notifications; log
/// files, of whose sizes Apache's choice of SNAP depends as well.
///
/// Sources: Junqueira, Reed, Serafini, "Zab: High-performance broadcast for primary-backup
/// systems", DSN 2011, here *the paper*; Medeiros, "ZooKeeper's atomic broadcast protocol:
/// Theory and practice", Aalto 2012; Shraer, Reed, Malkhi, Junqueira, "Dynamic Reconfiguration of
/// Primary/Backup Clusters", USENIX ATC 2012; Apache ZooKeeper 3.8, `FastLeaderElection`, `Leader`,
/// `LearnerHandler`, `Learner`; the TLA+ specifications of the ZooKeeper project.
public enum ZAB {
  /// The forms of the protocol.
  public enum Variant: String, Named {
    /// As Apache's servers do it.
    case usual
    /// An election may answer anything that an election could ever answer.
    case any
    /// The counter of the first epoch is near its end.
    case rollover
    /// Learners are always sent a snapshot.
    case snapshots
    /// A server that is asked what there is answers when it has synchronized with its leader.
    case synced
    /// Members can be changed.
    case reconfigured
    /// The same, and an election may answer anything.
    case anyReconfigured

    /// How servers are set.
    var settings: Settings {
      var settings = Settings()
      switch self {
      case .usual: break
      case .any: settings.election = .any
      case .rollover: settings.firstCounter = .max - 3
      case .snapshots: settings.sendsSnapshotsOnly = true
      case .synced: settings.readsBehindSync = true
      case .reconfigured: settings.reconfigEnabled = true
      case .anyReconfigured: (settings.election, settings.reconfigEnabled) = (.any, true)
      }
      return settings
    }

    /// Whether members can be changed.
    public var isReconfigured: Bool { settings.reconfigEnabled }
  }
}
