/// A transaction id: the epoch of the leader that proposed it in the high 32 bits, a counter that
/// starts again with each epoch in the low 32.
///
/// Zxids compare as signed 64-bit integers. Source: ZooKeeper Internals, "Guarantees,
/// Properties, and Definitions".
public struct Zxid: RawRepresentable, Hashable, Comparable, Sendable {
  /// The 64 bits on the wire.
  public var rawValue: Int64

  /// The zxid of these 64 bits.
  public init(rawValue: Int64) { self.rawValue = rawValue }

  /// The zxid with this number.
  public init(_ rawValue: Int64) { self.rawValue = rawValue }

  /// No transaction yet: what a new client has seen.
  public static let zero = Zxid(0)

  /// Whether `a` was proposed before `b`.
  public static func < (a: Zxid, b: Zxid) -> Bool { a.rawValue < b.rawValue }
}

extension Zxid: CustomStringConvertible {
  /// Hexadecimal, as the server's own tools print it: `0x100000002`.
  public var description: String { hexadecimal(rawValue) }
}

/// The identity of a session: the id of the server that created it in the high byte, below it
/// a clock and a counter.
public struct SessionID: RawRepresentable, Hashable, Comparable, Sendable {
  /// The 64 bits on the wire; 0 asks for a new session.
  public var rawValue: Int64

  /// The id of these 64 bits.
  public init(rawValue: Int64) { self.rawValue = rawValue }

  /// The id with this number.
  public init(_ rawValue: Int64) { self.rawValue = rawValue }

  /// No session: what a client sends to get a new one, and the owner of a persistent node.
  public static let none = SessionID(0)

  /// An order for deterministic iteration; it means nothing else.
  public static func < (a: SessionID, b: SessionID) -> Bool { a.rawValue < b.rawValue }
}

extension SessionID: CustomStringConvertible {
  /// Hexadecimal, as the server's own tools print it: `0x1000019a29b0000`.
  public var description: String { hexadecimal(rawValue) }
}

private func hexadecimal(_ value: Int64) -> String {
  "0x" + String(UInt64(bitPattern: value), radix: 16)
}
