public import ProtocolCore

extension ZAB {
  /// What a leader keeps.
  public struct Leading: Hashable, Sendable {
    /// How far it has come.
    public internal(set) var phase = Phase.collecting
    /// Its learners, by name.
    public internal(set) var learners: [Learner] = []
    /// Whether its own acceptance of the epoch is stable, and whether its own history is.
    var hasAccepted = false
    var hasAcknowledged = false
    /// The last zxid that it has given.
    var lastProposed = Zxid.zero
    /// What it has proposed and not committed, and which voters have written it.
    var outstanding: [Outstanding] = []
    /// The reconfiguration that it has committed while its configuration is not on disk: it commits
    /// nothing behind that before it is.
    var writing: Zxid?
    /// Who shall lead in its place, since it is no member any more: it commits nothing more.
    var designated: NodeID?

    /// How far a leader has come.
    public enum Phase: Hashable, Sendable {
      /// It waits until a quorum has told its accepted epochs. Next: proposing.
      case collecting
      /// It has chosen this epoch, and waits until a quorum has accepted it. Next: synchronizing.
      case proposing(Int)
      /// It brings learners to its history, and waits for a quorum. Next: broadcasting.
      case synchronizing(Int)
      /// It serves.
      case broadcasting(Int)
    }

    /// What a leader knows of a learner.
    public struct Learner: Hashable, Sendable {
      /// The learner.
      public let id: NodeID
      /// The epoch that it had accepted.
      let acceptedEpoch: Int
      /// Whether it observes, by its greeting.
      var isObserver = false
      /// How far it has come.
      var stage = Stage.connected
      /// Whether it was heard since the leader looked last.
      var isHeard = true
    }

    /// How far a learner has come, as its leader knows.
    enum Stage: Hashable, Sendable {
      /// It has said which epoch it had accepted.
      case connected
      /// It has accepted the leader's epoch, newly or again, and this is its last zxid.
      case accepted(Zxid, isNew: Bool)
      /// All that it lacks is under way.
      case synchronized
      /// It has all.
      case acknowledged
    }

    /// A transaction that is proposed and not committed.
    struct Outstanding: Hashable, Sendable {
      let zxid: Zxid
      var acks: [NodeID] = []
      /// The learners that wait until it is committed, one for each SYNC.
      var syncs: [NodeID] = []
    }

    /// Whether a quorum has acknowledged its history.
    public var isEstablished: Bool { if case .broadcasting = phase { true } else { false } }
  }
}

extension ZAB.Leading.Learner {
  /// Whether all that it lacks is under way, so that it is sent what comes.
  var isForwardedTo: Bool { stage == .synchronized || stage == .acknowledged }
}

extension ZAB.Leading: CustomStringConvertible {
  /// As runs print it.
  public var description: String {
    let names = learners.map(\.id.name).joined(separator: " ")
    let stands =
      switch phase {
      case .collecting: "collecting epochs"
      case .proposing(let epoch): "proposing epoch \(epoch)"
      case .synchronizing(let epoch): "synchronizing with epoch \(epoch)"
      case .broadcasting(let epoch):
        "epoch \(epoch)" + (designated.map { ", to be led by \($0)" } ?? "")
      }
    return names.isEmpty ? stands : "\(stands), with \(names)"
  }
}
