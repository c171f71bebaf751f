import ArgumentParser
import CommitCoordinator

/// The coordinator of chapter 3 as a process of its own, for the databases of `PostgreSQLTests`.
@main struct Program {
  static func main() async { await CoordinateCommand.main() }
}
