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

  /// The channels on which there are streams; none where all messages are datagrams.
  static var channels: [Channel] { get }

  /// Adds a record to what the disk holds.
  ///
  /// A record may supersede earlier ones (a snapshot all before it, a log entry those from its
  /// index on); this is where the vocabulary says so. Unless it does, the record is appended.
  static func settle(_ record: Record, on disk: inout [Record])

  /// Whether an answer says that the request was not taken up: nothing was done about it, and it
  /// may be asked of another node.
  static func isRefusal(_ reply: Reply) -> Bool

  /// Whether an answer says that no more will be heard of the request, which may have been done, or
  /// may still be: a client that insists asks the same again.
  static func isLoss(_ reply: Reply) -> Bool

  /// What kind of note this is, for counting: the name of its case unless the vocabulary says
  /// otherwise.
  static func kind(of note: Note) -> String
}

extension Vocabulary {
  /// Datagrams, for protocols that are content with them.
  public static func carriage(of message: Message) -> Carriage { .datagram }

  /// None.
  public static var channels: [Channel] { [] }

  /// Appends the record.
  public static func settle(_ record: Record, on disk: inout [Record]) { disk.append(record) }

  /// Every answer is one.
  public static func isRefusal(_ reply: Reply) -> Bool { false }

  /// Every answer tells what was done.
  public static func isLoss(_ reply: Reply) -> Bool { false }

  /// The name of the note's case.
  public static func kind(of note: Note) -> String {
    let mirror = Mirror(reflecting: note)
    guard mirror.displayStyle == .enum else { return "\(type(of: note))" }
    return mirror.children.first?.label ?? "\(note)"
  }
}

/// How a message travels.
public enum Carriage: Hashable, Sendable {
  /// It may be lost, doubled and overtaken.
  case datagram
  /// It arrives in order, once, or the connection breaks: it goes by the stream of this channel,
  /// and is lost when there is none.
  case stream(Channel = .main)
}

/// Which of the streams between two nodes is meant.
///
/// A protocol may keep one for elections beside one for everything else. Of each channel two nodes
/// have one stream at a time.
public struct Channel: Hashable, Comparable, Sendable {
  /// The name; none for the only one.
  public let name: String

  /// The channel of this name.
  public init(_ name: String) { self.name = name }

  /// The channel of a protocol that needs no other.
  public static let main = Channel("")

  /// By name.
  public static func < (a: Channel, b: Channel) -> Bool { a.name < b.name }
}

extension Channel: CustomStringConvertible {
  /// The name.
  public var description: String { name }
}
