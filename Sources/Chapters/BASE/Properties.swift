public import ProtocolCore

/// What a form of the store may promise.
public enum Property: String, PropertyName {
  /// What is read was written.
  case validity
  /// A client sees what it wrote, until that is written over, and never again what it has itself
  /// written over or deleted: Terry and others 1994.
  case readYourWrites
  /// A client sees what it saw, until that is written over, and never what its session once knew of
  /// and did not see: Terry and others 1994.
  case monotonicReads
  /// When every failure is repaired and nobody writes, all servers come to hold the same, and it
  /// was written: Vogels 2009.
  case convergence
  /// When every failure is repaired, all servers come to have every value whose write was answered
  /// and which nobody may have written over knowingly.
  case updatesKept
  /// When every failure is repaired, servers come to keep no value that was written over knowingly,
  /// or deleted, unless they took its write twice.
  case overwrittenGone
  /// What a spare has said to keep for another, that one has been given, and knows of; and nobody
  /// keeps anything for another any more.
  case handedOff
  /// When a read was answered and no write is about, the servers come to hold what it returned, if
  /// no message was lost and no server has crashed.
  case readsRepair
  /// What was answered before a read began is read, if nobody may have written over it.
  case fresh
  /// Where the last writer wins no more than one value is read; and where there is one server, that
  /// which was answered last, if no write is about.
  case lastWins
  /// Where the last writer wins, what all servers come to hold has no earlier stamp than any write
  /// or deletion that was answered: Thomas 1979.
  case latestStands
  /// While a partition lasts and nothing is repaired, a session that reaches a server is answered,
  /// and not refused.
  case served
  /// When every failure is repaired, every session is answered, and not refused.
  case termination
  /// A server keeps two values of a key.
  case diverges
  /// A spare keeps something for another.
  case hinted

  /// In which sense it must hold.
  public var form: PropertyForm<Condition> {
    switch self {
    case .validity, .readYourWrites, .monotonicReads, .fresh, .lastWins: .always
    case .convergence: .recovers(.current, repaired: true)
    case .updatesKept: .recovers(.complete, repaired: true)
    case .overwrittenGone: .recovers(.clean, repaired: true)
    case .handedOff: .recovers(.rid, repaired: true)
    case .latestStands: .recovers(.latest, repaired: true)
    case .readsRepair: .recovers(.repaired, repaired: true)
    case .served: .recovers(.served, repaired: false, healed: false)
    case .termination: .recovers(.served, repaired: true)
    case .diverges: .sometimes(.split)
    case .hinted: .sometimes(.holding)
    }
  }
}

/// What may be said of a node at a moment.
public enum Condition: String, Named {
  /// A server: it holds what every server that is up holds, and all of it was written.
  case current
  /// A server: it has every value that was answered and that nobody may have written over.
  case complete
  /// A server: it has no value that was written over, but for those that servers took twice.
  case clean
  /// A server: it keeps nothing for another; and all that was said to be kept for another was given
  /// to that one, which knows of it.
  case rid
  /// A server: under each key it has what has no earlier stamp than any write that was answered, by
  /// the clock of the server that took it.
  case latest
  /// A server: it is current; or no read was the last thing that was answered.
  case repaired
  /// A session: its client does not wait, and was not refused last; or it reaches none of its
  /// servers.
  case served
  /// A server: it keeps two values of a key.
  case split
  /// A spare: it keeps something for another.
  case holding
}
