import ArgumentParser
import Conformance
import ProtocolCore
import RecipesLab

/// A recipe of somebody else's, in one run.
extension RunRecipe {
  /// Whether a program is named and no server.
  var isForeign: Bool { servers?.hasPrefix(Self.foreign) ?? false }

  private static var foreign: String { "exec:" }

  func runForeign() async throws {
    let recipe = try Self.foreignRecipe(name)
    guard without.isEmpty else { throw ValidationError("--without is for our own recipes") }
    let faults = try fault.map { line in
      guard let fault = ForeignFault(line) else {
        throw ValidationError("--fault '\(line)' is none of these:\n\(ForeignFault.forms)")
      }
      guard fault.process < recipe.processes else {
        let name = Fault.name(fault.process)
        throw ValidationError("--fault '\(line)': \(recipe.name) has no process \(name)")
      }
      return fault
    }
    do {
      let command = try ForeignRun.command(
        in: String((servers ?? "").dropFirst(Self.foreign.count)))
      let outcome = try await ForeignRun(recipe, by: command, faults).run()
      for line in outcome.log { print(line) }
      if let mistake = outcome.mistake { throw failure(.error, "\(mistake)") }
      for fault in faults where !outcome.struck.contains(fault) {
        throw failure(.error, "'\(fault)' has not come to pass: the program never got so far")
      }
      try Self.tell(outcome.violations)
    } catch let mistake as ForeignRun.Mistake {
      throw failure(.usage, mistake.description)
    }
  }

  /// The recipe of this name that others can be asked for.
  static func foreignRecipe(_ name: String) throws -> ForeignRecipe {
    guard let recipe = ForeignRecipe.all.first(where: { $0.name == name }) else {
      let names = ForeignRecipe.all.map(\.name)
      let hint = nearest(to: name, among: names).map { "; did you mean \($0)?" } ?? ""
      let known = names.joined(separator: ", ")
      throw ValidationError("\(name): of programs of others these can be judged: \(known)\(hint)")
    }
    return recipe
  }
}
