import ProtocolCore

/// A line of a run file that begins with `=`: what must be so at that point.
enum Check<C: Model> {
  /// `holds AC1 AC2`
  case holds([C.Property])
  /// `violates AC1`
  case violates([C.Property])
  /// `blocked a b`, `decided a b commit`, `not blocked a`
  case condition(C.Condition, [NodeID], isSo: Bool)
  /// `down a`, `up a`
  case standing([NodeID], isUp: Bool)
}

extension SystemState {
  /// The check that these words name.
  func check(reading words: [String]) throws -> Check<C> {
    switch words.first {
    case "holds": return .holds(try properties(words))
    case "violates": return .violates(try properties(words))
    case "down", "up":
      let nodes = try words.indices.dropFirst().map { try node(words, $0) }
      guard !nodes.isEmpty else { throw Unreadable(word: 0, what: "nobody is named") }
      return .standing(nodes, isUp: words.first == "up")
    default: return try condition(words)
    }
  }

  private func properties(_ words: [String]) throws -> [C.Property] {
    guard words.count > 1 else { throw Unreadable(word: 0, what: "no property is named") }
    return try words.indices.dropFirst().map { index in
      guard let property = C.Property(rawValue: words[index]) else {
        throw Unreadable(
          word: index, what: "unknown property '\(words[index])'", misspelt: words[index],
          names: C.Property.allCases.map(\.rawValue))
      }
      return property
    }
  }

  private func condition(_ words: [String]) throws -> Check<C> {
    let isSo = words.first != "not"
    let rest = Array(words.dropFirst(isSo ? 0 : 1))
    // The longest: `answered by a quorum a` is of the node a.
    let matches = C.Condition.allCases.compactMap { condition in
      nodes(beside: condition.rawValue, in: rest).map { (condition, $0) }
    }
    let longest = matches.max { $0.0.rawValue.count < $1.0.rawValue.count }
    guard let (condition, named) = longest else {
      let text = rest.filter { index(of: NodeID($0)) == nil }.joined(separator: " ")
      throw Unreadable(
        word: 0, what: "unknown check '\(text)'", misspelt: text,
        names: C.Condition.allCases.map(\.rawValue) + ["holds", "violates", "down", "up"])
    }
    guard !named.isEmpty else { throw Unreadable(word: 0, what: "nobody is named") }
    return .condition(condition, named, isSo: isSo)
  }

  /// The nodes that words name beside those of a condition, which stand among them in their order;
  /// nil if anything else does.
  private func nodes(beside condition: String, in words: [String]) -> [NodeID]? {
    var expected = condition.split(separator: " ")[...]
    var named: [NodeID] = []
    for word in words {
      if let next = expected.first, next == word {
        expected.removeFirst()
      } else if index(of: NodeID(word)) != nil {
        named.append(NodeID(word))
      } else {
        return nil
      }
    }
    return expected.isEmpty ? named : nil
  }

  /// Why the check fails here, or nil when it does not.
  func refutation(of check: Check<C>) -> String? {
    switch check {
    case .holds(let properties):
      let broken = properties.filter { !holds($0) }
      return broken.isEmpty ? nil : "violated: " + names(of: broken, come: "does not come")
    case .violates(let properties):
      let held = properties.filter { holds($0) }
      return held.isEmpty ? nil : "not violated: " + names(of: held, come: "comes")
    case .condition(let condition, let nodes, let isSo):
      let scene = scene
      let wrong = nodes.filter { holds(condition, at: $0) != isSo }
      guard !wrong.isEmpty else { return nil }
      return wrong.map { id in
        let state = scene[id].map { "\($0)" } ?? "down"
        let others = C.Condition.allCases.filter { holds($0, at: id) }
        let names = others.map(\.rawValue).joined(separator: ", ")
        return "\(id) is \(state)" + (names.isEmpty ? "" : " (\(names))")
      }.joined(separator: "; ")
    case .standing(let nodes, let isUp):
      let scene = scene
      let wrong = nodes.filter { (scene[$0] != nil) != isUp }
      return wrong.isEmpty
        ? nil : wrong.map { "\($0) is \(isUp ? "down" : "up")" }.joined(separator: ", ")
    }
  }

  /// The properties; and of those that recover, how that was judged.
  private func names(of properties: [C.Property], come: String) -> String {
    let names = properties.map(\.rawValue).joined(separator: ", ")
    let future = properties.first { if case .recovers = $0.form { true } else { false } }
    guard let future, case .recovers(let condition, _, _) = future.form else { return names }
    return names + " (nothing fails from here on, messages are fast and clocks good; within "
      + "\(C.patience.count.grouped) ticks \(come) that all are '\(condition.rawValue)')"
  }
}
