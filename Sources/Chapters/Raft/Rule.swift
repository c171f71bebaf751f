public import ProtocolCore

extension Raft {
  /// The rules of Raft.
  public enum Rule: String, RuleName {
    // Elections.
    case voteStoredFirst
    case ownVoteStoredFirst
    case logStoredFirst
    case oneVotePerTerm
    case upToDateCheck
    case majorityElects
    case staleTermRejected
    case greaterTermDeposes

    // The log.
    case consistencyChecked
    case conflictsDeleted
    case matchesKept
    case entriesStoredFirst
    case leaderCountsStoredOnly
    case majorityCommits
    case currentTermCounts
    case commitOfVerified
    case commitGrows
    case appliedOnce

    // Snapshots.
    case suffixKept
    case olderSnapshotIgnored
    case chunksInOrder

    // Members.
    case oneServerAtATime
    case oneChangeAtATime
    case changeAfterOwnTerm
    case bothMajorities
    case newAfterJoint
    case oldInJoint
    case laterEntryAnswers

    // Reads.
    case readsConfirmed
    case readsOfOwnTerm
    case readsApplied
    case answersMatched
    case leaderBelieved
    case leaseOfMajority
    case leaseFromSending
    case beliefOutlivesCrash
    case transferEndsLease
    case toldNotRefused

    // What must be done so that it goes on.
    case electionTimesOut
    case heartbeats
    case backtracking
    case noopAtStart
    case quorumChecked
    case removedStepsDown
    case preVoteFirst
  }
}

extension Raft.Rule {
  /// What leaving the rule out endangers.
  public var kind: RuleKind {
    switch self {
    case .voteStoredFirst, .ownVoteStoredFirst, .logStoredFirst, .oneVotePerTerm, .upToDateCheck,
      .majorityElects, .staleTermRejected, .greaterTermDeposes, .consistencyChecked,
      .conflictsDeleted, .matchesKept, .entriesStoredFirst, .leaderCountsStoredOnly,
      .majorityCommits, .currentTermCounts, .commitOfVerified, .commitGrows, .appliedOnce,
      .suffixKept, .olderSnapshotIgnored, .chunksInOrder, .oneServerAtATime, .oneChangeAtATime,
      .changeAfterOwnTerm, .bothMajorities, .newAfterJoint, .oldInJoint, .laterEntryAnswers,
      .readsConfirmed, .readsOfOwnTerm, .readsApplied, .answersMatched, .leaderBelieved,
      .leaseOfMajority, .leaseFromSending, .beliefOutlivesCrash, .transferEndsLease,
      .toldNotRefused:
      .safety
    case .electionTimesOut, .heartbeats, .backtracking, .noopAtStart, .quorumChecked,
      .removedStepsDown, .preVoteFirst:
      .progress
    }
  }

  /// The rule in a sentence.
  public var sentence: String {
    switch self {
    case .voteStoredFirst: "a vote is given when term and vote are on disk"
    case .ownVoteStoredFirst: "a candidate counts its own vote when it is on disk"
    case .logStoredFirst: "a candidate asks for votes when its log is on disk"
    case .oneVotePerTerm: "a server votes for one candidate a term"
    case .upToDateCheck: "a server votes only for a log that is at least as up to date as its own"
    case .majorityElects: "a candidate leads when a majority has voted for it"
    case .staleTermRejected: "what was sent in a term that is over is refused"
    case .greaterTermDeposes: "a leader or candidate that hears of a greater term follows"
    case .consistencyChecked: "entries are taken only behind the entry that they follow"
    case .conflictsDeleted: "an entry that conflicts is deleted with all that follow it"
    case .matchesKept: "what agrees with the leader's entries is kept, and all that follows"
    case .entriesStoredFirst: "a follower acknowledges entries when they are on disk"
    case .leaderCountsStoredOnly: "a leader counts itself for what is on its own disk"
    case .majorityCommits: "an entry is committed only when a majority has it"
    case .currentTermCounts: "a leader counts only for entries of its own term"
    case .commitOfVerified:
      "a follower takes for committed only what it knows to agree with the leader's log"
    case .commitGrows: "the commit index never goes back"
    case .appliedOnce: "a command that has been applied is not applied again"
    case .suffixKept: "what follows a snapshot that stands in the log is kept"
    case .olderSnapshotIgnored: "a snapshot of what is committed already is not installed"
    case .chunksInOrder: "a chunk of a snapshot is taken only behind what came before"
    case .oneServerAtATime: "without a joint consensus one server comes or goes at a time"
    case .oneChangeAtATime: "members change only when the last change is committed"
    case .changeAfterOwnTerm: "members change only when the leader has committed in its term"
    case .bothMajorities: "in a joint consensus both majorities must agree"
    case .newAfterJoint: "the new members decide alone when the joint consensus is committed"
    case .oldInJoint: "a joint consensus names the members that decide, and those that will"
    case .laterEntryAnswers:
      "an operator is answered by an entry that was proposed after it asked"
    case .readsConfirmed: "a leader reads when a majority has answered a later heartbeat"
    case .readsOfOwnTerm: "a leader reads when it has committed in its term"
    case .readsApplied: "a read waits until all up to its index is applied"
    case .answersMatched: "a follower reads by the leader's answer to what it has asked, no other"
    case .leaderBelieved: "a server that hears a leader votes for no other"
    case .leaseOfMajority: "a leader has a lease when a majority has answered"
    case .leaseFromSending: "a lease counts from the heartbeat, not from the answers"
    case .beliefOutlivesCrash: "a server that restarts takes it that it has just heard a leader"
    case .transferEndsLease: "a leader that has another elected has no lease any more"
    case .toldNotRefused: "a hand-over is not refused when the other was told to lead"
    case .electionTimesOut: "a server that hears no leader begins an election"
    case .heartbeats: "a leader tells its followers again and again what they lack"
    case .backtracking: "a leader whose entries are rejected sends earlier ones"
    case .noopAtStart: "a leader begins its term with an entry"
    case .quorumChecked: "a leader that no majority answers gives up"
    case .removedStepsDown: "a leader that is no member gives up when that is committed"
    case .preVoteFirst: "a term is begun only when a majority would vote"
    }
  }

