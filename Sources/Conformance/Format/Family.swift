/// A table `each` makes one fixture a family: for each row the same steps, with the row's values
/// where `$column` stands.
///
/// `$column` alone is replaced by the row's value, whatever its kind; as an item of a list, a value
/// that is a list takes the item's place item by item. In a key, and as `${column}` inside a longer
/// text, it is replaced by the value's characters.
package struct Family {
  /// Names of columns, and of much else in a fixture.
  package static let name = Shape.Form(
    "a name of lower-case letters and digits", "[a-z][a-zA-Z0-9]*")

  /// The table `each`: rows by the ids of the members.
  package static let table = Shape.map(
    Shape.Form(
      "a member's id: letters, digits, commas, hyphens", "[A-Za-z0-9][A-Za-z0-9,.-]*"),
    .map(name, .anything, named: "a row of each"), named: "each")

  /// A member: the id of its row, nil for a fixture without rows, and the document with all columns
  /// replaced.
  package struct Member {
    package var id: String?
    package var document: YAML
  }

  /// The members of the family in `document`, in the order of its rows.
  package static func members(of document: YAML) throws(FixtureError) -> [Member] {
    guard case .map(let pairs) = document.content,
      let each = pairs.first(where: { $0.key == "each" })
    else { return [Member(id: nil, document: document)] }
    _ = try table.read(each.value)
    guard case .map(let rows) = each.value.content, let first = rows.first else {
      throw FixtureError(each.value.place, .missingKey("row", in: "each"))
    }
    let rest = YAML(content: .map(pairs.filter { $0.key != "each" }), place: document.place)
    let columns = columns(of: first)
    var members: [Member] = []
    for row in rows {
      guard self.columns(of: row) == columns else {
        throw FixtureError(
          row.keyPlace,
          .columns(row: row.key, "has not the columns \(columns.joined(separator: ", "))"))
      }
      var substitution = Substitution(row: row)
      let document = substitution.replaced(rest)
      if let unused = columns.first(where: { !substitution.used.contains($0) }) {
        throw FixtureError(
          row.keyPlace, .columns(row: row.key, "has a column '\(unused)' that nothing uses"))
      }
      members.append(Member(id: row.key, document: document))
    }
    return members
  }

  private static func columns(of row: YAML.Pair) -> [String] {
    guard case .map(let pairs) = row.value.content else { return [] }
    return pairs.map(\.key).sorted()
  }
}

/// The values of a row, put where its columns stand.
private struct Substitution {
  let row: YAML.Pair
  var used: Set<String> = []

  init(row: YAML.Pair) { self.row = row }

  mutating func replaced(_ yaml: YAML) -> YAML {
    switch yaml.content {
    case .scalar(let text, let plain):
      if plain, let value = value(of: text) { return value }
      return YAML(content: .scalar(interpolated(text), plain: plain), place: yaml.place)
    case .list(let items):
      var result: [YAML] = []
      for item in items {
        let new = replaced(item)
        if case .list(let spliced) = new.content, case .scalar = item.content {
          result += spliced
        } else {
          result.append(new)
        }
      }
      return YAML(content: .list(result), place: yaml.place)
    case .map(let pairs):
      var result: [YAML.Pair] = []
      for pair in pairs {
        result.append(
          YAML.Pair(
            key: key(pair.key), keyPlace: pair.keyPlace, value: replaced(pair.value)))
      }
      return YAML(content: .map(result), place: yaml.place)
    }
  }

  private mutating func value(of text: String) -> YAML? {
    guard text.hasPrefix("$"), let value = row.value[String(text.dropFirst())] else { return nil }
    used.insert(String(text.dropFirst()))
    return value
  }

  private mutating func key(_ text: String) -> String {
    guard let dollar = text.firstIndex(of: "$"),
      let value = value(of: String(text[dollar...])), case .scalar(let word, _) = value.content
    else { return text }
    return text[..<dollar] + word
  }

  private mutating func interpolated(_ text: String) -> String {
    var result = text
    guard text.contains("${"), case .map(let columns) = row.value.content else { return text }
    for column in columns {
      guard case .scalar(let word, _) = column.value.content else { continue }
      let mark = "${\(column.key)}"
      if result.contains(mark) {
        used.insert(column.key)
        result = result.split(separator: mark, omittingEmptySubsequences: false)
          .joined(separator: word)
      }
    }
    return result
  }
}
