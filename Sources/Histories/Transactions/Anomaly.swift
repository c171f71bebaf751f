/// What transactions should not do to each other.
public struct Anomaly: Hashable, Sendable {
  /// The phenomena, with Adya's and Elle's names.
  public enum Kind: String, CaseIterable, Sendable {
    /// A value was read that nobody wrote.
    case garbage
    /// A list shows a value twice.
    case duplicates = "duplicate-elements"
    /// Reads of a list show different orders.
    case order = "incompatible-order"
    /// A transaction does not see what it did itself.
    case inside = "internal"
    /// A transaction reads what it writes only later.
    case future = "future-read"
    /// Two transactions read the same version and both write over it.
    case lostUpdate = "lost-update"
    /// A cycle of writes over writes.
    case g0 = "G0"
    /// A read of what a failed transaction wrote.
    case g1a = "G1a"
    /// A read of what its writer wrote over.
    case g1b = "G1b"
    /// A cycle of writes over writes and reads of writes.
    case g1c = "G1c"
    /// A cycle with one read that a write came after.
    case gSingle = "G-single"
    /// A cycle with several such reads, none next to another.
    case gNonadjacent = "G-nonadjacent"
    /// A cycle with such reads, two of them next to each other.
    case g2 = "G2-item"
  }

  /// What it is.
  public var kind: Kind
  /// Which further orders the cycle needs: none, processes' or real time's.
  public var order: String?
  /// What is wrong, in a sentence.
  public var sentence: String
  /// The transactions, as numbers into `History.operations`.
  public var operations: [Int]
  /// The cycle, where it is one.
  public var cycle: [Relation]

  init(
    kind: Kind, order: String? = nil, sentence: String, operations: [Int], cycle: [Relation]
  ) {
    self.kind = kind
    self.order = order
    self.sentence = sentence
    self.operations = operations
    self.cycle = cycle
  }

  /// `G-single-realtime`.
  public var name: String { kind.rawValue + (order.map { "-\($0)" } ?? "") }
}
