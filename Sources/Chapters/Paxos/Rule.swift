public import ProtocolCore

/// The rules of the Synod, Paxos for a single value.
public enum Rule: String, RuleName {
  // What stands on disk before what is said, and is read again.
  case ballotStoredFirst
  case promiseStoredFirst
  case acceptanceStoredFirst
  case ballotOutlivesCrash
  case promiseOutlivesCrash
  case voteOutlivesCrash

  // What an acceptor may do.
  case laterBallotsOnly
  case promiseKept
  case acceptancePromises
  case voteReported

  // What a proposer may do.
  case ballotsDiffer
  case quorumsIntersect
  case quorumPromises
  case thisBallotPromised
  case acceptedAdopted
  case highestAdopted

  // What a learner may do.
  case quorumAccepts
  case oneBallotCounted

  // What must be done so that it ends.
  case ballotTimesOut
  case preemptedRetries
  case chosenTold
  case learnerInquires
  case inquiryProposes
}

extension Rule {
  /// What leaving the rule out endangers.
  public var kind: RuleKind {
    switch self {
    case .ballotStoredFirst, .promiseStoredFirst, .acceptanceStoredFirst, .ballotOutlivesCrash,
      .promiseOutlivesCrash, .voteOutlivesCrash, .laterBallotsOnly, .promiseKept,
      .acceptancePromises,
      .voteReported,
      .ballotsDiffer, .quorumsIntersect, .quorumPromises, .thisBallotPromised, .acceptedAdopted,
      .highestAdopted, .quorumAccepts, .oneBallotCounted:
      .safety
    case .ballotTimesOut, .preemptedRetries, .chosenTold, .learnerInquires, .inquiryProposes:
      .progress
    }
  }

  /// The rule in a sentence.
  public var sentence: String {
    switch self {
    case .ballotStoredFirst:
      "a proposer asks for nothing before the number of its ballot is on disk"
    case .promiseStoredFirst: "a promise leaves when it is on disk"
    case .acceptanceStoredFirst: "an acceptance is told when it is on disk"
    case .ballotOutlivesCrash: "a proposer that restarts begins above every number it has tried"
    case .promiseOutlivesCrash: "an acceptor that restarts keeps what it has promised"
    case .voteOutlivesCrash: "an acceptor that restarts knows what it has accepted"
    case .laterBallotsOnly:
      "an acceptor promises no smaller number than any it has answered; the same one again"
    case .promiseKept: "an acceptor accepts no proposal with a smaller number than it has promised"
    case .acceptancePromises: "an acceptor that accepts a proposal has promised its number"
    case .voteReported: "a promise tells what was accepted last, which has the greatest number"
    case .ballotsDiffer: "no two proposers have a number in common"
    case .quorumsIntersect: "every quorum that promises meets every quorum that accepts"
    case .quorumPromises: "a value is proposed when a quorum has promised"
    case .thisBallotPromised: "only promises of the same ballot are counted together"
    case .acceptedAdopted: "what a quorum reports as accepted is proposed again, not one's own"
    case .highestAdopted: "of what is reported the proposal with the greatest number is adopted"
    case .quorumAccepts: "a value is chosen when a quorum has accepted it"
    case .oneBallotCounted: "only acceptances of the same ballot are counted together"
    case .ballotTimesOut: "a proposer whose ballot comes to nothing begins another"
    case .preemptedRetries: "a proposer that was pre-empted tries again later"
    case .chosenTold: "a learner tells the proposers what is chosen"
    case .learnerInquires: "a learner that cannot tell asks the proposers"
    case .inquiryProposes: "a proposer that is asked what is chosen begins a ballot to find out"
    }
  }

  /// Where the rule comes from.
  public var source: String {
    switch self {
    case .ballotStoredFirst, .ballotOutlivesCrash:
      "Lamport 2001, 2.5: each proposer remembers the highest number it has tried"
    case .promiseStoredFirst, .acceptanceStoredFirst:
      "Lamport 2001, 2.5: recorded in stable storage before the response is sent"
    case .promiseOutlivesCrash, .voteOutlivesCrash: "Lamport 2001, 2.2 and 2.5"
    case .laterBallotsOnly: "Lamport 2001, 2.2, phase 1 (b)"
    case .promiseKept: "Lamport 2001, 2.2, P1a, phase 2 (b)"
    case .acceptancePromises: "Lamport 2006, Fast Paxos, 2.2, phase 2b: rnd is set with vrnd"
    case .voteReported: "Lamport 2001, 2.2, phase 1 (b)"
    case .ballotsDiffer: "Lamport 2001, 2.5; Lamport 1998, 2.1, B1"
    case .quorumsIntersect: "Lamport 1998, 2.1, B2; Howard, Malkhi, Spiegelman 2016, 3"
    case .quorumPromises: "Lamport 2001, 2.2, phase 2 (a)"
    case .thisBallotPromised: "Lamport 2001, 2.2, phase 2 (a)"
    case .acceptedAdopted, .highestAdopted: "Lamport 2001, 2.2, P2c; Lamport 1998, 2.1, B3"
    case .quorumAccepts, .oneBallotCounted: "Lamport 2001, 2.2 and 2.3"
    case .ballotTimesOut, .preemptedRetries: "Lamport 2001, 2.4"
    case .chosenTold: "Lamport 2001, 2.3, a distinguished learner"
    case .learnerInquires, .inquiryProposes: "Lamport 2001, 2.3"
    }
  }
}
