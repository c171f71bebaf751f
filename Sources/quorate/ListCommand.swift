import ArgumentParser
import Conformance

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
    let id = label.id + String(repeating: " ", count: max(0, 28 - label.id.count))
    let level = "\(label.level)" + String(repeating: " ", count: 9 - "\(label.level)".count)
    return "\(id) \(level) \(label.title)  (\(label.claims.joined(separator: " ")))"
  }
}
