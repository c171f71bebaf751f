/// A chapter in which some nodes are alike: when they change names, a run stays a run.
///
/// An explorer then needs only one of all states that differ in nothing but these names. What is
/// asked of nodes that are alike spoils it, because it is asked in an order.
public protocol Symmetric: Model {
  /// The nodes of the topology that are alike, in order.
  static func alike(in topology: [Member<Role>]) -> [NodeID]

  /// The same node when two others, or it and another, have changed names.
  static func renamed(node: Node, by swap: Swap) -> Node
  /// The message that is sent when two nodes have changed names.
  static func renamed(message: Words.Message, by swap: Swap) -> Words.Message
  /// The record that is written when two nodes have changed names.
  static func renamed(record: Words.Record, by swap: Swap) -> Words.Record
  /// The reply that is given when two nodes have changed names.
  static func renamed(reply: Words.Reply, by swap: Swap) -> Words.Reply
  /// The timer that is set when two nodes have changed names.
  static func renamed(timer: Words.Timer, by swap: Swap) -> Words.Timer
  /// The same monitor when two nodes have changed names.
  static func renamed(monitor: Monitor, by swap: Swap) -> Monitor
}

extension Symmetric {
  /// The message, which names no node.
  public static func renamed(message: Words.Message, by swap: Swap) -> Words.Message { message }
  /// The record, which names no node.
  public static func renamed(record: Words.Record, by swap: Swap) -> Words.Record { record }
  /// The reply, which names no node.
  public static func renamed(reply: Words.Reply, by swap: Swap) -> Words.Reply { reply }
  /// The timer, which names no node.
  public static func renamed(timer: Words.Timer, by swap: Swap) -> Words.Timer { timer }
}

/// Two nodes that change names.
public struct Swap: Hashable, Sendable {
  private let a: NodeID
  private let b: NodeID

  /// These two change names.
  public init(_ a: NodeID, _ b: NodeID) {
    self.a = a
    self.b = b
  }

  /// The name that the node of this name has then.
  public func callAsFunction(_ id: NodeID) -> NodeID { id == a ? b : id == b ? a : id }
}
