public import ProtocolCore

extension ZAB {
  /// The rules of ZAB.
  public enum Rule: String, RuleName {
    // Election.
    case epochBeforeZxid
    case zxidVoted
    case memoryMeetsLog

    // Discovery.
    case epochAcceptedOnce
    case acceptedEpochStoredFirst
    case bestHistoryLeads
    case quorumAcceptsEpoch

    // Synchronization.
    case truncated
    case truncatedSnapshotReplaced
    case logBeforeEpoch
    case snapshotWithEpoch
    case newLeaderStoredFirst
    case quorumAcknowledgesLeader
    case beginningAcknowledged
    case upToDateFirst

    // Broadcast.
    case proposalStoredFirst
    case leaderCountsStoredOnly
    case quorumCommits
    case votersCount
    case rolloverElects

    // Reads.
    case syncAsksLeader

    // What must be done so that it goes on.
    case votesRepeated
    case latecomersAnswered
    case initLimited
    case leaderAwaited
    case quorumHeard
    case greaterEpochDeposes
  }
}

extension ZAB.Rule {
  /// What leaving the rule out endangers.
  public var kind: RuleKind {
    switch self {
    case .memoryMeetsLog, .epochAcceptedOnce, .acceptedEpochStoredFirst, .bestHistoryLeads,
      .quorumAcceptsEpoch, .truncated, .truncatedSnapshotReplaced, .logBeforeEpoch,
      .snapshotWithEpoch, .newLeaderStoredFirst, .quorumAcknowledgesLeader, .beginningAcknowledged,
      .upToDateFirst,
      .proposalStoredFirst, .leaderCountsStoredOnly, .quorumCommits, .votersCount,
      .syncAsksLeader:
      .safety
    case .epochBeforeZxid, .zxidVoted, .rolloverElects, .votesRepeated, .latecomersAnswered,
      .initLimited,
      .leaderAwaited, .quorumHeard, .greaterEpochDeposes:
      .progress
    }
  }

  /// The rule in a sentence.
  public var sentence: String {
    switch self {
    case .epochBeforeZxid: "of two votes that of the greater epoch is better"
    case .zxidVoted: "of two votes of one epoch that of the greater zxid is better"
    case .memoryMeetsLog: "who looks for a leader again has applied all that is in its log"
    case .epochAcceptedOnce: "who had accepted an epoch before does not count for it again"
    case .acceptedEpochStoredFirst: "an epoch is accepted when that is on disk"
    case .bestHistoryLeads: "a leader that hears of a better history than its own gives up"
    case .quorumAcceptsEpoch: "an epoch begins when a quorum has accepted it"
    case .truncated: "a learner drops what its leader has it drop"
    case .truncatedSnapshotReplaced:
      "a learner that cannot drop what its snapshot holds asks for everything"
    case .logBeforeEpoch: "a learner writes the log before the epoch"
    case .snapshotWithEpoch: "a history that is installed is written with its epoch, as one record"
    case .newLeaderStoredFirst: "a leader is acknowledged when its history is on disk"
    case .quorumAcknowledgesLeader: "a leader serves when a quorum has acknowledged it"
    case .beginningAcknowledged:
      "an epoch stands behind a leader's history when a quorum has acknowledged it"
    case .upToDateFirst: "a learner delivers nothing before it is told that a quorum has it"
    case .proposalStoredFirst: "a proposal is acknowledged when it is on disk"
    case .leaderCountsStoredOnly: "a leader counts itself for what is on its own disk"
    case .quorumCommits: "a proposal is committed when a quorum has it"
    case .votersCount: "observers count for nothing"
    case .rolloverElects: "when the counter ends a leader is elected anew"
    case .syncAsksLeader: "a learner synchronizes by asking its leader"
    case .votesRepeated: "who looks for a leader tells its vote again and again"
    case .latecomersAnswered: "who has a leader tells it to those that look for one"
    case .initLimited: "a leader whose epoch does not begin in time gives up"
    case .leaderAwaited: "a learner that hears nothing of its leader gives up"
    case .quorumHeard: "a leader that hears no quorum gives up"
    case .greaterEpochDeposes: "a leader gives up when one has accepted a greater epoch"
    }
  }

  /// Where the rule comes from.
  public var source: String {
    switch self {
    case .epochBeforeZxid, .zxidVoted:
      "FastLeaderElection.totalOrderPredicate; Medeiros 2012, 4.1"
    case .memoryMeetsLog: "ZOOKEEPER-2845; ZKDatabase.fastForwardDataBase"
    case .epochAcceptedOnce: "paper, phase 1; Learner.registerWithLeader"
    case .acceptedEpochStoredFirst: "paper, phase 1; QuorumPeer.setAcceptedEpoch"
    case .bestHistoryLeads, .quorumAcceptsEpoch: "Leader.waitForEpochAck; the paper's ACK-E"
    case .truncated: "Learner.syncWithLeader; the paper's phase 2"
    case .truncatedSnapshotReplaced: "not in Apache's servers, whose snapshot stays"
    case .logBeforeEpoch: "paper, phase 2; ZOOKEEPER-4643"
    case .snapshotWithEpoch: "paper, phase 2: atomically"
    case .newLeaderStoredFirst: "paper, phase 2; ZOOKEEPER-4646"
    case .quorumAcknowledgesLeader: "paper, phase 2; Leader.waitForNewLeaderAck"
    case .beginningAcknowledged: "Leader.startZkServer: setlastProcessedZxid"
    case .upToDateFirst: "paper, phase 2; Learner.syncWithLeader"
    case .proposalStoredFirst, .quorumCommits: "paper, phase 3; Leader.processAck"
    case .leaderCountsStoredOnly: "paper, phase 3; SyncRequestProcessor, AckRequestProcessor"
    case .votersCount: "QuorumVerifier; Hunt et al. 2010"
    case .rolloverElects: "ZOOKEEPER-1277; Leader.propose"
    case .syncAsksLeader: "Leader.processSync; Hunt et al. 2010, 2.3"
    case .votesRepeated, .latecomersAnswered: "FastLeaderElection.lookForLeader"
    case .initLimited: "Leader.getEpochToPropose: initLimit"
    case .leaderAwaited, .quorumHeard: "paper, 4.1; Leader.lead: syncLimit"
    case .greaterEpochDeposes: "not in Apache's servers; the paper's phase 1"
    }
  }
}
