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
    case checkpointReported
    case commitOfItsBallot
    case executedInOrder
    case executedOnce

    // What a leader may do.
    case quorumPromises
    case acceptedAdopted
    case highestAdopted
    case quorumAccepts
    case gapsFilled
    case windowKept
    case newMembersPromise

    // What a lease wants.
    case leaseHonoured
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
      .promiseKept, .checkpointReported, .commitOfItsBallot, .executedInOrder, .executedOnce,
      .quorumPromises, .acceptedAdopted, .highestAdopted, .quorumAccepts,
      .windowKept, .newMembersPromise, .leaseHonoured, .leaseOfMajority, .leaseFromSending,
      .readsWhenRecovered, .grantOutlivesCrash:
      .safety
    case .gapsFilled, .electionTimesOut, .proposalsRepeated,
      .laggardsFetch:
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
    case .checkpointReported: "a promise brings the checkpoint, when what was asked for is in it"
    case .commitOfItsBallot:
      "a server takes for chosen only what it accepted in the ballot of the leader that says so"
    case .executedInOrder: "an entry is executed when all before it have been"
    case .executedOnce: "a command that has been executed is not executed again"
    case .quorumPromises: "a server leads when a majority has promised"
    case .acceptedAdopted: "what a promise reports is proposed again under its number"
    case .highestAdopted:
      "of what is reported under a number that of the greatest ballot is adopted"
    case .quorumAccepts: "an entry is chosen when a majority has accepted it"
    case .gapsFilled: "a new leader proposes a no-op where nothing is reported before something"
    case .windowKept: "a number is proposed only when the one α before it is executed"
    case .newMembersPromise: "a number is proposed only when a majority of its members has promised"
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
    case .laterBallotsOnly, .promiseKept: "Lamport 2001, 2.2; van Renesse 2015, 2.3, A1 to A3"
    case .checkpointReported: "Chandra, Griesemer, Redstone 2007, 5.5"
    case .commitOfItsBallot: "Lamport 2001, 3; van Renesse 2015, 2.3, C1"
    case .executedInOrder: "Lamport 2001, 3"
    case .executedOnce: "van Renesse 2015, 2.1; Chandra, Griesemer, Redstone 2007, 5.3"
    case .quorumPromises, .acceptedAdopted, .highestAdopted: "Lamport 2001, 3 and 2.2, P2c"
    case .quorumAccepts: "Lamport 2001, 2.2; van Renesse 2015, 2.3, A4, C1"
    case .gapsFilled: "Lamport 2001, 3: a special no-op command"
    case .windowKept: "Lamport 2001, 3, α; Lamport, Malkhi, Zhou 2010, 3.2"
    case .newMembersPromise: "Lamport, Malkhi, Zhou 2010, 3.2"
    case .leaseHonoured, .leaseOfMajority, .leaseFromSending, .readsWhenRecovered,
      .grantOutlivesCrash:
      "Chandra, Griesemer, Redstone 2007, 5.2; Gray and Cheriton 1989"
    case .electionTimesOut: "Lamport 2001, 2.4 and 3"
    case .proposalsRepeated: "van Renesse 2015, 2.2"
    case .laggardsFetch: "Chandra, Griesemer, Redstone 2007, 4.1, catch-up"
    }
  }
}
