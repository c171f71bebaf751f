/// What a checker says of a history.
public enum Verdict: Hashable, Sendable {
  /// It holds; where the checker finds an order, the operations of each object in it, those of
  /// unknown outcome only where they must have taken place.
  case holds([[Int]])
  case refuted(Refutation)
  /// The budget did not suffice.
  case undecided(Exhausted)
  /// The checker is not for such histories, and why.
  case unsuited(String)
}

/// Why a guarantee does not hold: operations as numbers into `History.operations`.
public struct Refutation: Hashable, Sendable {
  /// The object on which it shows, where it is one.
  public var key: Value?
  /// What is wrong, in a sentence.
  public var reason: String
  /// The operations that show it: without the others it would be refuted just so.
  public var core: [Int]
  /// Where only a part of the history is needed: all operations called in the smallest prefix that
  /// is refuted.
  public var prefix: [Int] = []
  /// The longest order of a part of them.
  public var order: [Int] = []
  /// The operation that comes after no such order.
  public var last: Int?
  /// What relates the operations: a cycle, in its order, or what implies the contradiction.
  public var relations: [Relation] = []

  /// A refutation.
  public init(key: Value? = nil, _ reason: String, core: [Int]) {
    self.key = key
    self.reason = reason
    self.core = core
  }
}

/// An edge between two operations.
public struct Relation: Hashable, Sendable {
  /// Where it begins.
  public var from: Int
  /// Where it ends.
  public var to: Int
  /// What it is: `po`, `rf`, `ww`, `wr`, `rw`, `realtime`.
  public var kind: String
  /// What shows it, in words.
  public var because: String

  /// An edge.
  public init(_ from: Int, _ to: Int, _ kind: String, because: String = "") {
    self.from = from
    self.to = to
    self.kind = kind
    self.because = because
  }
}

/// A verdict on a guarantee, and what it cost.
public struct CheckResult: Hashable, Sendable {
  /// What was asked.
  public var guarantee: Guarantee
  /// What was asked together with it, of sessions.
  public var beside: [Guarantee] = []
  /// What came of it.
  public var verdict: Verdict
  /// How many steps the checker took.
  public var steps = 0
  /// The most bytes that it held beside the history.
  public var peak = 0

  /// What was asked, as reports name it.
  public var name: String { ([guarantee] + beside).map(\.rawValue).joined(separator: " with ") }

  /// A verdict.
  public init(guarantee: Guarantee, verdict: Verdict) {
    self.guarantee = guarantee
    self.verdict = verdict
  }
}
