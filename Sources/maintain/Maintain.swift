import ArgumentParser
import Catalogue
import Foundation
import Lab
import Maintenance

/// What the project's maintainers run: it writes files that are kept under version control, and
/// measures the suite.
@main struct Maintain: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "maintain",
    abstract: "Write the project's generated files anew, and measure the suite.",
    discussion: "Run it in the project's folder, or by the Makefile.",
    subcommands: [
      Notes.self, Record.self, Update.self, Survey.self, Seen.self, Kills.self, Coverage.self,
      Leaders.self,
    ])

  /// The project's folder.
  static let folder = URL(filePath: FileManager.default.currentDirectoryPath)
  static let fixtures = folder.appending(path: "Fixtures")

  /// The laboratories of these names; all without any.
  static func laboratories(_ names: [String]) throws -> [any Laboratory.Type] {
    guard !names.isEmpty else { return Catalogue.all }
    return try names.map { name in
      guard let laboratory = Catalogue.named(name) else {
        throw ValidationError(
          "no chapter is called '\(name)'; there are \(Catalogue.names.joined(separator: ", "))")
      }
      return laboratory
    }
  }

  static func tell(_ file: String) { print("wrote \(file)") }

  /// The Notes.
  struct Notes: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "The generated blocks and the pictures of the Notes.")

    @Argument(help: "Only these pages.") var pages: [String] = []

    func run() throws {
      let notes = Maintenance.Notes(folder)
      for page in pages.isEmpty ? notes.pages : pages {
        try notes.write(page)
        tell("Notes/\(page)")
      }
    }
  }

  /// The runs that searches find.
  struct Record: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "The run of each experiment of a chapter, the least of twenty that a search finds.")

    @Argument(help: "Only these chapters.") var chapters: [String] = []
    @Option(help: "Only this experiment: without-voteStoredFirst, flaw-losesVotes.")
    var only: String?

    func run() throws {
      let recording = Recording(in: fixtures, told: tell)
      var missed: [String] = []
      for laboratory in try laboratories(chapters) {
        missed += try recording.record(laboratory, only: only).map { "\(laboratory.name) \($0)" }
      }
      guard missed.isEmpty else {
        print("nothing goes wrong in \(missed.joined(separator: ", "))")
        throw ExitCode(1)
      }
    }
  }

  /// What followed in runs.
  struct Update: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "What follows each act in the runs of a chapter; their checks stay.")

    @Argument(help: "Only these chapters.") var chapters: [String] = []

    func run() throws {
      let recording = Recording(in: fixtures, told: tell)
      for laboratory in try laboratories(chapters) { try recording.update(laboratory) }
    }
  }

  /// What each form of a protocol keeps.
  struct Survey: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "What each form of a chapter's protocol keeps in each setting; it takes minutes.")

    @Argument(help: "The chapter.") var chapter: String

    func run() throws {
      for laboratory in try laboratories([chapter]) { try survey(laboratory) }
    }

    private func survey<L: Laboratory>(_ laboratory: L.Type) throws {
      try SurveyFile(of: laboratory, in: fixtures).write(laboratory) { print($0) }
    }
  }

  /// Where fixtures were seen.
  struct Seen: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "The line 'seen' of each fixture, from the table of verdicts.")

    func run() throws { try SeenEditions(in: fixtures).write() }
  }
}
