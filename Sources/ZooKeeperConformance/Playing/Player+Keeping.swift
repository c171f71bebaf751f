import Conformance

/// What a step refers to must be there: nothing is no version, and no server's doing.
extension Player {
  /// Looks whether all that a step refers to was kept, and fits where it stands.
  func require(_ step: Step) throws(Stop) {
    let later = Set(step.parts.flatMap(\.keep).map(\.name))
    let expected = [step.expected] + step.alternatives.map(\.expected)
    let values = [step.arguments] + expected.flatMap(\.values)
    for reference in values.flatMap(\.references) {
      guard let lack = memory.lack(of: reference), !later.contains(reference.name) else { continue }
      throw Stop(verdict: .error, message: "nothing was kept as $\(reference.name): \(lack)")
    }
    try requireNumbers(step)
    for part in step.parts { try require(part) }
  }

  /// Looks whether what stands for a number is one, in the range that its field has.
  private func requireNumbers(_ step: Step) throws(Stop) {
    let verb = FixtureFormat.verbs.first { $0.name == step.does.name }
    guard case .record(let members) = step.arguments,
      case .record(let fields, _)? = verb?.arguments
    else { return }
    for member in members {
      guard case .reference(let reference) = member.value,
        case .number(let range)? = fields.first(where: { $0.name == member.name })?.shape
      else { continue }
      let value = resolved(member.value)
      guard let number = value.integer, range.contains(number) else {
        throw Stop(
          verdict: .error, message: "$\(reference.name) is \(value), which is no \(member.name)")
      }
    }
  }
}

extension Step.Expected {
  /// All values that are compared.
  fileprivate var values: [Value] {
    let seen = (sees ?? []).flatMap { sighting -> [Value] in
      switch sighting {
      case .event(_, let path): [path]
      case .stamped(_, let path, let zxid): [path, zxid]
      case .closed: []
      }
    }
    return (gives.map { [$0] } ?? []) + seen
  }
}
