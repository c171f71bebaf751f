/// Something that a chapter claims and that neither a recorded run nor a property of its runs
/// shows: what a transaction costs, what its automata look like.
public struct Demonstration: Sendable {
  /// What tells it from the chapter's others: `COST[nothing,commit,3]`.
  public let id: String
  /// what is shown, in a sentence.
  public let title: String
  /// The claims that it is about.
  public let claims: [String]
  /// Whether it illustrates a claim that runs of one protocol cannot prove.
  public let isArgued: Bool
  /// Finds out what is otherwise than it should be; nothing if all is well.
  public let discrepancies: @Sendable () throws -> [Discrepancy]

  /// A demonstration.
  public init(
    _ id: String, _ title: String, claims: [String], isArgued: Bool = false,
    discrepancies: @escaping @Sendable () throws -> [Discrepancy]
  ) {
    self.id = id
    self.title = title
    self.claims = claims
    self.isArgued = isArgued
    self.discrepancies = discrepancies
  }
}

/// Something that is otherwise than it should be.
public struct Discrepancy: Hashable, Sendable {
  /// What was looked at: `messages`.
  public let what: String
  /// What should be.
  public let expected: String
  /// What is.
  public let got: String

  /// A discrepancy.
  public init(_ what: String, expected: String, got: String) {
    self.what = what
    self.expected = expected
    self.got = got
  }

  /// What of these numbers is not as it should be.
  public static func between(
    _ what: String, expected: Int, got: Int
  ) -> [Discrepancy] {
    expected == got ? [] : [Discrepancy(what, expected: "\(expected)", got: "\(got)")]
  }
}
