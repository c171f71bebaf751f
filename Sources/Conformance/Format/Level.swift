/// How binding a case is.
public enum Level: String, CaseIterable, Sendable, Codable {
  /// A server that does otherwise is not conformant.
  case must
  /// A server may do otherwise; users then have to know. Judged as a failure only when strict.
  case should
  /// What the real servers do, without a promise. Never a failure.
  case observed
}

extension Level: CustomStringConvertible {
  /// As in the standards: `MUST`.
  public var description: String { rawValue.uppercased() }
}
