import Conformance

/// What the cases that failed have in common: what differs in them, and which claims they name.
///
/// A case names all claims that it is about, whichever of its steps has failed.
struct Failures {
  private let failed: [CaseReport]

  init(_ judgements: [CaseReport]) { failed = judgements.filter { $0.verdict == .fail } }

  /// So many failures a reader looks at one by one.
  private static let few = 2
  private static let shown = 8

  var lines: [String] {
    guard !failed.isEmpty else { return [] }
    let isMuch = failed.count > Self.few
    let differing = isMuch ? ["differs  " + Self.told(failed.map(\.differing))] : []
    let claims = failed.flatMap(\.label.claims)
    let named = claims.isEmpty ? [] : ["named    " + Self.told(claims) + ", by what failed"]
    return differing + named
  }

  /// How often each stands there, the most frequent first.
  private static func told(_ names: [String]) -> String {
    var counts: [String: Int] = [:]
    for name in names { counts[name, default: 0] += 1 }
    let told = counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map { name, count in
      "\(name) (\(count) \(Screen.cases(count)))"
    }
    let more = told.count > shown ? "   and \(told.count - shown) more" : ""
    return told.prefix(shown).joined(separator: "   ") + more
  }
}

extension CaseReport {
  /// The first field that differs, and of which operation: `stat.mtime of exists`.
  fileprivate var differing: String {
    let step = outcome.narrative.last?.text.split(separator: " ").first ?? ""
    let operation = step.split(separator: ".").last.map { " of \($0)" } ?? ""
    guard let field = outcome.differences.first?.field else {
      return VisibleText.of(outcome.message ?? "the case") + operation
    }
    // Of a list's items none is another kind of difference.
    return VisibleText.of(field.replacing(/\[\d+\]/, with: "[]")) + operation
  }
}
