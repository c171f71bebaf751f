import ArgumentParser
import Conformance
import Foundation
import Lab
import ProtocolCore
import ZooKeeperConformance

/// The program: runs a command, tells what is wrong in a sentence, and ends with the code that is
/// documented for it.
@main enum Program {
  static func main() async {
    let code = await run(Array(CommandLine.arguments.dropFirst()))
    exit(Terminal.finished(code))
  }

  private static func run(_ arguments: [String]) async -> Int32 {
    if arguments == ["--version"] {
      Terminal.say(Version.line)
      return 0
    }
    if let stranger = stranger(in: arguments) {
      Terminal.complain(stranger)
      return Conformance.ExitCode.usage.rawValue
    }
    var command: any ParsableCommand
    do {
      command = try Quorate.parseAsRoot(arguments)
    } catch {
      return told(byParser: error)
    }
    do {
      if var asynchronous = command as? any AsyncParsableCommand {
        try await asynchronous.run()
      } else {
        try command.run()
      }
      return 0
    } catch {
      return told(error, of: type(of: command))
    }
  }

  /// Help, or what is wrong with the arguments, in the parser's words.
  private static func told(byParser error: any Error) -> Int32 {
    let code = Quorate.exitCode(for: error)
    let text = Quorate.fullMessage(for: error)
    if code == .success { Terminal.say(text) } else { Terminal.complain(text) }
    return code.rawValue
  }

  /// What went wrong while a command ran.
  private static func told(_ error: any Error, of command: any ParsableCommand.Type) -> Int32 {
    Terminal.progress("")
    switch error {
    case let refusal as Refusal:
      Terminal.complain(refusal.sentence)
      return refusal.code.rawValue
    case let code as ArgumentParser.ExitCode:
      return code.rawValue
    case let mistake as ValidationError:
      let usage = Quorate.usageString(for: command)
      let name = usage.split(separator: " ").prefix { $0.first?.isLetter == true }
      Terminal.complain(
        """
        Error: \(mistake.message)
        Usage: \(usage)
          See '\(name.joined(separator: " ")) --help' for more information.
        """)
      return Conformance.ExitCode.usage.rawValue
    default:
      // Help that was asked for is thrown, as an error of the parser's own.
      if Quorate.exitCode(for: error) == .success { return told(byParser: error) }
      let refusal = Refusal(error)
      Terminal.complain(refusal.sentence)
      return refusal.code.rawValue
    }
  }
}

extension Program {
  /// What to tell when a word that should be a subcommand is none; nil if all is well.
  private static func stranger(in arguments: [String]) -> String? {
    var command: any ParsableCommand.Type = Quorate.self
    var path = "quorate"
    for word in arguments {
      let known = command.configuration.subcommands
      guard !known.isEmpty, !word.hasPrefix("-"), word != "help" else { return nil }
      guard let next = known.first(where: { $0.configuration.commandName == word }) else {
        let names = known.compactMap { $0.configuration.commandName }
        let near = nearest(to: word, among: names).map { "; did you mean '\($0)'?" }
        let hint = near ?? "; there are \(names.joined(separator: ", "))"
        return """
          Error: '\(path)' has no command '\(word)'\(hint)
          Usage: \(Quorate.usageString(for: command))
            See '\(path) --help' for more information.
          """
      }
      command = next
      path += " " + word
    }
    return nil
  }
}
