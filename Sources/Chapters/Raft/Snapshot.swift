public import ReplicatedLog

/// What all entries up to one have made, in place of them.
///
/// The members are a part of it: the entries that named them may be gone. (paper, 7)
public struct Snapshot: Hashable, Sendable {
  /// The last entry that it replaces.
  public let last: Position
  /// The members as of that entry.
  public let configuration: Configuration
  /// What the machine had come to.
  public var store: KeyValueStore

  /// A snapshot.
  public init(last: Position, configuration: Configuration, store: KeyValueStore) {
    self.last = last
    self.configuration = configuration
    self.store = store
  }
}

/// A part of a snapshot, as it is sent. (paper, figure 13)
public struct Chunk: Hashable, Sendable {
  /// The leader's term.
  public let term: Int
  /// The last entry that the snapshot replaces.
  public let last: Position
  /// The members as of that entry.
  public let configuration: Configuration
  /// How many pieces come before this part.
  public let offset: Int
  /// This part.
  public let pieces: [KeyValueStore.Piece]
  /// Whether nothing comes behind it.
  public let isLast: Bool

  /// A part of a snapshot.
  public init(
    term: Int, last: Position, configuration: Configuration, offset: Int,
    pieces: [KeyValueStore.Piece], isLast: Bool
  ) {
    self.term = term
    self.last = last
    self.configuration = configuration
    self.offset = offset
    self.pieces = pieces
    self.isLast = isLast
  }
}

extension Snapshot: CustomStringConvertible {
  /// As runs print it.
  public var description: String { "snapshot \(last): \(store), \(configuration)" }
}

extension Chunk: CustomStringConvertible {
  /// As runs print it: `term 2, 4@1 from 0: k='ab'`.
  public var description: String {
    let held = pieces.map { "\($0)" }.joined(separator: ", ")
    return "term \(term), \(last) from \(offset): \(held)" + (isLast ? ", done" : "")
  }
}
