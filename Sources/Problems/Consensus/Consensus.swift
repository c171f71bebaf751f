public import ProtocolCore

/// Consensus: several processes choose one of the values that were proposed.
///
/// A client proposes a ``Value`` to some process; one of the values that were proposed is chosen,
/// and nobody who learns what was chosen learns anything else. It is not said whose value: unlike
/// atomic commitment, nobody has a veto, and one that fails is done without.
///
/// What every protocol shares stands here once: the words ``Request``, ``Reply`` and ``Note``; what
/// is promised, ``Property``; and the ``Monitor`` that judges it from outside. It sees what was
/// proposed, what learners said they had learnt and what clients were answered, and nothing of how
/// that came about.
///
/// Source: Lamport, SIGACT News 32(4), 2001, 2.1; Fischer, Lynch, Paterson, JACM 32(2), 1985.
public enum Consensus {}

/// A value that may be proposed.
public struct Value: Hashable, Sendable {
  /// How runs write it.
  public let name: String

  /// The value of this name.
  public init(_ name: String) { self.name = name }
}

extension Value: ExpressibleByStringLiteral {
  /// The value of this name.
  public init(stringLiteral name: String) { self.name = name }
}

extension Value: Comparable {
  /// By name.
  public static func < (a: Value, b: Value) -> Bool { a.name < b.name }
}

extension Value: CustomStringConvertible {
  /// The name.
  public var description: String { name }
}

extension Consensus {
  /// What clients ask.
  public enum Request: Hashable, Sendable {
    /// Have this value chosen, or tell which one is.
    case propose(Value)
  }

  /// What clients are answered.
  public enum Reply: Hashable, Sendable {
    /// This value is chosen.
    case chosen(Value)
    /// It has something to do already, or is not the one to ask.
    case refused
  }

  /// What a process says aloud.
  public enum Note<Message: Hashable & Sendable>: Hashable, Sendable {
    /// This process has learnt that this value is chosen.
    case learnt(Value)
    /// A peer sent what the protocol never sends to a process that stands where this one does.
    case unexpected(Message, from: NodeID)
  }

  /// The request that reads so: `propose v`.
  public static func request(reading text: String) -> Request? {
    let words = text.split(separator: " ")
    guard words.count == 2, words[0] == "propose" else { return nil }
    return .propose(Value(String(words[1])))
  }
}

extension Vocabulary where Reply == Consensus.Reply {
  /// A refusal says that nothing was begun.
  public static func isRefusal(_ reply: Consensus.Reply) -> Bool { reply == .refused }
}

extension Consensus.Request: CustomStringConvertible {
  /// As runs print it.
  public var description: String {
    switch self {
    case .propose(let value): "propose \(value)"
    }
  }
}

extension Consensus.Reply: CustomStringConvertible {
  /// As runs print it.
  public var description: String {
    switch self {
    case .chosen(let value): "chosen \(value)"
    case .refused: "refused"
    }
  }
}

extension Consensus.Note: CustomStringConvertible {
  /// As runs print it.
  public var description: String {
    switch self {
    case .learnt(let value): "learnt \(value)"
    case .unexpected(let message, let sender): "unexpected \(message) from \(sender)"
    }
  }
}
