import Histories
import ProtocolCore

/// What `quorate check` says of a history.
struct CheckText {
  let history: History

  init(_ history: History) { self.history = history }

  /// How large the history is, and what it is taken for.
  var heading: String {
    let unknown = history.operations.count { !$0.isKnown }
    let processes = Set(history.operations.map(\.process)).count
    var parts = [
      count(history.operations.count, "operation"), count(processes, "process", "processes"),
      count(history.objects.count, "object"),
    ]
    if unknown > 0 { parts.append("\(unknown) of unknown outcome") }
    if !history.failed.isEmpty { parts.append("\(history.failed.count) failed") }
    return "history  \(history.model?.rawValue ?? "?"): \(parts.joined(separator: ", "))"
  }

  private func count(_ number: Int, _ one: String, _ many: String? = nil) -> String {
    "\(number) \(number == 1 ? one : many ?? one + "s")"
  }

  /// A verdict, and why.
  func line(_ judgement: CheckResult, seconds: Double) -> String {
    let name = judgement.name
    let cost = "\(seconds.fixed(3)) s, \(judgement.steps) steps"
    switch judgement.verdict {
    case .holds: return "holds      \(name.padded(to: 28)) \(cost)"
    case .undecided(let exhausted):
      return "undecided  \(name.padded(to: 28)) \(cost): out of \(exhausted.rawValue)"
    case .unsuited(let why): return "unsuited   \(name.padded(to: 28)) \(why)"
    case .refuted(let refutation):
      return (["REFUTED    \(name.padded(to: 28)) \(cost)"] + why(refutation)).joined(
        separator: "\n")
    }
  }

  /// Where the history stands among the guarantees: the strongest that hold, and how stale reads
  /// are.
  func standing(_ judgements: [CheckResult], _ bounds: [String]) -> String {
    let single = judgements.filter { $0.beside.isEmpty }
    let held = single.filter { if case .holds = $0.verdict { true } else { false } }
      .map(\.guarantee)
    let strongest = held.filter { one in
      !held.contains { $0 != one && $0.closure.contains(one) }
    }
    let names = strongest.map(\.rawValue).joined(separator: ", ")
    return (["strongest  \(names.isEmpty ? "none" : names)"] + bounds).joined(separator: "\n")
  }

  /// How many operations are told at most.
  private static let most = 24

  private func why(_ refutation: Refutation) -> [String] {
    var lines: [String] = []
    if let key = refutation.key { lines.append("  object \(key)") }
    lines.append("  \(refutation.reason)")
    let told = Set(refutation.core + (refutation.last.map { [$0] } ?? [])).sorted()
    for index in told.suffix(Self.most) { lines.append("  " + place(index)) }
    if told.count > Self.most {
      lines.insert("  … \(told.count - Self.most) before", at: lines.count - Self.most)
    }
    for relation in refutation.relations {
      let because = relation.because.isEmpty ? "" : "   \(relation.because)"
      lines.append(
        "    \(short(relation.from)) —\(relation.kind)→ \(short(relation.to))\(because)")
    }
    return lines
  }

  private func place(_ index: Int) -> String {
    let operation = history.operations[index]
    let line = operation.line > 0 ? "line \(operation.line)" : ""
    let span = "\(operation.call)…\(operation.end.map(String.init) ?? "")"
    let name = history.name(of: operation)
    return "\(line.padded(to: 12))\(name.padded(to: 6)) \(brief(operation).padded(to: 44)) \(span)"
  }

  private func brief(_ operation: Operation) -> String {
    let text = "\(operation)"
    return text.count <= 44 ? text : "\(text.prefix(21))…\(text.suffix(22))"
  }

  private func short(_ index: Int) -> String {
    let operation = history.operations[index]
    return "\(history.name(of: operation)) \(brief(operation))"
  }
}
