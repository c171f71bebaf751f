/// What is wrong with a fixture, and where.
public struct FixtureError: Error, Hashable, Sendable {
  /// Where it stands.
  public var place: Place
  /// What it is.
  public var reason: Reason

  /// The error for this reason at this place.
  public init(_ place: Place, _ reason: Reason) {
    self.place = place
    self.reason = reason
  }

  /// What can be wrong with a fixture.
  public enum Reason: Hashable, Sendable {
    /// The text is no YAML, in the parser's words.
    case syntax(String)
    /// The file cannot be read, in the system's words.
    case unreadable(String)
    /// More bytes than a fixture may have.
    case tooLong(limit: Int)
    /// No document at all.
    case empty
    /// A YAML anchor, alias or merge key.
    case anchor
    /// A YAML tag such as `!!str`.
    case tag(String)
    /// A key that the format does not know here.
    case unknownKey(String, in: String, nearest: String?)
    /// A key given twice in one mapping.
    case duplicateKey(String)
    /// A key that must stand here and does not.
    case missingKey(String, in: String)
    /// A value of another kind than the field's.
    case wrongKind(expected: String, found: String)
    /// A word that is none of those allowed.
    case unknownWord(String, allowed: [String], nearest: String?)
    /// A number outside its field's range.
    case outOfRange(Int64, ClosedRange<Int64>)
    /// A text that is not of the form of its field.
    case malformed(String, expected: String)
    /// A step without a verb.
    case noVerb
    /// A step with two verbs.
    case twoVerbs(String, String)
    /// A verb that the format does not know.
    case unknownVerb(String, nearest: String?)
    /// A client that `clients` does not list.
    case unknownClient(String, nearest: String?)
    /// A `$name` that no earlier step keeps.
    case unbound(String, nearest: String?)
    /// A name that is bound twice, or a client's.
    case rebound(String)
    /// A row of `each` with other columns than the first row, or a column that nothing uses.
    case columns(row: String, String)
    /// A claim that no chapter makes.
    case unknownClaim(String, nearest: String?)
    /// Something said twice, or two things that exclude each other.
    case contradiction(String)
    /// The file's name is not its case's id and a slug.
    case misnamed(expected: String)
    /// Another fixture has this id.
    case duplicateCase(String, other: String)
  }
}

extension FixtureError: CustomStringConvertible {
  /// Place and reason, as an editor and a reader want them.
  public var description: String { "\(place): \(reason)" }
}

extension FixtureError.Reason: CustomStringConvertible {
  /// The reason in a sentence, with the nearest valid name where there is one.
  public var description: String {
    switch self {
    case .syntax(let problem): "not YAML: \(problem)"
    case .unreadable(let problem): "cannot be read: \(problem)"
    case .tooLong(let limit): "longer than \(limit) bytes"
    case .empty: "holds no fixture"
    case .anchor: "anchors, aliases and merge keys are not allowed here"
    case .tag(let tag): "tags are not allowed here: \(tag)"
    case .unknownKey(let key, let where_, let nearest):
      "unknown key '\(key)' in \(where_)" + Self.question(nearest)
    case .duplicateKey(let key): "the key '\(key)' stands here twice"
    case .missingKey(let key, let where_): "\(where_) needs a key '\(key)'"
    case .wrongKind(let expected, let found): "expected \(expected), found \(found)"
    case .unknownWord(let word, let allowed, let nearest):
      "unknown word '\(word)'"
        + (nearest.map { "; did you mean '\($0)'?" }
          ?? "; one of \(allowed.joined(separator: ", "))")
    case .outOfRange(let number, let range):
      "\(number) is not between \(range.lowerBound) and \(range.upperBound)"
    case .malformed(let text, let expected): "'\(text)' is not \(expected)"
    case .noVerb: "a step needs a key 'client.verb'"
    case .twoVerbs(let first, let second):
      "a step has one verb; here are '\(first)' and '\(second)'"
    case .unknownVerb(let verb, let nearest): "unknown verb '\(verb)'" + Self.question(nearest)
    case .unknownClient(let name, let nearest):
      "'\(name)' is none of the case's clients" + Self.question(nearest)
    case .unbound(let name, let nearest):
      "nothing before this keeps '$\(name)'" + Self.question(nearest.map { "$" + $0 })
    case .rebound(let name): "'\(name)' has a meaning already"
    case .columns(let row, let problem): "row '\(row)' \(problem)"
    case .contradiction(let what): what
    case .unknownClaim(let claim, let nearest):
      "no claim is called '\(claim)'" + Self.question(nearest)
    case .misnamed(let expected): "this file's name should be \(expected)"
    case .duplicateCase(let id, let other): "the case \(id) stands in \(other) already"
    }
  }

  private static func question(_ nearest: String?) -> String {
    nearest.map { "; did you mean '\($0)'?" } ?? ""
  }
}
