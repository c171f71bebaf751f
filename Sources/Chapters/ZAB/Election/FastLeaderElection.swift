public import ProtocolCore
public import ReplicatedLog

/// Fast Leader Election alone: how servers of ZooKeeper come to one leader, and what that is worth.
///
/// Each server **looks** for a leader. It votes for itself, with its last zxid and its epoch, and
/// tells all. Who hears a **better** vote takes it over and tells that: the greater epoch is
/// better, then the greater zxid, then the greater sid. When a quorum votes as it does, and a
/// while passes in which nothing better comes, it has a leader. Votes carry a **round**; who hears
/// of a later one joins that and begins to count anew. Who has a leader tells it to those that look
/// for one: such a latecomer believes a quorum that agrees, if the leader says so itself.
///
///       looking ── a quorum votes alike, and silence ──► leading, following, observing
///          ▲                                                        │
///          └──────────── discovery finds that it was wrong ◄────────┘
///
/// Where all votes come in time the best wins. Where they do not another may, or two at a time:
/// nothing is promised then, and nothing is lost, for a leader serves only when a quorum has
/// accepted its epoch and has nothing better (chapter 7).
///
/// These are the servers of ``ZAB``, which go nowhere when they have elected. How far each has come
/// stands in the topology: `a server(2 1 3)` has come to epoch 2, and its last transaction is the
/// third of epoch 1.
///
/// Left out: sids in configurations that change; the growing pauses; oracles.
///
/// Source: Apache ZooKeeper 3.8, `FastLeaderElection`; Medeiros 2012, 4.1.
public enum FastLeaderElection {
  /// The forms of the protocol.
  public enum Variant: String, Named {
    /// Votes may be lost, and come too late.
    case lossy
    /// All votes come in time: time passes only when nothing is under way.
    case timely
  }

  /// A server, which stops when it has elected.
  public typealias Voter = ZAB.Server<KeyValueStore>
}
