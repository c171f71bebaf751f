import Yams

/// A value in a YAML text as it was written: scalars are their characters, never a guess of what
/// they may mean, and everything knows its place.
package struct YAML: Hashable, Sendable {
  package var content: Content
  package var place: Place

  package init(content: Content, place: Place) {
    self.content = content
    self.place = place
  }

  /// The three kinds of value.
  package indirect enum Content: Hashable, Sendable {
    /// `plain` without quotation marks.
    case scalar(String, plain: Bool)
    case list([YAML])
    case map([Pair])
  }

  /// A key and its value.
  package struct Pair: Hashable, Sendable {
    package var key: String
    package var keyPlace: Place
    package var value: YAML
  }

  /// The value of this key, if this is a map that has it.
  package subscript(key: String) -> YAML? {
    guard case .map(let pairs) = content else { return nil }
    return pairs.first { $0.key == key }?.value
  }

  /// What is found here, for an error.
  package var kind: String {
    switch content {
    case .scalar(let text, _): text.isEmpty ? "nothing" : "'\(text.prefix(40))'"
    case .list: "a list"
    case .map: "a map"
    }
  }
}

extension YAML {
  /// A fixture has no more bytes than this.
  package static let limit = 1 << 18

  /// The one document in `text`.
  ///
  /// - Throws: ``FixtureError`` for what is no YAML and for what a fixture may not contain:
  ///   anchors, aliases, tags, duplicate keys, keys that are no scalars, a second document.
  package init(_ text: String, file: String) throws(FixtureError) {
    let whole = Place(file: file)
    guard text.utf8.count <= Self.limit else {
      throw FixtureError(whole, .tooLong(limit: Self.limit))
    }
    let root: Node?
    do {
      // Without the rules that guess what a scalar may mean: nobody here asks, and they are slow.
      root = try Yams.compose(yaml: text, .basic)
    } catch let error as YamlError {
      throw Self.translated(error, file: file)
    } catch {
      throw FixtureError(whole, .syntax("\(error)"))
    }
    guard let root else { throw FixtureError(whole, .empty) }
    self = try Reader(file: file, lines: Reader.lines(of: text)).read(root)
  }

  private static func translated(_ error: YamlError, file: String) -> FixtureError {
    func at(_ mark: Mark) -> Place { Place(file: file, line: mark.line, column: mark.column) }
    switch error {
    case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
      .composer(_, let problem, let mark, _):
      return FixtureError(at(mark), .syntax(problem))
    case .duplicatedKeysInMapping(let names, let context):
      return FixtureError(at(context.mark), .duplicateKey(names.first ?? "?"))
    case .reader(let problem, _, _, _):
      return FixtureError(Place(file: file), .syntax(problem))
    default:
      return FixtureError(Place(file: file), .syntax("\(error)"))
    }
  }
}

/// Copies the library's tree, and refuses what a fixture may not contain.
private struct Reader {
  let file: String
  let lines: [Substring.UnicodeScalarView]

  /// The lines of `text` as YAML counts them; none if nothing in it looks like what is refused.
  static func lines(of text: String) -> [Substring.UnicodeScalarView] {
    guard text.utf8.contains(where: { "!&*".utf8.contains($0) }) else { return [] }
    return text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).map(
      \.unicodeScalars)
  }

  func read(_ node: Node) throws(FixtureError) -> YAML {
    let place =
      node.mark.map { Place(file: file, line: $0.line, column: $0.column) }
      ?? Place(file: file)
    switch character(at: place) {
    case "!": throw FixtureError(place, .tag(node.tag.rawValue))
    case "&", "*": throw FixtureError(place, .anchor)
    default: break
    }
    switch node {
    case .scalar(let scalar):
      return YAML(
        content: .scalar(scalar.string, plain: scalar.style == .plain), place: place)
    case .sequence(let sequence):
      var items: [YAML] = []
      for item in sequence { items.append(try read(item)) }
      return YAML(content: .list(items), place: place)
    case .mapping(let mapping):
      var pairs: [YAML.Pair] = []
      for (key, value) in mapping {
        let key = try read(key)
        guard case .scalar(let name, _) = key.content else {
          throw FixtureError(key.place, .wrongKind(expected: "a key", found: key.kind))
        }
        if name == "<<" { throw FixtureError(key.place, .anchor) }
        if pairs.contains(where: { $0.key == name }) {
          throw FixtureError(key.place, .duplicateKey(name))
        }
        pairs.append(YAML.Pair(key: name, keyPlace: key.place, value: try read(value)))
      }
      return YAML(content: .map(pairs), place: place)
    case .alias:
      throw FixtureError(place, .anchor)
    }
  }

  /// What a value begins with.
  ///
  /// Only tags, anchors and aliases begin with `!`, `&` and `*`; the
  /// library's tree does not keep what was written of them.
  private func character(at place: Place) -> Unicode.Scalar? {
    guard lines.indices.contains(place.line - 1) else { return nil }
    return lines[place.line - 1].dropFirst(place.column - 1).first
  }
}
