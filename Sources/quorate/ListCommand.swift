import ArgumentParser
import Conformance
import ProtocolCore

/// Lists cases.
struct ListCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "List the cases.",
    discussion: "quorate list --case 'ZK-SESS-*'")

  @OptionGroup var choice: CaseChoice

  func run() throws {
    for each in try choice.chosen() { Terminal.say(Self.line(each.label)) }
  }

  /// A case on one line.
  static func line(_ label: CaseLabel) -> String {
    let id = label.id.padded(to: 28)
    let level = "\(label.level)".padded(to: 9)
    return "\(id) \(level) \(label.title)  (\(label.claims.joined(separator: " ")))"
  }
}
