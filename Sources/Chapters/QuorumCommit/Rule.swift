public import ProtocolCore

/// The rules of quorum-based commit.
public enum Rule: String, RuleName {
  // What stands on disk before what is said.
  case voteStoredFirst
  case sideStoredFirst
  case electionStoredFirst

  // What may be done, and when.
  case unanimity
  case quorumsMeet
  case commitQuorum
  case abortQuorum
  case oneIsCommittable
  case sidesKept

  // What may be done, and when, if sides can be changed.
  case majorityElects
  case laterElectionsOnly
  case lastElectionFollowed
  case attemptRemembered
  case latestAttemptChosen

  // What must be done so that it ends.
  case requestTimesOut
  case votesTimeOut
  case leaderTimesOut
  case statesTimeOut
  case acksTimeOut
  case unvotedAborts
  case decidedAnswers
}

extension Rule {
  /// What leaving the rule out endangers.
  public var kind: RuleKind {
    switch self {
    case .voteStoredFirst, .sideStoredFirst, .electionStoredFirst, .unanimity, .quorumsMeet,
      .commitQuorum, .abortQuorum, .oneIsCommittable, .sidesKept, .majorityElects,
      .laterElectionsOnly, .lastElectionFollowed, .attemptRemembered, .latestAttemptChosen:
      .safety
    case .requestTimesOut, .votesTimeOut, .leaderTimesOut, .statesTimeOut, .acksTimeOut,
      .unvotedAborts, .decidedAnswers:
      .progress
    }
  }

  /// In which form of the protocol it matters; nil is every form.
  public var variant: Variant? {
    switch self {
    case .quorumsMeet, .oneIsCommittable, .sidesKept: .quorum
    case .electionStoredFirst, .majorityElects, .laterElectionsOnly, .lastElectionFollowed,
      .attemptRemembered, .latestAttemptChosen:
      .enhanced
    case .voteStoredFirst, .sideStoredFirst, .unanimity, .commitQuorum, .abortQuorum,
      .requestTimesOut, .votesTimeOut, .leaderTimesOut, .statesTimeOut, .acksTimeOut,
      .unvotedAborts, .decidedAnswers:
      nil
    }
  }

  /// The rule in a sentence.
  public var sentence: String {
    switch self {
    case .voteStoredFirst: "a yes vote leaves when the yes is on disk"
    case .sideStoredFirst: "a side is acknowledged when it is on disk"
    case .electionStoredFirst: "a participant answers an election when its part is on disk"
    case .unanimity: "preCommit only when every vote is in and none is no"
    case .quorumsMeet: "Vc + Va > V: there cannot be a quorum for commit and one for abort"
    case .commitQuorum: "commit only when Vc stand on the side of commit"
    case .abortQuorum: "abort after the votes only when Va stand on the side of abort"
    case .oneIsCommittable: "a termination commits only if somebody knows that all voted yes"
    case .sidesKept: "a participant that stands on a side stays there"
    case .majorityElects: "a leader goes for nothing unless a majority answers it"
    case .laterElectionsOnly: "nobody takes part in an election that is not later than its last"
    case .lastElectionFollowed: "nobody follows an attempt but of the last election it took part in"
    case .attemptRemembered: "the number of an attempt is kept with the side"
    case .latestAttemptChosen: "a leader goes for what the latest attempt went for"
    case .requestTimesOut: "a participant aborts when it is not asked to vote"
    case .votesTimeOut: "the coordinator aborts when votes do not come"
    case .leaderTimesOut: "a participant in doubt that hears nothing polls all"
    case .statesTimeOut: "a leader that polls goes on without those that do not answer"
    case .acksTimeOut: "a leader whose attempt is not acknowledged waits like the others again"
    case .unvotedAborts: "a process that has not voted, or still lacks votes, aborts when polled"
    case .decidedAnswers: "a process that knows the decision tells it when polled"
    }
  }

  /// Where the rule comes from.
  public var source: String {
    switch self {
    case .voteStoredFirst, .requestTimesOut, .votesTimeOut:
      "Bernstein, Hadzilacos, Goodman 1987, 7.4"
    case .unanimity: "Bernstein, Hadzilacos, Goodman 1987, 7.3, AC3"
    case .quorumsMeet, .commitQuorum, .abortQuorum, .oneIsCommittable, .sidesKept: "Skeen 1982"
    case .leaderTimesOut, .statesTimeOut, .acksTimeOut: "Skeen 1982, termination and merging"
    case .sideStoredFirst:
      "Skeen 1982; Keidar and Dolev 1995: the state is logged before the answer"
    case .electionStoredFirst, .majorityElects, .laterElectionsOnly, .lastElectionFollowed,
      .attemptRemembered, .latestAttemptChosen:
      "Keidar and Dolev 1995, E3PC"
    case .unvotedAborts, .decidedAnswers:
      "Bernstein, Hadzilacos, Goodman 1987, 7.4, cooperative termination"
    }
  }
}
