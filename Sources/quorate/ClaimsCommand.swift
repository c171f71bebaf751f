import ArgumentParser
import Conformance
import ProtocolCore
import Targets

/// Lists claims.
struct ClaimsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "claims", abstract: "List the claims, and how many cases judge each.",
    discussion: "quorate claims WATCH-6")

  @Argument(help: "Only these claims, with the cases that judge them.")
  var ids: [String] = []

  @OptionGroup var choice: CaseChoice

  func run() throws {
    let labels = try choice.everyKind().map(\.label)
    if let stranger = ids.first(where: { Claims.suite.claim($0.uppercased()) == nil }) {
      let near = nearest(to: stranger.uppercased(), among: Claims.suite.all.map(\.id))
      throw failure(
        .usage, "nobody claims '\(stranger)'" + (near.map { "; did you mean \($0)?" } ?? ""))
    }
    let wanted = Set(ids.map { $0.uppercased() })
    for claim in Claims.suite.all where wanted.isEmpty || wanted.contains(claim.id) {
      let cases = labels.filter { $0.claims.contains(claim.id) }
      let id = claim.id.padded(to: 8)
      Terminal.say("\(id) \(claim.sentence)")
      Terminal.say(
        "         \(claim.subject.rawValue), \(claim.kind.rawValue); \(cases.count) cases")
      if !wanted.isEmpty { cases.forEach { Terminal.say("  " + ListCommand.line($0)) } }
    }
  }
}
