/// Compares what a fixture expects with what came.
///
/// Of a record only the fields that are given are compared; lists are compared whole.
package struct Matching {
  /// What a reference stands for, and what that is in words.
  let lookUp: (Value.Reference) -> (value: Value, words: String)
  /// What a value is in words, as far as that is known: `the zxid of line 11`.
  let origin: (Value) -> String?
  /// A record in full that is written by what it is based upon (`new`, `like`), as far as what came
  /// tells it.
  let spelledOut: (_ expected: Value, _ actual: Value) -> Value

  package init(
    lookUp: @escaping (Value.Reference) -> (value: Value, words: String),
    origin: @escaping (Value) -> String?,
    spelledOut: @escaping (_ expected: Value, _ actual: Value) -> Value
  ) {
    self.lookUp = lookUp
    self.origin = origin
    self.spelledOut = spelledOut
  }

  /// A difference, and how it is told without any value of this run.
  package struct Found {
    package var difference: CaseResult.Difference
    package var message: String
  }

  /// Where the two differ.
  ///
  /// - Parameter words: What is expected in words, if a reference led here.
  package func differences(
    _ expected: Value, _ actual: Value?, at field: String, words: String? = nil
  ) -> [Found] {
    switch expected {
    case .reference(let reference):
      let (value, words) = lookUp(reference)
      return differences(value, actual, at: field, words: words)
    case .record where expected["like"] != nil || expected["new"] != nil:
      return differences(inFull: expected, actual, at: field)
    case .record where expected["has"] != nil:
      guard case .set(let wanted) = expected["has"], case .set(let others) = actual,
        wanted.allSatisfy(others.contains),
        expected["count"].map({ $0.integer == Int64(others.count) }) ?? true
      else { return [found(expected, actual, field, words)] }
      return []
    case .record(let members):
      guard case .record = actual else { return [found(expected, actual, field, words)] }
      return members.flatMap { member in
        differences(
          member.value, actual?[member.name], at: Self.join(field, member.name),
          words: words.map { "that in \($0)" })
      }
    case .list(let items):
      guard case .list(let others) = actual, items.count == others.count else {
        return [found(expected, actual, field, words)]
      }
      return items.indices.flatMap { index in
        differences(items[index], others[index], at: "\(field)[\(index)]", words: words)
      }
    case .set(let items):
      guard case .set(let others) = actual,
        Self.bytes(items) == Self.bytes(others)
      else { return [found(expected, actual, field, words)] }
      return []
    case .bound(.between, .list(let ends)):
      let values = ends.compactMap { resolved($0).0.integer }
      guard let number = actual?.integer, values.count == 2, values[0] <= number,
        number <= values[1]
      else {
        let names = ends.map { resolved($0).1 ?? $0.description }
        return [found(expected, actual, field, "between " + names.joined(separator: " and "))]
      }
      return []
    case .bound(let bound, let limit):
      let (value, name) = resolved(limit)
      guard let value = value.integer, let number = actual?.integer else {
        return [found(expected, actual, field, words)]
      }
      return bound.allows(number, value)
        ? [] : [found(expected, actual, field, name.map { "\(bound.words) \($0)" })]
    default:
      return Self.equal(expected, actual) ? [] : [found(expected, actual, field, words)]
    }
  }

  /// A record that is written by what it is based upon.
  private func differences(inFull expected: Value, _ actual: Value?, at field: String) -> [Found] {
    guard case .record(let members) = expected, let actual, case .record = actual else {
      return [found(expected, actual, field, nil)]
    }
    var words: String?
    let looked = members.map { member -> Value.Member in
      guard member.name == "like", case .reference(let reference) = member.value else {
        return member
      }
      let kept = lookUp(reference)
      words = kept.words
      return Value.Member(name: member.name, value: kept.value)
    }
    let inFull = spelledOut(.record(looked), actual)
    guard inFull["like"] == nil, inFull["new"] == nil else {
      return [found(expected, actual, field, words)]
    }
    return differences(inFull, actual, at: field, words: words)
  }

  private func resolved(_ value: Value) -> (Value, String?) {
    guard case .reference(let reference) = value else { return (value, nil) }
    let found = lookUp(reference)
    return (found.value, found.words)
  }

  private static func join(_ field: String, _ name: String) -> String {
    field.isEmpty ? name : "\(field).\(name)"
  }

  private static func equal(_ expected: Value, _ actual: Value?) -> Bool {
    guard let actual else { return false }
    if let a = expected.integer, let b = actual.integer { return a == b }
    return expected == actual && isVerbatim(expected, actual)
  }

  /// Whether two equal values are so to the byte: to Swift `é` equals `e` with an accent behind it,
  /// to a server they are two names.
  private static func isVerbatim(_ a: Value, _ b: Value) -> Bool {
    a.description.utf8.elementsEqual(b.description.utf8)
  }

  /// The values as bytes, in an order that does not depend on theirs.
  private static func bytes(_ values: [Value]) -> [[UInt8]] {
    values.map { Array($0.description.utf8) }.sorted { $0.lexicographicallyPrecedes($1) }
  }

  private func found(
    _ expected: Value, _ actual: Value?, _ field: String, _ words: String?
  ) -> Found {
    let printed: String
    if case .bound(.between, .list(let ends)) = expected {
      printed = "between " + ends.map { "\(resolved($0).0)" }.joined(separator: " and ")
    } else if case .bound(let bound, let limit) = expected {
      printed = "\(bound.words) \(resolved(limit).0)"
    } else {
      printed = expected.description
    }
    let parting = actual?.description.parting(from: printed)
    let field = field.isEmpty ? "the reply" : field
    let told = words ?? (expected.references.isEmpty ? printed : "what was kept")
    return Found(
      difference: CaseResult.Difference(
        field, expected: printed.shortened, expectedIs: words ?? origin(expected) ?? "",
        got: actual?.description.shortened ?? "nothing",
        gotIs: actual.flatMap(origin) ?? parting ?? ""),
      message: "\(field) is not \(told.shortened)")
  }
}

extension String {
  /// What a reader can take in: of a long text the beginning, and how long it is.
  package var shortened: String {
    utf8.count <= Self.readable ? self : "\(prefix(200))… \(utf8.count) bytes"
  }

  /// How many bytes a reader takes in.
  package static let readable = 600

  /// Where this text parts from the one that was expected; nil where a reader sees it himself.
  ///
  /// - Parameter limit: How long both may be for that.
  package func parting(from expected: String, beyond limit: Int = readable) -> String? {
    let (own, wanted) = (Array(utf8), Array(expected.utf8))
    guard own != wanted, max(own.count, wanted.count) > limit else { return nil }
    let equal = zip(own, wanted).prefix { $0 == $1 }.count
    let length = own.count == wanted.count ? "" : "has \(own.count) bytes, not \(wanted.count); "
    let isBegin = equal == own.count
    return length
      + (isBegin ? "all of them are right" : "byte \(equal + 1) is the first other one")
  }
}

extension Value.Bound {
  /// Whether `actual` keeps to `limit`.
  func allows(_ actual: Int64, _ limit: Int64) -> Bool {
    switch self {
    case .above: actual > limit
    case .below: actual < limit
    case .atLeast: actual >= limit
    case .atMost: actual <= limit
    case .not: actual != limit
    case .between: false
    }
  }

  /// As it stands in a sentence.
  var words: String {
    switch self {
    case .above: "above"
    case .below: "below"
    case .atLeast: "at least"
    case .atMost: "at most"
    case .not: "anything but"
    case .between: "between"
    }
  }
}
