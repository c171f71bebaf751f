public import ProtocolCore

/// The rules of three-phase commit.
public enum Rule: String, RuleName {
  // What stands on disk before what is said.
  case voteStoredFirst
  case preCommitStoredFirst

  // What may be done, and when.
  case unanimity
  case noIsFinal
  case acksAwaited
  case noneDecidesAlone
  case statesAwaited
  case uncertainAbort
  case committableCommit
  case uncertainReadiedFirst

  // What is remembered across a crash, and what is not believed after it.
  case voteOutlivesCrash
  case preCommitOutlivesCrash
  case recoveredStandAside
  case lastToFailAwaited
  case differingAwaitAll

  // What must be done so that it ends.
  case requestTimesOut
  case votesTimeOut
  case acksTimeOut
  case leaderTimesOut
  case silentAreGone
  case statesTimeOut
  case unvotedAborts
  case decidedAnswers
  case recoveredAsks
  case decisionOutlivesCrash
  case lastToFailSuffices
}

extension Rule {
  /// What leaving the rule out endangers.
  public var kind: RuleKind {
    switch self {
    case .voteStoredFirst, .preCommitStoredFirst, .unanimity, .noIsFinal, .acksAwaited,
      .noneDecidesAlone, .statesAwaited, .uncertainAbort, .committableCommit,
      .uncertainReadiedFirst, .voteOutlivesCrash, .preCommitOutlivesCrash, .recoveredStandAside,
      .lastToFailAwaited, .differingAwaitAll:
      .safety
    case .requestTimesOut, .votesTimeOut, .acksTimeOut, .leaderTimesOut, .silentAreGone,
      .statesTimeOut, .unvotedAborts, .decidedAnswers, .recoveredAsks, .decisionOutlivesCrash,
      .lastToFailSuffices:
      .progress
    }
  }

  /// The rule in a sentence.
  public var sentence: String {
    switch self {
    case .voteStoredFirst: "a yes vote leaves when the yes is on disk"
    case .preCommitStoredFirst: "a leader tells nobody preCommit before it is on the leader's disk"
    case .unanimity: "preCommit only when every vote is in and none is no"
    case .noIsFinal: "a participant that has aborted, or has lost its work, votes no, however late"
    case .acksAwaited:
      "commit only when every participant that is not gone has acknowledged preCommit"
    case .noneDecidesAlone: "a participant that hears nothing does not decide by its own state"
    case .statesAwaited:
      "a leader decides when it knows the state of every process that is not gone"
    case .uncertainAbort: "TR3: if all are uncertain, abort"
    case .committableCommit: "TR4: if somebody is committable, commit"
    case .uncertainReadiedFirst: "TR4: but tell the uncertain preCommit first"
    case .voteOutlivesCrash: "a yes on disk without a decision means in doubt"
    case .preCommitOutlivesCrash: "a preCommit on disk means committable"
    case .recoveredStandAside: "a process that crashed in doubt neither counts in a poll nor leads"
    case .lastToFailAwaited:
      "the recovering decide only when whoever may have been the last to fail is among them"
    case .differingAwaitAll: "if the candidates differ, the recovering wait for everybody"
    case .requestTimesOut: "a participant aborts when it is not asked to vote"
    case .votesTimeOut: "the coordinator aborts when votes do not come"
    case .acksTimeOut: "a leader goes on without those that do not acknowledge"
    case .leaderTimesOut: "a process that hears nothing from its leader asks those before it"
    case .silentAreGone: "a process that does not answer is gone, and the first that is left leads"
    case .statesTimeOut: "a leader goes on without those that do not tell their state"
    case .unvotedAborts: "a participant that has not voted aborts when one in doubt asks"
    case .decidedAnswers: "a process that knows the decision tells it when asked"
    case .recoveredAsks: "a process that recovers in doubt asks all others, again and again"
    case .decisionOutlivesCrash: "a decision on disk is known after a crash"
    case .lastToFailSuffices: "the recovering wait for no process that failed before the last"
    }
  }

  /// Where the rule comes from.
  public var source: String {
    switch self {
    case .voteStoredFirst, .voteOutlivesCrash, .requestTimesOut, .votesTimeOut,
      .decisionOutlivesCrash:
      "Bernstein, Hadzilacos, Goodman 1987, 7.4"
    case .unanimity: "Bernstein, Hadzilacos, Goodman 1987, 7.3, AC3"
    case .noIsFinal: "Mohan, Lindsay, Obermarck 1986, 3.1"
    case .acksAwaited, .committableCommit, .uncertainReadiedFirst:
      "Skeen 1981; Bernstein, Hadzilacos, Goodman 1987, 7.5, NB"
    case .noneDecidesAlone, .statesAwaited, .uncertainAbort, .acksTimeOut, .statesTimeOut,
      .recoveredStandAside:
      "Bernstein, Hadzilacos, Goodman 1987, 7.5, termination protocol"
    case .leaderTimesOut, .silentAreGone:
      "Garcia-Molina 1982, the bully algorithm; Bernstein, Hadzilacos, Goodman 1987, 7.5"
    case .unvotedAborts, .decidedAnswers:
      "Bernstein, Hadzilacos, Goodman 1987, 7.4, cooperative termination"
    case .preCommitStoredFirst, .preCommitOutlivesCrash:
      "Skeen 1981: a site's state is on stable storage"
    case .recoveredAsks: "Bernstein, Hadzilacos, Goodman 1987, 7.5, recovery"
    case .lastToFailAwaited, .lastToFailSuffices, .differingAwaitAll:
      "Skeen 1985, the last process to fail; Bernstein, Hadzilacos, Goodman 1987, 7.5"
    }
  }
}
