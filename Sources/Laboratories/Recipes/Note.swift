package import ZooKeeper
package import ZooKeeperClient

/// What a program says that it does, for the judge.
package struct Note: Hashable, Sendable {
  /// What is said.
  package enum What: Hashable, Sendable {
    /// It begins to wait, for a thing of this kind.
    case asks(String)
    /// It holds a thing of this kind, and has this token.
    case holds(String, token: Zxid)
    /// From now on it does not hold it any more.
    case releases(String)
    /// It has written to what the thing guards.
    case writes(token: Zxid, accepted: Bool)
    /// It offers a value to others: puts it into a queue, publishes it.
    case puts(String)
    /// It has got a value.
    case gets(String)
    /// It has done all that it does with a value, and says so to the service next.
    case finishes(String)
    /// It has come through: entered, left, been counted.
    case passes(String)
    /// It begins to ask for something of the service itself.
    case begins(String)
    /// Its write was answered, and had this zxid.
    case wrote(Zxid)
    /// It has read what the write of this zxid had written.
    case reads(Zxid, isSynced: Bool, leavesWatch: Bool)
    /// A watch that it had left has fired.
    case told
    /// What it asked for failed.
    case fails(ClientError.Reason)
  }

  /// Who says it.
  package var process: Int
  /// In which session.
  package var session: SessionID
  /// Whether its client knows by then that the session is over; of a write, whether it knew when
  /// it was decided to write.
  package var knowsEnd: Bool
  /// When.
  package var time: Milliseconds
  /// What.
  package var what: What

  package init(
    process: Int, session: SessionID, knowsEnd: Bool, time: Milliseconds, what: What
  ) {
    (self.process, self.session, self.knowsEnd) = (process, session, knowsEnd)
    (self.time, self.what) = (time, what)
  }
}

extension Note: CustomStringConvertible {
  package var description: String { "\(Fault.name(process)) \(what)" }
}

extension Note {
  /// What is said, in words that need no others: whether a value that came through was put or is
  /// done is known by what the process had said before.
  func words(after notes: [Note]) -> String {
    guard case .passes(let value) = what else { return "\(what)" }
    switch notes.last(where: { $0.process == process })?.what {
    case .puts(value): return "has put \(value)"
    case .gets(value): return "has done \(value)"
    default: return value
    }
  }
}

extension Note.What: CustomStringConvertible {
  package var description: String {
    switch self {
    case .asks(let kind): "asks for \(kind)"
    case .holds(let kind, .zero): "holds \(kind)"
    case .holds(let kind, let token): "holds \(kind), token \(token)"
    case .releases(let kind): "releases \(kind)"
    case .writes(let token, let accepted): "writes by \(token): \(accepted ? "taken" : "refused")"
    case .puts(let value): "puts \(value)"
    case .gets(let value): "gets \(value)"
    case .finishes(let value): "has done \(value)"
    case .passes(let words): words
    case .begins(let words): "begins: \(words)"
    case .wrote(let zxid): "wrote at \(zxid)"
    case .reads(let zxid, let isSynced, let leavesWatch):
      "reads what \(zxid) wrote" + (isSynced ? ", behind a sync" : "")
        + (leavesWatch ? ", and leaves a watch" : "")
    case .told: "is told of a change"
    case .fails(let reason): "fails: \(reason)"
    }
  }
}
