public import ProtocolCore

/// The rules of two-phase commit.
public enum Rule: String, RuleName {
  // What stands on disk before what is said.
  case voteStoredFirst
  case decisionStoredFirst
  case ackStoredFirst
  case startStoredFirst

  // What may be done.
  case unanimity
  case lateRequestRefused
  case uncertainWaits
  case allAcknowledgedBeforeForgetting
  case ignoranceIsNotAbort

  // What is remembered across a crash.
  case voteOutlivesCrash
  case decisionOutlivesCrash
  case startMeansAbort

  // What must be done so that it ends.
  case votesTimeOut
  case requestTimesOut
  case uncertainAsks
  case peersAreAsked
  case decidedAnswers
  case forgottenIsPresumed
  case decisionIsRepeated
  case ackIsRepeated
}

extension Rule {
  /// What leaving the rule out endangers.
  public var kind: RuleKind {
    switch self {
    case .voteStoredFirst, .decisionStoredFirst, .ackStoredFirst, .startStoredFirst, .unanimity,
      .lateRequestRefused, .uncertainWaits, .allAcknowledgedBeforeForgetting,
      .ignoranceIsNotAbort, .voteOutlivesCrash, .decisionOutlivesCrash, .startMeansAbort:
      .safety
    case .votesTimeOut, .requestTimesOut, .uncertainAsks, .peersAreAsked, .decidedAnswers,
      .forgottenIsPresumed, .decisionIsRepeated, .ackIsRepeated:
      .progress
    }
  }

  /// The rule in a sentence.
  public var sentence: String {
    switch self {
    case .voteStoredFirst: "a yes vote leaves when the yes is on disk"
    case .decisionStoredFirst: "a decision is told when it is on disk"
    case .ackStoredFirst: "an acknowledgement leaves when the decision is on disk"
    case .startStoredFirst: "presuming commit, nobody is asked before the start is on disk"
    case .unanimity: "commit only when every vote is in and none is no"
    case .lateRequestRefused: "a participant not at work on the transaction votes no, however late"
    case .uncertainWaits: "a participant that has voted yes decides nothing alone"
    case .allAcknowledgedBeforeForgetting:
      "the coordinator forgets when all have acknowledged, unless its outcome is presumed"
    case .ignoranceIsNotAbort:
      "a peer that knows nothing of a transaction does not say that it aborted"
    case .voteOutlivesCrash: "a yes on disk without a decision means in doubt"
    case .decisionOutlivesCrash: "a decision on disk is told again after a crash"
    case .startMeansAbort: "a start on disk without a decision means abort, and all are told"
    case .votesTimeOut: "the coordinator aborts when votes do not come"
    case .requestTimesOut: "a participant aborts when it is not asked to prepare"
    case .uncertainAsks: "a participant in doubt asks the coordinator, again and again"
    case .peersAreAsked: "a participant in doubt asks its peers as well"
    case .decidedAnswers: "a participant that knows the decision tells a peer that asks"
    case .forgottenIsPresumed: "a coordinator that has forgotten answers what is presumed"
    case .decisionIsRepeated: "the decision is told again until it is acknowledged"
    case .ackIsRepeated: "a decision that is told again is acknowledged again"
    }
  }

  /// Where the rule comes from.
  public var source: String {
    switch self {
    case .voteStoredFirst, .decisionStoredFirst, .voteOutlivesCrash, .startMeansAbort:
      "Bernstein, Hadzilacos, Goodman 1987, 7.4, DT log rules"
    case .decisionOutlivesCrash: "Gray 1978, 5.8.3.3"
    case .unanimity: "Bernstein, Hadzilacos, Goodman 1987, 7.3, AC3"
    case .uncertainWaits, .votesTimeOut, .requestTimesOut, .uncertainAsks:
      "Bernstein, Hadzilacos, Goodman 1987, 7.4, time-out actions"
    case .peersAreAsked, .decidedAnswers:
      "Bernstein, Hadzilacos, Goodman 1987, 7.4, cooperative termination"
    case .ackStoredFirst, .startStoredFirst, .allAcknowledgedBeforeForgetting,
      .forgottenIsPresumed, .decisionIsRepeated, .ackIsRepeated:
      "Mohan, Lindsay, Obermarck 1986, 2 and 3"
    case .lateRequestRefused, .ignoranceIsNotAbort:
      "Mohan, Lindsay, Obermarck 1986, 3.1: a read-only or aborted subordinate keeps no record"
    }
  }
}
