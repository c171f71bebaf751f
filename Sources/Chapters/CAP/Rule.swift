public import ProtocolCore

/// The rules of the stores of this chapter.
public enum Rule: String, RuleName {
  // What stands on disk before what is said, and is read again.
  case versionStoredFirst
  case attemptStoredFirst
  case answerStoredFirst
  case contentsOutliveCrash
  case attemptsOutliveCrash
  case viewOutlivesCrash

  // Versions.
  case newestKept
  case tagsDiffer
  case tagsRise

  // Quorums.
  case quorumsMeet
  case tagsQueried
  case readQuorumTells
  case newestReturned
  case writeQuorumKeeps
  case writtenBack
  case minorityRefuses

  // A primary and its backups.
  case backupsFirst
  case readsConfirmed
  case viewsGrow
  case installedFirst
  case newestTakenOver

  // Available copies.
  case silentLeftOut
  case rejoinedFirst
  case currentRejoined
  case survivorsAskedAgain

  // A centre, and time-outs.
  case centreAsked
  case ownWritesSeen
  case writesDoneOnce
  case answeredAnyway

  // What must be done so that it ends.
  case askedAgain
  case gossiped
}

extension Rule {
  /// What leaving the rule out endangers.
  public var kind: RuleKind {
    switch self {
    case .versionStoredFirst, .attemptStoredFirst, .answerStoredFirst, .contentsOutliveCrash,
      .attemptsOutliveCrash, .viewOutlivesCrash, .newestKept, .tagsDiffer, .tagsRise,
      .quorumsMeet, .tagsQueried, .readQuorumTells, .newestReturned, .writeQuorumKeeps,
      .writtenBack, .backupsFirst, .readsConfirmed, .viewsGrow, .installedFirst, .newestTakenOver,
      .rejoinedFirst, .currentRejoined, .survivorsAskedAgain, .centreAsked, .ownWritesSeen,
      .writesDoneOnce:
      .safety
    case .minorityRefuses, .silentLeftOut, .answeredAnyway, .askedAgain, .gossiped: .progress
    }
  }

  /// The rule in a sentence.
  public var sentence: String {
    switch self {
    case .versionStoredFirst: "a node says that it keeps a version when that is on disk"
    case .attemptStoredFirst: "nobody is asked before the attempt's number is on disk"
    case .answerStoredFirst: "a client is answered when what its node keeps for it is on disk"
    case .contentsOutliveCrash: "a node that restarts has what it kept"
    case .attemptsOutliveCrash: "a node that restarts uses no attempt's number again"
    case .viewOutlivesCrash: "a node that restarts knows the view it was in"
    case .newestKept: "a version is kept only if it is newer than what is kept"
    case .tagsDiffer: "no two nodes give the same tag"
    case .tagsRise: "a write gets a greater tag than what its node keeps"
    case .quorumsMeet: "every quorum that is asked meets every quorum that keeps"
    case .tagsQueried: "a write asks a quorum for its tags, and goes above them"
    case .readQuorumTells: "a read goes on when a quorum has told its versions"
    case .newestReturned: "of the versions that are told the newest counts"
    case .writeQuorumKeeps: "a write is answered when a quorum keeps it"
    case .writtenBack: "a read has a quorum keep what it returns before it is answered"
    case .minorityRefuses: "who does not reach a quorum in time says so"
    case .backupsFirst: "a write is answered when every backup keeps it"
    case .readsConfirmed: "a read is answered when every backup says that it still follows"
    case .viewsGrow: "a backup keeps nothing for a primary of an older view"
    case .installedFirst: "who enters a view first takes over all that its primary keeps"
    case .newestTakenOver:
      "who is promoted takes over what is kept in the newest view of all but the old primary"
    case .silentLeftOut: "who does not answer in time is waited for no longer"
    case .rejoinedFirst: "who was down hears what it has missed before it answers"
    case .currentRejoined: "who was down goes on when one that missed nothing, or all, have told it"
    case .survivorsAskedAgain:
      "who comes back and finds one crashed asks the others once more what they keep"
    case .centreAsked: "a read is answered by the centre, as long as it is heard"
    case .ownWritesSeen: "a node sees what it has answered, whether the centre has it or not"
    case .writesDoneOnce: "the centre does each write of a node once, in that node's order"
    case .answeredAnyway: "who does not hear of the centre in time answers by itself"
    case .askedAgain: "what is not answered is sent again"
    case .gossiped: "a node tells the others all that it keeps, again and again"
    }
  }

  /// Where the rule comes from.
  public var source: String {
    switch self {
    case .versionStoredFirst, .attemptStoredFirst, .answerStoredFirst, .contentsOutliveCrash,
      .attemptsOutliveCrash:
      "Attiya, Bar-Noy, Dolev 1995, for nodes that restart: what they said still holds"
    case .viewOutlivesCrash, .viewsGrow, .installedFirst, .newestTakenOver:
      "Oki, Liskov 1988, view changes"
    case .newestKept: "Attiya, Bar-Noy, Dolev 1995; Thomas 1979, the write rule"
    case .tagsDiffer, .tagsRise: "Lamport 1978; Lynch, Shvartsman 1997"
    case .quorumsMeet: "Gifford 1979: r + w > N"
    case .tagsQueried: "Lynch, Shvartsman 1997, the query phase of a write"
    case .readQuorumTells, .writeQuorumKeeps, .newestReturned: "Attiya, Bar-Noy, Dolev 1995"
    case .writtenBack: "Attiya, Bar-Noy, Dolev 1995, the second phase of a read"
    case .minorityRefuses: "Gilbert, Lynch 2002, 3.2: consistent and partition tolerant"
    case .backupsFirst, .readsConfirmed: "Alsberg, Day 1976; Oki, Liskov 1988"
    case .currentRejoined: "Skeen, TOCS 3(1), 1985, the last process to fail"
    case .silentLeftOut, .rejoinedFirst, .survivorsAskedAgain:
      "Bernstein, Hadzilacos, Goodman 1987, chapter 8"
    case .centreAsked, .answeredAnyway, .writesDoneOnce, .ownWritesSeen:
      "Gilbert, Lynch 2002, 4: the modified centralized algorithm"
    case .askedAgain: "Gilbert, Lynch 2002, 4: messages that were lost are sent again"
    case .gossiped: "Demers and others, PODC 1987, anti-entropy"
    }
  }
}
