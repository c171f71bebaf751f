import ArgumentParser
import Catalogue
import Lab
import ProtocolCore

/// Explores what a file lists, and holds the numbers of states against those that stand in it.
///
/// A line is the arguments of one exploration, an equals sign, and the numbers that it must come
/// to: `lamport --size 3 = 288 states, depth 8`. What stands behind a `#` is for the reader.
struct ExploreCheck {
  let path: String

  /// Explores all of it.
  ///
  /// - Throws: exit code 64 when the file cannot be read, 1 when a number differs.
  func run() throws {
    let entries: [ExpectedCount]
    do {
      entries = try ExpectedCount.all(in: try LaboratoryOptions.read(path))
    } catch let flaw as ExpectedCount.Flaw {
      throw ValidationError("\(path): \(flaw)")
    }
    let stopwatch = Stopwatch()
    var differing = 0
    for entry in entries {
      let parsed = try ExploreCommand.parse(entry.arguments)
      let begin = stopwatch.seconds
      let counted = try count(parsed, try parsed.laboratory())
      let isEqual = counted == entry.expected
      print((isEqual ? "same     " : "DIFFERS  ") + entry.command + " = " + counted)
      if !isEqual {
        differing += 1
        print("\(path):\(entry.line): expected " + entry.expected)
      }
      Terminal.complain("\(entry.command): \((stopwatch.seconds - begin).fixed(1)) s")
    }
    guard differing == 0 else { throw ExitCode(1) }
    print("\(entries.count) explorations, every number as pinned")
  }

  /// What an exploration comes to, in one line.
  private func count<S: Laboratory>(_ command: ExploreCommand, _ laboratory: S.Type) throws
    -> String
  {
    let explorer = try command.explorer(laboratory)
    let counted = S.expectedCount(ExploreProgress(Stopwatch()).explore(explorer))
    return command.kills ? counted + ", " + (try S.power(of: explorer)).summary : counted
  }
}
