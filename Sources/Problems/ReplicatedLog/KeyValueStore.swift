/// The machine that is replicated: texts under keys, and what each client was last answered.
///
/// The answers are a part of the machine, so that a command that is applied again, by whichever
/// server, takes no effect and is answered as before.
///
/// Source: Ongaro 2014, 6.3.
public struct KeyValueStore: Hashable, Sendable {
  /// The texts, by key.
  public internal(set) var texts: [Pair] = []
  /// What each client was last answered, by client.
  public internal(set) var sessions: [Session] = []

  /// An empty store.
  public init() {}

  /// A key and its text.
  public struct Pair: Hashable, Sendable {
    /// The key.
    public let key: String
    /// The text.
    public let text: String
  }

  /// A client and its last command.
  public struct Session: Hashable, Sendable {
    /// The client's name.
    public let client: String
    /// Which of its commands was applied last.
    public let serial: Int
    /// What that was answered.
    public let result: String?
  }
}

extension KeyValueStore {
  /// The text of a key.
  public subscript(key: String) -> String? { texts.first { $0.key == key }?.text }

  /// What a command is answered that has been applied; nil if it, or one after it, has not been.
  ///
  /// A client that has asked the next hears no more of the one before, and nothing will be done
  /// about it: it is refused.
  public func answer(to command: ReplicatedLog.Command) -> ReplicatedLog.Reply? {
    guard let last = sessions.first(where: { $0.client == command.client }),
      last.serial >= command.serial
    else { return nil }
    return last.serial == command.serial ? command.operation.reply(last.result) : .refused
  }

  /// Applies a command, unless it has been applied.
  ///
  /// - Returns: what is answered.
  public mutating func apply(_ command: ReplicatedLog.Command) -> ReplicatedLog.Reply {
    answer(to: command) ?? applyAnew(command)
  }

  /// Applies a command, whether it has been applied or not.
  ///
  /// - Returns: what is answered.
  public mutating func applyAnew(_ command: ReplicatedLog.Command) -> ReplicatedLog.Reply {
    let result = perform(command.operation)
    sessions.removeAll { $0.client == command.client }
    sessions.append(Session(client: command.client, serial: command.serial, result: result))
    sessions.sort { $0.client < $1.client }
    return command.operation.reply(result)
  }

  /// Forgets what clients were answered.
  public mutating func forgetSessions() { sessions = [] }

  private mutating func perform(_ operation: ReplicatedLog.Operation) -> String? {
    switch operation {
    case .get(let key): return self[key]
    case .put(let key, let text):
      set(key, text)
      return nil
    case .append(let key, let text):
      let whole = (self[key] ?? "") + text
      set(key, whole)
      return whole
    }
  }

  private mutating func set(_ key: String, _ text: String) {
    texts.removeAll { $0.key == key }
    texts.append(Pair(key: key, text: text))
    texts.sort { $0.key < $1.key }
  }
}

extension ReplicatedLog.Operation {
  /// What is answered when this has the result: of `put`, that it is done.
  public func reply(_ result: String?) -> ReplicatedLog.Reply {
    if case .put = self { .done } else { .value(result) }
  }
}

extension KeyValueStore: CustomStringConvertible {
  /// The texts: `k='ab'`.
  public var description: String {
    texts.isEmpty ? "empty" : texts.map { "\($0.key)='\($0.text)'" }.joined(separator: " ")
  }
}
