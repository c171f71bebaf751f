import Conformance
import Targets

/// What this is, and how much of it.
enum Version {
  /// The number, which grows when cases change what they demand.
  static let number = "0.2.0"

  /// `quorate 0.2.0, 1158 cases`.
  static var line: String {
    guard let count = try? CaseChoice.everything().library().count else {
      return "quorate \(number), no cases: \(Installation.nowhere)"
    }
    return "quorate \(number), \(count) cases"
  }
}
