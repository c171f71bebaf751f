/// The words of a protocol: what its nodes send, are asked, answer, write down and wait for.
///
/// A word that a protocol has no use for is `Never`.
public protocol Vocabulary: Sendable {
  /// What nodes send each other.
  associatedtype Message: Hashable & Sendable
  /// What a client or an operator asks a node.
  associatedtype Request: Hashable & Sendable
  /// What a node answers a client.
  associatedtype Reply: Hashable & Sendable
  /// What a node writes to its journal; one record is the unit of atomicity.
  associatedtype Record: Hashable & Sendable
  /// What a node says aloud for properties, and for the layer above.
  associatedtype Note: Hashable & Sendable
  /// What a node waits for; a node has at most one timer of each value.
  associatedtype Timer: Hashable & Comparable & Sendable

  /// How a message travels; a datagram unless the protocol says otherwise.
  static func carriage(of message: Message) -> Carriage

  /// Adds a record to what the disk holds.
  ///
  /// A record may supersede earlier ones (a snapshot all before it, a log entry those from its
  /// index on); this is where the vocabulary says so. Unless it does, the record is appended.
  static func settle(_ record: Record, on disk: inout [Record])
}

extension Vocabulary {
  /// Datagrams, for protocols that are content with them.
  public static func carriage(of message: Message) -> Carriage { .datagram }

  /// Appends the record.
  public static func settle(_ record: Record, on disk: inout [Record]) { disk.append(record) }
}

/// How a message travels.
public enum Carriage: Hashable, Sendable {
  /// It may be lost, doubled and overtaken.
  case datagram
  /// It arrives in order, once, or the connection breaks.
  case stream
}
