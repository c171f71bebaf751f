/// Why a target cannot be judged.
public struct TargetError: Error, Hashable, Sendable {
  /// What the reasons are.
  public enum Reason: Hashable, Sendable {
    /// The connection was refused.
    case nothingListens
    /// No address is known for this name.
    case noSuchHost(String)
    /// The port takes encrypted connections; which other would do.
    case speaksTLS(hint: String)
    /// Something accepted the connection and did not answer.
    case noAnswer
    /// Something accepted the connection, heard the handshake, and closed it.
    case hangsUp
    /// The node does not exist below which everything should happen.
    case noRoot(String)
    /// The user wanted no more.
    case stopped
    /// Something answered, and not as a target of this kind does.
    case wrongKind(String)
    /// The server answered an operation that nothing works without with this.
    case unusable(String)
    /// The URL is of no kind that is known.
    case badURL(String)
  }

  /// Where it was looked for: `127.0.0.1:2181`.
  public var address: String
  /// What was looked for: `ZooKeeper server`.
  public var kind: String
  /// What is wrong.
  public var reason: Reason

  /// The error for this reason at this address.
  public init(_ address: String, _ reason: Reason, kind: String) {
    self.address = address
    self.reason = reason
    self.kind = kind
  }
}

extension TargetError: CustomStringConvertible {
  /// A sentence that helps.
  public var description: String {
    switch reason {
    case .nothingListens: "nothing listens on \(address)"
    case .noSuchHost(let host): "\(address): no such host: \(host)"
    case .speaksTLS(let hint): "\(address) speaks TLS; \(hint)"
    case .hangsUp:
      "\(address) is no \(kind): it closes the connection instead of answering the "
        + "handshake"
    case .noRoot(let root):
      "\(root) does not exist on \(address); create it, or leave it off"
    case .stopped: "stopped"
    case .noAnswer:
      "\(address) accepts connections and says nothing: is it the client port of a \(kind)?"
    case .wrongKind(let what): "\(address) is no \(kind): \(what)"
    case .unusable(let what): "\(address) cannot be judged: \(what)"
    case .badURL(let problem): "'\(address)' is no target: \(problem)"
    }
  }
}
