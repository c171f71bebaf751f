/// What was found about one case.
public enum Verdict: String, CaseIterable, Hashable, Sendable, Codable {
  /// It holds.
  case pass
  /// An allowed alternative was taken, or something that only SHOULD hold does not.
  case passNonStrict = "pass-non-strict"
  /// It does not hold.
  case fail
  /// It does not hold, and the target's people have said so.
  case knownDeviation = "known-deviation"
  /// The target's people have said that it does not hold, and it does.
  case staleDeviation = "stale-deviation"
  /// The target has not what the case needs.
  case unsupported
  /// Nothing can be said: our own clock stalled, or a search was not finished.
  case inconclusive
  /// The case could not be judged: the target died, or the harness failed.
  case error
  /// What was played is as it should be, and illustrates a claim that no run can prove: an argument
  /// does, in the Notes.
  case argued
}

extension Verdict: CustomStringConvertible {
  /// As it is printed: `pass-non-strict`.
  public var description: String { rawValue }
}

extension Verdict {
  /// Whether nothing speaks against what the case judges.
  public var isPass: Bool {
    switch self {
    case .pass, .passNonStrict, .argued: true
    case .fail, .knownDeviation, .staleDeviation, .unsupported, .inconclusive, .error: false
    }
  }
}

/// What the process says when it ends.
public enum ExitCode: Int32, Sendable {
  case conformant = 0
  case notConformant = 1
  /// Nothing failed, and not everything could be judged.
  case inconclusive = 2
  /// The target cannot be reached, or the harness failed.
  case error = 3
  /// Wrong arguments, a bad fixture, or nothing that matched.
  case usage = 64

  /// What these verdicts amount to.
  ///
  /// A failure weighs most: it stands, whatever else could not be judged.
  public init(_ verdicts: some Sequence<Verdict>) {
    let all = Set(verdicts)
    if all.contains(.fail) || all.contains(.staleDeviation) {
      self = .notConformant
    } else if all.contains(.error) {
      self = .error
    } else if all.contains(.inconclusive) {
      self = .inconclusive
    } else {
      self = .conformant
    }
  }
}
