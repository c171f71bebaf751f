public import ProtocolCore

/// The rules of the store of this chapter.
public enum Rule: String, RuleName {
  // What stands on disk before what is said, and is read again.
  case cellStoredFirst
  case hintStoredFirst
  case cellsOutliveCrash
  case hintsOutliveCrash

  // Cells.
  case concurrentKept
  case seenRemoved
  case tombstoneKept
  case laterStampWins

  // Quorums that are not strict.
  case writeQuorumKeeps
  case hintKeptUntilStored
  case hintsHandedOff

  // Sessions.
  case sessionsChecked
  case sessionRemembersReads
  case sessionRemembersWrites

  // What must be done so that all come to the same.
  case gossiped
  case readRepaired
  case anotherTried
}

extension Rule {
  /// What leaving the rule out endangers.
  public var kind: RuleKind {
    switch self {
    case .cellStoredFirst, .cellsOutliveCrash, .hintStoredFirst, .hintsOutliveCrash,
      .concurrentKept, .seenRemoved, .tombstoneKept, .laterStampWins,
      .writeQuorumKeeps, .hintKeptUntilStored, .sessionsChecked, .sessionRemembersReads,
      .sessionRemembersWrites:
      .safety
    case .hintsHandedOff, .gossiped, .readRepaired, .anotherTried: .progress
    }
  }

  /// The rule in a sentence.
  public var sentence: String {
    switch self {
    case .cellStoredFirst: "a write is answered when its cell is on disk"
    case .cellsOutliveCrash: "a server that restarts has the cells that it kept"
    case .hintStoredFirst: "a server says that it keeps something for another when that is on disk"
    case .hintsOutliveCrash: "a server that restarts has what it kept for others"
    case .concurrentKept: "of two writes that did not know of each other both values stay"
    case .seenRemoved: "a write removes the values that its writer has seen"
    case .tombstoneKept: "what is deleted leaves behind that it was written"
    case .laterStampWins: "where one value is kept it is that with the latest stamp"
    case .writeQuorumKeeps:
      "a write is answered when W servers keep it, for themselves or for another"
    case .hintKeptUntilStored: "what is kept for another is kept until that one keeps it"
    case .hintsHandedOff: "what is kept for another is handed to it, again and again"
    case .sessionsChecked: "a server answers no session that has seen more than it knows of"
    case .sessionRemembersReads: "a session demands of each server what it has read"
    case .sessionRemembersWrites: "a session demands of each server what it has written"
    case .gossiped: "servers compare what they keep, again and again"
    case .readRepaired: "a server whose answer to a read was old is told what is new"
    case .anotherTried: "a session that hears nothing of one server asks another"
    }
  }

  /// Where the rule comes from.
  public var source: String {
    switch self {
    case .cellStoredFirst, .cellsOutliveCrash, .hintStoredFirst, .hintsOutliveCrash:
      "DeCandia and others 2007, 4.6, for servers that restart: what they said still holds"
    case .concurrentKept: "DeCandia and others 2007, 4.4; Parker and others 1983"
    case .seenRemoved: "DeCandia and others 2007, 4.4, the context of a put"
    case .tombstoneKept: "Demers and others, PODC 1987, death certificates"
    case .laterStampWins: "Thomas, TODS 4(2), 1979; DeCandia and others 2007, 6"
    case .writeQuorumKeeps: "DeCandia and others 2007, 4.5 and 4.6"
    case .hintKeptUntilStored, .hintsHandedOff: "DeCandia and others 2007, 4.6, hinted handoff"
    case .sessionsChecked, .sessionRemembersReads, .sessionRemembersWrites:
      "Terry and others 1994, providing the guarantees with version vectors"
    case .gossiped: "Demers and others 1987; DeCandia and others 2007, 4.7"
    case .readRepaired: "DeCandia and others 2007, 5, read repair"
    case .anotherTried: "DeCandia and others 2007, 4.5, any server is a coordinator"
    }
  }
}
