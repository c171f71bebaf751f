public import ProtocolCore

extension MultiPaxos {
  /// The rules of Multi-Paxos, those of the Synod that it needs again among them.
  public enum Rule: String, RuleName {
    // What stands on disk before what is said.
    case promiseStoredFirst
    case acceptanceStoredFirst
    case ownVoteStoredFirst

    // What a server may do.
    case laterBallotsOnly
    case promiseKept
    case acceptancePromises
    case checkpointReported
    case commitOfItsBallot
    case supersededSteps
    case executedInOrder
    case executedOnce

    // What a leader may do.
    case quorumPromises
    case thisBallotPromised
    case acceptedAdopted
    case highestAdopted
    case quorumAccepts
    case thisBallotCounted
    case gapsFilled
    case windowKept
    case newMembersPromise
    case ownChoiceAnswers

    // What a lease wants.
    case leaseHonoured
    case grantKept
    case leaseOfMajority
    case leaseFromSending
    case readsWhenRecovered
    case grantOutlivesCrash

    // What must be done so that it ends.
    case electionTimesOut
    case proposalsRepeated
    case laggardsFetch
  }
}

extension MultiPaxos.Rule {
  /// What leaving the rule out endangers.
  public var kind: RuleKind {
    switch self {
    case .promiseStoredFirst, .acceptanceStoredFirst, .ownVoteStoredFirst, .laterBallotsOnly,
      .promiseKept, .acceptancePromises, .checkpointReported, .commitOfItsBallot, .supersededSteps,
      .executedInOrder, .executedOnce, .quorumPromises, .thisBallotPromised, .acceptedAdopted,
      .highestAdopted, .quorumAccepts, .thisBallotCounted, .windowKept, .newMembersPromise,
      .ownChoiceAnswers, .leaseHonoured, .grantKept, .leaseOfMajority, .leaseFromSending,
      .readsWhenRecovered, .grantOutlivesCrash:
      .safety
    case .gapsFilled, .electionTimesOut, .proposalsRepeated, .laggardsFetch:
      .progress
    }
  }

  /// The rule in a sentence.
  public var sentence: String {
    switch self {
    case .promiseStoredFirst: "a promise leaves when it is on disk"
    case .acceptanceStoredFirst: "an acceptance is told when it is on disk"
    case .ownVoteStoredFirst: "a leader counts its own acceptance when it is on disk"
    case .laterBallotsOnly: "a server promises no smaller ballot than any it has answered"
    case .promiseKept: "a server accepts nothing of a smaller ballot than it has promised"
    case .acceptancePromises: "a server that accepts has promised the ballot"
    case .checkpointReported: "a promise brings the checkpoint, when what was asked for is in it"
    case .commitOfItsBallot:
      "a server takes for chosen only what it accepted in the ballot of the leader that says so"
    case .executedInOrder: "an entry is executed when all before it have been"
    case .executedOnce: "a command that has been executed is not executed again"
    case .quorumPromises: "a server leads when a majority has promised"
    case .thisBallotPromised: "only promises of the same ballot are counted together"
    case .acceptedAdopted: "what a promise reports is proposed again under its number"
    case .highestAdopted:
      "of what is reported under a number that of the greatest ballot is adopted"
    case .quorumAccepts: "an entry is chosen when a majority has accepted it"
    case .thisBallotCounted: "only acceptances of the same ballot are counted together"
    case .gapsFilled: "a new leader proposes a no-op where nothing is reported before something"
    case .windowKept: "a number is proposed only when the one α before it is executed"
    case .newMembersPromise: "a number is proposed only when a majority of its members has promised"
    case .ownChoiceAnswers:
      "an operator is answered when what is proposed since it asked is chosen in that ballot"
    case .supersededSteps:
      "a leader that is told what is chosen, and has not counted it, leads no more"
    case .grantKept: "a server that has granted a lease grants none to another meanwhile"
    case .leaseHonoured: "a server that has granted a lease promises no other ballot meanwhile"
    case .leaseOfMajority: "a leader has a lease when a majority has granted it"
    case .leaseFromSending: "a lease counts from when it was asked for, not from the answer"
    case .readsWhenRecovered: "a leader reads when it has executed all that it found in phase 1"
    case .grantOutlivesCrash: "a server that restarts takes it that it has just granted a lease"
    case .electionTimesOut: "a server that hears of no leader would lead"
    case .proposalsRepeated: "a leader proposes again what is not chosen"
    case .laggardsFetch: "a server that lacks what is chosen asks for it"
    }
  }

  /// Where the rule comes from.
  public var source: String {
    switch self {
    case .promiseStoredFirst, .acceptanceStoredFirst, .ownVoteStoredFirst: "Lamport 2001, 2.5"
    case .laterBallotsOnly, .promiseKept:
      "Lamport 2001, 2.2; van Renesse, Altinbuken 2015, invariants A1 to A3"
    case .acceptancePromises: "Lamport 2006, Fast Paxos, 2.2, phase 2b: rnd is set with vrnd"
    case .checkpointReported: "Chandra, Griesemer, Redstone 2007, 5.5"
    case .commitOfItsBallot, .supersededSteps:
      "Lamport 2001, 3; van Renesse, Altinbuken 2015, invariant C1"
    case .executedInOrder: "Lamport 2001, 3"
    case .executedOnce: "van Renesse, Altinbuken 2015, replicas; Ongaro 2014, 6.3"
    case .quorumPromises, .thisBallotPromised, .acceptedAdopted, .highestAdopted:
      "Lamport 2001, 3 and 2.2, P2c"
    case .quorumAccepts, .thisBallotCounted:
      "Lamport 2001, 2.2; van Renesse, Altinbuken 2015, A4 and C1"
    case .gapsFilled: "Lamport 2001, 3: a special no-op command"
    case .windowKept: "Lamport 2001, 3, α; Lamport, Malkhi, Zhou 2010, 3.2"
    case .newMembersPromise: "Lamport, Malkhi, Zhou 2010, 3.2"
    case .ownChoiceAnswers: "Herlihy, Wing 1990, of what an operator is told"
    case .leaseHonoured, .grantKept, .leaseOfMajority, .leaseFromSending, .readsWhenRecovered,
      .grantOutlivesCrash:
      "Chandra, Griesemer, Redstone 2007, 5.2; Gray and Cheriton 1989"
    case .electionTimesOut: "Lamport 2001, 2.4 and 3"
    case .proposalsRepeated: "van Renesse, Altinbuken 2015, commanders"
    case .laggardsFetch: "Chandra, Griesemer, Redstone 2007, the catch-up mechanism"
    }
  }
}