  /// Where the rule comes from.
  public var source: String {
    switch self {
    case .voteStoredFirst, .ownVoteStoredFirst:
      "paper, figure 2: updated on stable storage before responding to RPCs"
    case .logStoredFirst: "paper, 5.4.1 and figure 2: the log is persistent state"
    case .oneVotePerTerm: "paper, 5.2; figure 2, RequestVote, 2"
    case .upToDateCheck: "paper, 5.4.1; figure 2, RequestVote, 2"
    case .majorityElects: "paper, 5.2; figure 2, candidates"
    case .staleTermRejected: "paper, 5.1; figure 2, AppendEntries, 1, RequestVote, 1"
    case .greaterTermDeposes: "paper, 5.1; figure 2, all servers"
    case .consistencyChecked: "paper, 5.3; figure 2, AppendEntries, 2"
    case .conflictsDeleted: "paper, 5.3; figure 2, AppendEntries, 3"
    case .matchesKept: "paper, figure 2, AppendEntries, 3 and 4"
    case .entriesStoredFirst: "paper, figure 2: updated on stable storage before responding"
    case .leaderCountsStoredOnly: "thesis, 10.2.1"
    case .majorityCommits: "paper, 5.3; figure 2, leaders"
    case .currentTermCounts: "paper, 5.4.2 and figure 8; figure 2, leaders"
    case .commitOfVerified: "paper, figure 2, AppendEntries, 5"
    case .commitGrows: "paper, figure 2: increases monotonically"
    case .appliedOnce: "paper, 8; thesis, 6.3"
    case .suffixKept: "paper, 7; figure 13, 6"
    case .olderSnapshotIgnored: "paper, 7 and figure 13, 6: what it describes is there already"
    case .chunksInOrder: "paper, figure 13, 3 and 4"
    case .oneServerAtATime: "thesis, 4.1; paper, 6 and figure 10"
    case .oneChangeAtATime: "thesis, 4.1"
    case .changeAfterOwnTerm: "Ongaro, raft-dev, July 2015"
    case .bothMajorities: "paper, 6"
    case .newAfterJoint: "paper, 6 and figure 11"
    case .oldInJoint: "paper, 6 and figure 11"
    case .laterEntryAnswers: "thesis, 6.4, which tells it of reads; Herlihy and Wing 1990"
    case .readsConfirmed, .readsOfOwnTerm: "paper, 8; thesis, 6.4"
    case .readsApplied: "thesis, 6.4"
    case .answersMatched: "thesis, 6.4: for accumulated queries, steps 1 to 3"
    case .leaderBelieved: "paper, 6, the third issue; thesis, 4.2.3"
    case .leaseOfMajority, .leaseFromSending: "thesis, 6.4.1"
    case .beliefOutlivesCrash: "Gray and Cheriton 1989; not in the thesis"
    case .transferEndsLease: "thesis, 6.4.1 and 3.10"
    case .toldNotRefused: "thesis, 3.10; not in these words"
    case .electionTimesOut: "paper, 5.2"
    case .heartbeats: "paper, 5.2 and 5.3"
    case .backtracking: "paper, 5.3"
    case .noopAtStart: "paper, 8; thesis, 6.4"
    case .quorumChecked: "thesis, 6.2"
    case .removedStepsDown: "paper, 6; thesis, 4.2.2"
    case .preVoteFirst: "thesis, 9.6"
    }
  }
}
