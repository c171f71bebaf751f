public import ProtocolCore
import ZAB

/// An ensemble: servers that replicate ZooKeeper's tree by ZAB, and clients that are connected to
/// one of them at a time.
///
/// The tree and its watches are one chapter's, atomic broadcast another's; this one joins them.
/// What there is to say is in the joint. A leader **prepares** each write, against the tree as it
/// will be when all that is outstanding is applied; what comes of it, a transaction, is broadcast,
/// and every server applies it when it is committed. A **read** is answered by the server that is
/// asked, from what that has delivered: so it costs no message, and may be stale. What clients are
/// promised all the same, each server keeps by a queue for each client, by refusing who has seen
/// more than it has, and by telling watchers before it shows what they watch for.
///
///     client ──connect──► server ──open──► leader ──transaction──► every server
///            ──write────►        ─REQUEST►        PROPOSAL, ACK, COMMIT
///            ◄─reply─────  when it has delivered the transaction
///            ──read─────►  its queue ──► what it has delivered ──► reply, watch
///            ──sync─────►        ──SYNC──► when all that is outstanding is committed
///            ──ping─────►  touched ──with the next PING──► leader: the session lives
///
/// A **session** belongs to the ensemble. It begins and ends by a transaction; its leader alone
/// counts the time in which nothing was heard of it, and has it closed. A client whose connection
/// breaks goes on with it at another server, if the leader says that it is open; from then on what
/// comes by the old server is refused.
///
/// Read the files in this order: `ReplicatedTree`, what is replicated; `Message`, `Words`;
/// `Server`, and by it `Server+Delivering`, `Server+Clients`, `Server+Sessions`,
/// `Server+Syncing`, `Server+ReadOnly`; `Client`. Then what judges them: `Properties`,
/// `Monitor`, `JudgedTree`, `JudgedWatches`.
///
/// Left out: reconfiguration; sessions of one server that become the ensemble's (localSessions);
/// access control, of which the tree's own chapter tells; containers and nodes with a time to
/// live; throttling; the order in which Apache's processors run beside each other.
///
/// Sources: Hunt, Konar, Junqueira, Reed, "ZooKeeper: Wait-free coordination for Internet-scale
/// systems", USENIX ATC 2010, 2.3 and 4; ZooKeeper Programmer's Guide, "Consistency Guarantees";
/// Apache ZooKeeper 3.8, `PrepRequestProcessor`, `FollowerRequestProcessor`, `CommitProcessor`,
/// `FinalRequestProcessor`, `LearnerHandler`, `SessionTrackerImpl`, `ClientCnxn`.
public enum ZooKeeperEnsemble {
  /// The forms of an ensemble.
  public enum Variant: String, Named {
    /// As Apache's servers are set.
    case usual
    /// Servers that have lost their ensemble serve reads, and clients put up with that.
    case readOnly
    /// An election may answer anything that an election could ever answer.
    case any

    /// How servers are set.
    var settings: Settings {
      var settings = Settings()
      switch self {
      case .usual: break
      case .readOnly: settings.readOnlyAfter = 30
      case .any: settings.replication.election = .any
      }
      return settings
    }
  }
}
