/// A length of time in what a server and its clients agreed upon, session timeouts and ticks; or in
/// milliseconds, for a clock to move.
package struct Span: Hashable, Sendable {
  /// One summand: `2 tick`, `1.5 timeout(owner)`.
  package struct Term: Hashable, Sendable {
    package var count: Double
    /// Whose timeout; nil for ticks and milliseconds.
    package var client: String?
    /// Whether it is in milliseconds.
    package var isMilliseconds = false
  }

  package var terms: [Term]

  static let pattern =
    #"[0-9]+(\.[0-9]+)? (ticks?|ms|timeouts?\([a-z][a-zA-Z0-9]*\))"#
    + #"( \+ [0-9]+(\.[0-9]+)? (ticks?|ms|timeouts?\([a-z][a-zA-Z0-9]*\)))*"#

  /// The span that `text` writes, if it is of the form of ``pattern``.
  package init?(_ text: String) {
    terms = []
    for summand in text.split(separator: " + ") {
      let words = summand.split(separator: " ")
      guard words.count == 2, let count = Double(words[0]) else { return nil }
      let client = words[1].firstMatch(of: /^timeouts?\((\w+)\)$/).map { String($0.1) }
      guard client != nil || words[1].hasPrefix("tick") || words[1] == "ms" else { return nil }
      terms.append(Term(count: count, client: client, isMilliseconds: words[1] == "ms"))
    }
  }

  /// The milliseconds of this span.
  package func milliseconds(tick: Int64, timeout: (String) -> Int64) -> Int64 {
    let exact = terms.reduce(0) { sum, term in
      sum + term.count * Double(term.isMilliseconds ? 1 : term.client.map(timeout) ?? tick)
    }
    return Int64(min(exact, 1e12).rounded())
  }

  /// The first client whose timeout is meant: the time counts from what it last sent.
  package var client: String? { terms.lazy.compactMap(\.client).first }
}

extension Span: CustomStringConvertible {
  /// As it stands in a fixture.
  package var description: String {
    terms.map { term in
      let count = term.count == term.count.rounded() ? "\(Int64(term.count))" : "\(term.count)"
      let unit = term.isMilliseconds ? "ms" : "tick"
      return count + " " + (term.client.map { "timeout(\($0))" } ?? unit)
    }.joined(separator: " + ")
  }
}
