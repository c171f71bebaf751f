public import ProtocolCore
public import ReplicatedLog

/// Which entry of a log is meant: its index, and the term in which a leader took it.
public struct Position: Hashable, Sendable {
  /// The index, from one; zero stands before the first.
  public let index: Int
  /// The term.
  public let term: Int

  /// The entry of this index and term.
  public init(_ index: Int, _ term: Int) {
    self.index = index
    self.term = term
  }

  /// What stands before the first entry.
  public static let zero = Position(0, 0)

  /// Whether a log that ends here is at least as up to date as one that ends there: it ends in a
  /// later term, or in the same and is at least as long. (paper, 5.4.1)
  public func isUpToDate(beside other: Position) -> Bool {
    (term, index) >= (other.term, other.index)
  }
}

/// An entry of the log.
public struct LogEntry: Hashable, Sendable {
  /// Where it stands, and of which term it is.
  public let position: Position
  /// What it says.
  public let content: Content

  /// An entry.
  public init(_ index: Int, _ term: Int, _ content: Content) {
    position = Position(index, term)
    self.content = content
  }

  /// What an entry says.
  public enum Content: Hashable, Sendable {
    /// A client's command.
    case command(ReplicatedLog.Command)
    /// Nothing: a leader begins its term with it.
    case noop
    /// From here on these are the members.
    case configuration(Configuration)
  }

  /// Its index.
  public var index: Int { position.index }
  /// Its term.
  public var term: Int { position.term }
}

/// Those who decide.
public struct Configuration: Hashable, Sendable {
  /// The voters, by name.
  public let voters: [NodeID]
  /// Those that come after them, while both have to agree; nil but in a joint consensus.
  public let next: [NodeID]?

  /// These vote; in a joint consensus these as well.
  public init(_ voters: [NodeID], next: [NodeID]? = nil) {
    self.voters = voters
    self.next = next
  }

  /// Everybody in it, by name, each once.
  public var all: [NodeID] {
    guard let next else { return voters }
    return Set(voters + next).sorted()
  }

  /// Whether somebody is in it.
  public func contains(_ id: NodeID) -> Bool {
    voters.contains(id) || next?.contains(id) ?? false
  }

  /// Whether more than half of the voters are such; in a joint consensus, more than half of both.
  ///
  /// - Parameters:
  ///   - jointly: whether both count; if not, the new ones alone do.
  ///   - isCounted: who is such.
  public func isMajority(jointly: Bool = true, _ isCounted: (NodeID) -> Bool) -> Bool {
    guard let next else { return Self.isMajority(of: voters, isCounted) }
    return Self.isMajority(of: next, isCounted)
      && (!jointly || Self.isMajority(of: voters, isCounted))
  }

  private static func isMajority(of voters: [NodeID], _ isCounted: (NodeID) -> Bool) -> Bool {
    var count = 0
    for voter in voters where isCounted(voter) { count += 1 }
    return count * 2 > voters.count
  }
}

extension LogEntry.Content {
  /// What those who apply it say that they apply; of a joint consensus, what it leads to.
  public var applied: ReplicatedLog.Entry {
    switch self {
    case .command(let command): .command(command)
    case .noop: .noop
    case .configuration(let configuration): .members(configuration.next ?? configuration.voters)
    }
  }
}

// MARK: How runs write it

extension Position: CustomStringConvertible {
  /// Index and term: `3@2`.
  public var description: String { "\(index)@\(term)" }
}

extension LogEntry: CustomStringConvertible {
  /// As runs print it: `3@2 x1 append k a`.
  public var description: String { "\(position) \(content)" }
}

extension LogEntry.Content: CustomStringConvertible {
  /// As runs print it.
  public var description: String {
    switch self {
    case .command(let command): "\(command)"
    case .noop: "no-op"
    case .configuration(let configuration): "\(configuration)"
    }
  }
}

extension Configuration: CustomStringConvertible {
  /// As runs print it: `members a b c`, `members a b c and a d e`.
  public var description: String {
    let names = voters.map(\.name).joined(separator: " ")
    return "members \(names)"
      + (next.map { " and " + $0.map(\.name).joined(separator: " ") } ?? "")
  }
}
