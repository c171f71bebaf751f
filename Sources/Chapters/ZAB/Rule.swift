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
    case acksWithdrawn
    case rolloverElects

    // Reconfiguration.
    case oldQuorumCommits
    case newQuorumCommits
    case lastSeenCounts
    case everySeenCounts
    case configurationStoredFirst
    case oneReconfiguration
    case lastSeenStoredFirst
    case inForceTold
    case newQuorumSynchronized
    case seenMayLead
    case seenNamed
    case configurationTold
    case removedGivesUp

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
      .proposalStoredFirst, .leaderCountsStoredOnly, .quorumCommits, .votersCount, .acksWithdrawn,
      .rolloverElects,
      .oldQuorumCommits, .newQuorumCommits, .lastSeenCounts, .everySeenCounts,
      .oneReconfiguration, .lastSeenStoredFirst, .inForceTold, .removedGivesUp, .syncAsksLeader:
      .safety
    case .epochBeforeZxid, .zxidVoted, .votesRepeated, .latecomersAnswered,
      .initLimited,
      .leaderAwaited, .quorumHeard, .greaterEpochDeposes, .newQuorumSynchronized,
      .seenMayLead, .seenNamed, .configurationTold, .configurationStoredFirst:
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
    case .acksWithdrawn: "what a learner acknowledged counts while it is connected"
    case .rolloverElects: "when the counter ends a leader is elected anew"
    case .oldQuorumCommits:
      "a reconfiguration is committed when a quorum of the old has it"
    case .newQuorumCommits:
      "a reconfiguration is committed when a quorum of the new has it"
    case .lastSeenCounts:
      "who has a reconfiguration in its history comes to lead by quorums of the old and of the new"
    case .everySeenCounts:
      "who has several comes to lead by quorums of all of them, and not of the last alone"
    case .configurationStoredFirst:
      "a leader commits a reconfiguration when the configuration is on its disk"
    case .oneReconfiguration: "a reconfiguration is proposed when none is under way"
    case .lastSeenStoredFirst: "a reconfiguration is acknowledged when it is on disk"
    case .inForceTold: "who joins late is told the configuration in force, not the proposed one"
    case .newQuorumSynchronized:
      "a reconfiguration is proposed when a quorum of the new is synchronized"
    case .seenMayLead: "who shall vote may lead: it may have come farther than those who vote"
    case .seenNamed: "who votes may name one who shall vote to those who have not heard of that"
    case .configurationTold: "votes tell the configuration, and an older one gives way to it"
    case .removedGivesUp: "a leader that is removed commits that and hands over"
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
    case .acksWithdrawn: "not in Apache's servers, whose Leader.Proposal keeps its ackSet"
    case .rolloverElects: "ZOOKEEPER-1277; Leader.propose"
    case .oldQuorumCommits, .newQuorumCommits:
      "Shraer et al. 2012, 3.1; Leader.tryToCommit: hasAllQuorums"
    case .lastSeenCounts: "Shraer et al. 2012, 3.2; Leader.lead: addQuorumVerifier"
    case .everySeenCounts: "not in Apache's servers, which keep the last seen alone"
    case .configurationStoredFirst: "QuorumPeer.setQuorumVerifier: writeDynamicConfig"
    case .oneReconfiguration: "PrepRequestProcessor: ReconfigInProgress"
    case .lastSeenStoredFirst: "Shraer et al. 2012, 3.1; Follower: setLastSeenQuorumVerifier"
    case .inForceTold: "not in Apache's servers, whose NEWLEADER tells the last seen"
    case .newQuorumSynchronized: "PrepRequestProcessor: NewConfigNoQuorum"
    case .seenMayLead: "not in Apache's servers, where it votes for nobody"
    case .seenNamed: "not in Apache's servers, which hear of no such vote: validVoter"
    case .configurationTold: "FastLeaderElection: WorkerReceiver; QuorumPeer.processReconfig"
    case .removedGivesUp: "Shraer et al. 2012, 3.1; Leader.getDesignatedLeader"
    case .syncAsksLeader: "Leader.processSync; Hunt et al. 2010, 2.3"
    case .votesRepeated, .latecomersAnswered: "FastLeaderElection.lookForLeader"
    case .initLimited: "Leader.getEpochToPropose: initLimit"
    case .leaderAwaited, .quorumHeard: "paper, 4.1; Leader.lead: syncLimit"
    case .greaterEpochDeposes: "neither in Apache's servers nor in the paper"
    }
  }
}
