/// The name of a node, as runs and diagrams print it.
public struct NodeID: Hashable, Sendable {
  /// The name.
  public let name: String

  /// The node with this name.
  public init(_ name: String) { self.name = name }
}

extension NodeID: ExpressibleByStringLiteral {
  /// The node with this name.
  public init(stringLiteral name: String) { self.name = name }
}

extension NodeID: Comparable {
  /// Shorter names come first, so that `s2` stands before `s10`.
  public static func < (a: NodeID, b: NodeID) -> Bool {
    (a.name.utf8.count, a.name) < (b.name.utf8.count, b.name)
  }
}

extension NodeID: CustomStringConvertible {
  /// The name.
  public var description: String { name }
}

/// The way from one node to another.
public struct Link: Hashable, Sendable {
  /// The sender.
  public let from: NodeID
  /// The receiver.
  public let to: NodeID

  /// The way from one node to another.
  public init(from: NodeID, to: NodeID) {
    self.from = from
    self.to = to
  }

  /// The way back.
  public var reversed: Link { Link(from: to, to: from) }
}

extension Link: Comparable {
  /// By sender, then by receiver.
  public static func < (a: Link, b: Link) -> Bool { (a.from, a.to) < (b.from, b.to) }
}

extension Link: CustomStringConvertible {
  /// As a run file writes it: `c→a`.
  public var description: String { "\(from)→\(to)" }
}

/// The number of a request at a node, good there until it is answered or the node crashes.
public struct RequestID: Hashable, Comparable, Sendable {
  /// The least that no open request of the node has.
  public let number: Int

  /// The request with this number.
  public init(_ number: Int) { self.number = number }

  /// By number.
  public static func < (a: RequestID, b: RequestID) -> Bool { a.number < b.number }
}

extension RequestID: CustomStringConvertible {
  /// The number: `#0`.
  public var description: String { "#\(number)" }
}

/// The name of a client: it asks nodes, and is none.
public struct ClientID: Hashable, Comparable, Sendable, ExpressibleByStringLiteral {
  /// The name.
  public let name: String

  /// The client with this name.
  public init(_ name: String) { self.name = name }

  /// The client with this name.
  public init(stringLiteral name: String) { self.name = name }

  /// Shorter names come first.
  public static func < (a: ClientID, b: ClientID) -> Bool {
    (a.name.utf8.count, a.name) < (b.name.utf8.count, b.name)
  }
}

extension ClientID: CustomStringConvertible {
  /// The name.
  public var description: String { name }
}
