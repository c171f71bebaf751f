public import ProtocolCore

/// Shared storage: several nodes keep values under keys, and clients read and write them at
/// whichever node they reach.
///
/// What is promised differs from store to store, and that is what it is about: how a store may
/// answer is a **guarantee**, a property of what its clients see and of nothing else. So what every
/// protocol shares stands here once: the words ``Request``, ``Reply`` and ``Note``; what may be
/// promised, ``Property``; and the ``Monitor`` that judges it from outside, by what clients asked
/// and were answered.
///
/// Sources: Herlihy and Wing, TOPLAS 12(3), 1990 (linearizability); Terry and others, PDIS 1994
/// (session guarantees); Viotti and Vukolić, ACM Computing Surveys 49(1), 2016 (all of them).
public enum SharedStorage {}

extension SharedStorage {
  /// What is asked of a node.
  public enum Request: Hashable, Sendable {
    /// By a client: what stands under this key?
    case read(String)
    /// By a client: set this key.
    case write(String, Int)
    /// By an operator: lead from now on.
    case promote
  }

  /// What is answered.
  public enum Reply: Hashable, Sendable {
    /// To a read: this value; none where nothing was written.
    case value(Int?)
    /// To a write: it is done.
    case done
    /// Not here, or not now: nothing was, or will be, done about it.
    case refused
    /// It was begun and may be done, or may still be: an error, and no answer.
    case unsure
  }

  /// What a node says aloud.
  public enum Note<Message: Hashable & Sendable>: Hashable, Sendable {
    /// It leads from now on.
    case leads
    /// A peer sent what the protocol never sends to a node that stands where this one does.
    case unexpected(Message, from: NodeID)
  }

  /// The request that reads so: `read x`, `write x 1`, `promote`.
  public static func request(reading text: String) -> Request? {
    let words = text.split(separator: " ").map(String.init)
    switch (words.first, words.count) {
    case ("promote", 1): return .promote
    case ("read", 2): return .read(words[1])
    case ("write", 3): return Int(words[2]).map { .write(words[1], $0) }
    default: return nil
    }
  }

  /// A request as a history tells it.
  public static func call(of request: Request) -> Call? {
    switch request {
    case .read(let key): Call("read", key: key)
    case .write(let key, let value): Call("write", key: key, value: .number(value))
    case .promote: nil
    }
  }

  /// What a reply brings back, as a history tells it.
  public static func result(of reply: Reply) -> Datum {
    if case .value(let value?) = reply { .number(value) } else { .null }
  }
}

extension Vocabulary where Reply == SharedStorage.Reply {
  /// A refusal says that nothing was done about it.
  public static func isRefusal(_ reply: SharedStorage.Reply) -> Bool { reply == .refused }
}

extension SharedStorage.Request: CustomStringConvertible {
  /// As runs print it.
  public var description: String {
    switch self {
    case .read(let key): "read \(key)"
    case .write(let key, let value): "write \(key) \(value)"
    case .promote: "promote"
    }
  }
}

extension SharedStorage.Reply: CustomStringConvertible {
  /// As runs print it.
  public var description: String {
    switch self {
    case .value(let value?): "value \(value)"
    case .value(nil): "no value"
    case .done: "done"
    case .refused: "refused"
    case .unsure: "unsure"
    }
  }
}

extension SharedStorage.Note: CustomStringConvertible {
  /// As runs print it.
  public var description: String {
    switch self {
    case .leads: "leads"
    case .unexpected(let message, let sender): "unexpected \(message) from \(sender)"
    }
  }
}
