public import Conformance
import RecipesLab

/// The cases whose subject is a recipe that somebody else wrote.
public enum ForeignCases {
  /// What goes wrong in the runs of a case; in those of the first nothing does.
  private static let kinds: [(slug: String, title: String, kind: ForeignFault.Kind?)] = [
    ("undisturbed", "when nothing goes wrong", nil),
    ("request-lost", "whichever connection breaks before a request is heard", .cut),
    ("reply-lost", "whichever connection breaks when a request is done", .loseReply),
    ("expired", "whenever a session ends", .expire),
    ("stopped", "whenever a process is stopped for longer than its session lasts", .stop),
    ("paused", "whenever a process is stopped for a moment", .pause),
    ("delayed", "whenever replies and events come late", .delay),
    (
      "restarted", "whenever the server breaks all connections, and lets nobody in for a while",
      .restart
    ),
    ("killed", "whenever a process is killed, and its session ends", .kill),
  ]

  /// The names of the recipes that programs can be asked for.
  public static let recipes = ForeignRecipe.all.map(\.name)

  /// Those of each recipe, in the recipes' order.
  public static func all(of target: ProgramTarget) -> [Case] {
    ForeignRecipe.all.flatMap { recipe in
      let sweep = ForeignSweep(recipe, by: target.command)
      let judged = kinds.filter { $0.kind != .kill || recipe.survives != .nowhere }
      return judged.map { each in
        var result = Case(
          CaseLabel(
            id: "EXEC-\(recipe.name)-\(each.slug)", slug: "",
            title: "\(recipe.name) keeps what it promises \(each.title)", level: .must,
            claims: recipe.claims, chapter: "uses", topic: recipe.name,
            place: Place(file: "Sources/Laboratories/Recipes/ForeignRecipe.swift")),
          .model { _ in await outcome(of: sweep, each.kind) })
        result.label.needsTarget = true
        return result
      }
    }
  }

  private static func outcome(
    of sweep: ForeignSweep, _ kind: ForeignFault.Kind?
  ) async -> CaseResult {
    do {
      let undisturbed = try await sweep.undisturbed()
      guard let kind else {
        return result(of: ForeignSweep.Finding(outcome: undisturbed))
      }
      // What is wrong the first of its cases tells, and that one counts.
      if let reason = undisturbed.mistake?.description ?? undisturbed.violations.first?.description
      {
        return CaseResult(
          .inconclusive, "not tried, for already when nothing goes wrong: \(reason)")
      }
      return result(of: try await sweep.search(kind))
    } catch {
      return CaseResult(.error, "\(error)")
    }
  }

  private static func result(of finding: ForeignSweep.Finding) -> CaseResult {
    let outcome = finding.outcome
    var result = CaseResult(.pass)
    if let mistake = outcome.mistake {
      result = CaseResult(.error, "\(mistake)")
    } else if let violation = outcome.violations.first {
      result = CaseResult(.fail, "\(violation)")
    } else if !finding.unrepeated.isEmpty {
      result = CaseResult(.inconclusive, "seen once, and not again in the same run")
      result.remarks = finding.unrepeated
    }
    result.measured = ["\(finding.runs) runs"]
    guard !result.verdict.isPass else { return result }
    result.remarks += outcome.struck.map { fault in
      "the only fault is '\(fault)'; quorate recipes run … --fault tells all of that run"
    }
    result.narrative = excerpt(outcome.log)
    return result
  }

  /// What stands around the fault, and in the end.
  private static func excerpt(_ log: [String]) -> [CaseResult.Line] {
    let fault = log.firstIndex { $0.contains("--- at ") } ?? 0
    let kept = log.indices.filter { fault - 5...fault + 5 ~= $0 || $0 >= log.count - 5 }
    return kept.map { CaseResult.Line($0 + 1, log[$0]) }
  }
}
