public import ProtocolCore

extension PaxosCommit {
  /// The rules of Paxos Commit.
  public enum Rule: String, RuleName {
    // What stands on disk before what is said, and is read again.
    case voteStoredFirst
    case acceptanceStoredFirst
    case promiseStoredFirst
    case voteOutlivesCrash
    case acceptanceOutlivesCrash
    case promiseOutlivesCrash

    // What a participant may do.
    case lateRequestRefused
    case uncertainWaits

    // What an acceptor may do.
    case laterBallotsOnly
    case promiseKept
    case acceptancePromises
    case voteReported

    // What a leader may do.
    case ballotsDiffer
    case quorumPromises
    case thisBallotPromised
    case acceptedAdopted
    case highestAdopted
    case unreportedRefused
    case quorumAccepts
    case thisBallotCounted
    case unanimity

    // What must be done so that it ends.
    case requestTimesOut
    case ballotTimesOut
    case uncertainAsks
    case askedLeads
    case preemptedRetries
    case decidedAnswers
  }
}

extension PaxosCommit.Rule {
  /// What leaving the rule out endangers.
  public var kind: RuleKind {
    switch self {
    case .voteStoredFirst, .acceptanceStoredFirst, .promiseStoredFirst,
      .voteOutlivesCrash, .acceptanceOutlivesCrash, .promiseOutlivesCrash, .lateRequestRefused,
      .uncertainWaits, .laterBallotsOnly, .promiseKept, .acceptancePromises, .voteReported,
      .ballotsDiffer, .quorumPromises, .thisBallotPromised, .acceptedAdopted, .highestAdopted,
      .unreportedRefused, .quorumAccepts, .thisBallotCounted, .unanimity:
      .safety
    case .requestTimesOut, .ballotTimesOut, .uncertainAsks, .askedLeads, .preemptedRetries,
      .decidedAnswers:
      .progress
    }
  }

  /// The rule in a sentence.
  public var sentence: String {
    switch self {
    case .voteStoredFirst: "a yes leaves when it is on disk"
    case .acceptanceStoredFirst: "what was accepted is told when it is on disk"
    case .promiseStoredFirst: "a promise, or a request for promises, leaves when it is on disk"
    case .voteOutlivesCrash: "a yes on disk without a decision means in doubt"
    case .acceptanceOutlivesCrash: "an acceptor that restarts knows what it has accepted"
    case .promiseOutlivesCrash: "an acceptor that restarts keeps what it has promised"
    case .lateRequestRefused: "a participant not at work on the transaction votes no"
    case .uncertainWaits: "a participant that has voted yes decides nothing alone"
    case .laterBallotsOnly: "an acceptor promises no smaller ballot than any it has answered"
    case .promiseKept: "an acceptor accepts nothing in a smaller ballot than it has promised"
    case .acceptancePromises: "an acceptor that accepts in a ballot has promised it"
    case .voteReported: "a promise tells what was accepted last"
    case .ballotsDiffer: "no two leaders have a ballot in common"
    case .quorumPromises: "votes are proposed when a majority has promised"
    case .thisBallotPromised: "only promises of the same ballot are counted together"
    case .acceptedAdopted: "what is reported as accepted is proposed again"
    case .highestAdopted: "of what is reported for an instance the greatest ballot counts"
    case .unreportedRefused: "where nothing is reported for an instance a no is proposed"
    case .quorumAccepts: "a vote is chosen when a majority has accepted it"
    case .thisBallotCounted: "only acceptances of the same ballot are counted together"
    case .unanimity: "commit only when yes is chosen in every instance"
    case .requestTimesOut: "a participant aborts when it is not asked to prepare"
    case .ballotTimesOut: "a leader whose ballot comes to nothing begins another"
    case .uncertainAsks: "a participant in doubt asks the acceptors, again and again"
    case .askedLeads: "an acceptor that is asked, and does not know, leads a ballot"
    case .preemptedRetries: "a leader that was pre-empted leads again later"
    case .decidedAnswers: "an acceptor that knows the decision tells who asks"
    }
  }

  /// Where the rule comes from.
  public var source: String {
    switch self {
    case .voteStoredFirst, .voteOutlivesCrash, .uncertainWaits, .lateRequestRefused,
      .requestTimesOut:
      "Gray, Lamport 2006, 3.1, the resource manager of two-phase commit"
    case .acceptanceStoredFirst, .promiseStoredFirst, .acceptanceOutlivesCrash,
      .promiseOutlivesCrash, .laterBallotsOnly, .promiseKept, .acceptancePromises, .voteReported,
      .ballotsDiffer, .quorumPromises, .thisBallotPromised, .acceptedAdopted, .highestAdopted,
      .quorumAccepts, .thisBallotCounted:
      "Gray, Lamport 2006, 4.1; Lamport 2001, 2"
    case .unreportedRefused, .unanimity, .ballotTimesOut, .uncertainAsks, .askedLeads,
      .preemptedRetries, .decidedAnswers:
      "Gray, Lamport 2006, 4.2"
    }
  }
}
