public import ProtocolCore

/// A replicated log: several servers apply the same commands in the same order, so that clients see
/// one machine that does not fail.
///
/// Each server keeps a copy of a deterministic machine, here a ``KeyValueStore``, and a log of
/// numbered entries; a protocol sees to it that no two servers apply different entries under one
/// number (state machine replication: Lamport 1978; Schneider, ACM Computing Surveys 22(4), 1990).
///
/// What every protocol shares stands here once: the words (``Operation``, ``Command``, ``Entry``,
/// ``Request``, ``Reply``, ``Note``), the machine, what is promised, ``Property``, and the
/// ``Monitor`` that judges it from outside: by what servers said that they applied, and by what
/// clients asked and were answered.
public enum ReplicatedLog {}

extension ReplicatedLog {
  /// What can be done with the store.
  public enum Operation: Hashable, Sendable {
    /// Sets a key.
    case put(String, String)
    /// Adds to what a key has; answers what it then has.
    case append(String, String)
    /// Answers what a key has.
    case get(String)
  }

  /// An operation, and which one it is of its client's: asked again, it is the same.
  public struct Command: Hashable, Sendable {
    /// The client's name.
    public let client: String
    /// Which of its commands it is, from one.
    public let serial: Int
    /// What is to be done.
    public let operation: Operation

    /// A command.
    public init(_ client: String, _ serial: Int, _ operation: Operation) {
      self.client = client
      self.serial = serial
      self.operation = operation
    }
  }

  /// What stands in the log under a number.
  public enum Entry: Hashable, Sendable {
    /// A client's command.
    case command(Command)
    /// Nothing; it only takes its place.
    case noop
    /// From some number on these servers are the members.
    case members([NodeID])
  }

  /// What is asked of a server.
  public enum Request: Hashable, Sendable {
    /// By a client: do this, once.
    case command(Command)
    /// By an operator: these are to be the members.
    case members([NodeID])
    /// By an operator: your disk was lost, so stand aside and do not vote.
    case rebuild
    /// By an operator: this server is to lead.
    case transfer(NodeID)
  }

  /// What is answered.
  public enum Reply: Hashable, Sendable {
    /// It is done: what an operator asked, or a `put`.
    case done
    /// It is done, and this is the text of the key, or that there is none.
    case value(String?)
    /// Not here, or not now: nothing was, or will be, done about it.
    case refused
  }

  /// What a server says aloud.
  public enum Note<Message: Hashable & Sendable>: Hashable, Sendable {
    /// It has applied this entry under this number.
    case applied(Int, Entry)
    /// It has taken over what all entries up to this number have made.
    case restored(Int)
    /// It leads from now on.
    case leads
    /// A peer sent what the protocol never sends to a server that stands where this one does.
    case unexpected(Message, from: NodeID)
  }
}

extension Vocabulary where Reply == ReplicatedLog.Reply {
  /// A refusal says that nothing was done about it.
  public static func isRefusal(_ reply: ReplicatedLog.Reply) -> Bool { reply == .refused }
}

extension Vocabulary where Note == ReplicatedLog.Note<Self.Message> {
  /// The name of its case.
  public static func kind(of note: Note) -> String {
    switch note {
    case .applied: "applied"
    case .restored: "restored"
    case .leads: "leads"
    case .unexpected: "unexpected"
    }
  }
}

// MARK: How runs write it

extension ReplicatedLog {
  /// The request that reads so: `x1 append k a`, `members a b d`, `rebuild`, `transfer b`.
  public static func request(reading text: String) -> Request? {
    let words = text.split(separator: " ").map(String.init)
    if words == ["rebuild"] { return .rebuild }
    if words.first == "members", words.count > 1 {
      return .members(words.dropFirst().map { NodeID($0) })
    }
    if words.first == "transfer", words.count == 2 { return .transfer(NodeID(words[1])) }
    guard words.count >= 3, let name = words.first else { return nil }
    let client = name.prefix { !$0.isNumber }
    guard !client.isEmpty, let serial = Int(name.dropFirst(client.count)), serial > 0 else {
      return nil
    }
    let operation: Operation
    switch (words[1], words.count) {
    case ("put", 4): operation = .put(words[2], words[3])
    case ("append", 4): operation = .append(words[2], words[3])
    case ("get", 3): operation = .get(words[2])
    default: return nil
    }
    return .command(Command(String(client), serial, operation))
  }
}

extension ReplicatedLog.Operation: CustomStringConvertible {
  /// As runs print it: `append k a`.
  public var description: String {
    switch self {
    case .put(let key, let value): "put \(key) \(value)"
    case .append(let key, let value): "append \(key) \(value)"
    case .get(let key): "get \(key)"
    }
  }
}

extension ReplicatedLog.Command: CustomStringConvertible {
  /// As runs print it: `x1 append k a`.
  public var description: String { "\(client)\(serial) \(operation)" }
}

extension ReplicatedLog.Entry: CustomStringConvertible {
  /// As runs print it.
  public var description: String {
    switch self {
    case .command(let command): "\(command)"
    case .noop: "no-op"
    case .members(let members): "members " + members.map(\.name).joined(separator: " ")
    }
  }
}

extension ReplicatedLog.Request: CustomStringConvertible {
  /// As runs print it.
  public var description: String {
    switch self {
    case .command(let command): "\(command)"
    case .members(let members): "members " + members.map(\.name).joined(separator: " ")
    case .rebuild: "rebuild"
    case .transfer(let server): "transfer \(server)"
    }
  }
}

extension ReplicatedLog.Reply: CustomStringConvertible {
  /// As runs print it.
  public var description: String {
    switch self {
    case .done: "done"
    case .value(nil): "nothing"
    case .value(let text?): "'\(text)'"
    case .refused: "refused"
    }
  }
}

extension ReplicatedLog.Note: CustomStringConvertible {
  /// As runs print it.
  public var description: String {
    switch self {
    case .applied(let number, let entry): "applied \(number): \(entry)"
    case .restored(let number): "restored up to \(number)"
    case .leads: "leads"
    case .unexpected(let message, let sender): "unexpected \(message) from \(sender)"
    }
  }
}
