import Foundation
import Testing

/// The command, away from the folder where it was built.
@Suite struct `A command that was installed or copied away` {
  private func inFolder(_ body: (URL) throws -> Void) throws {
    // Not where anybody else may have put a folder of fixtures.
    let folder = try Quorate.newFolder(below: URL(filePath: "/var/tmp"))
    defer { try? FileManager.default.removeItem(at: folder) }
    try body(folder)
  }

  private func copy(to folder: URL) throws -> URL {
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let copy = folder.appending(path: "quorate")
    try FileManager.default.copyItem(at: Quorate.command.resolvingSymlinksInPath(), to: copy)
    return copy
  }

  @Test func `Its cases are found where an installation puts them, also through a link`() throws {
    try inFolder { folder in
      let command = try copy(to: folder.appending(path: "prefix/bin"))
      let share = folder.appending(path: "prefix/share/quorate")
      try FileManager.default.createDirectory(at: share, withIntermediateDirectories: true)
      try FileManager.default.createSymbolicLink(
        atPath: share.appending(path: "Fixtures").path, withDestinationPath: Quorate.fixtures)
      let link = folder.appending(path: "link")
      try FileManager.default.createSymbolicLink(at: link, withDestinationURL: command)
      let result = try Quorate.run(
        ["verify", "--case", "ZK-STAT-017"], in: folder, command: link)
      #expect(result.code == 0 && result.output.contains("1 pass"), "\(result.errors)")
      let shown = try Quorate.run(["show", "ZK-STAT-017"], in: folder, command: command)
      #expect(shown.code == 0 && shown.output.contains("case: ZK-STAT-017"))
    }
  }

  @Test func `Without its cases it says how to come by them`() throws {
    try inFolder { folder in
      let command = try copy(to: folder)
      let result = try Quorate.run(["verify"], in: folder, command: command)
      #expect(result.code == 64)
      #expect(result.errors.contains("'make install PREFIX=…' puts it; name it with --fixtures"))
      let version = try Quorate.run(["--version"], in: folder, command: command)
      #expect(version.code == 0 && version.output.contains(", no cases: no folder Fixtures"))
    }
  }

  @Test(.enabled(if: FileManager.default.fileExists(atPath: "/usr/bin/make"), "there is no make"))
  func `make install puts both where the command looks`() throws {
    try inFolder { folder in
      // What looks like the folder of a release: that build is the rule's own concern.
      let built = folder.appending(path: "built")
      _ = try copy(to: built.appending(path: ".build/release"))
      try FileManager.default.createSymbolicLink(
        atPath: built.appending(path: "Fixtures").path, withDestinationPath: Quorate.fixtures)
      let rules = Quorate.repository.appending(path: "Makefile").path
      let root = folder.appending(path: "a root")
      let made = try Quorate.run(
        ["-f", rules, "-o", "release", "install", "PREFIX=/usr", "DESTDIR=\(root.path)"],
        in: built, command: URL(filePath: "/usr/bin/make"))
      #expect(made.code == 0, "\(made.errors)")
      let command = root.appending(path: "usr/bin/quorate")
      #expect(made.output.contains("\ninstalled \(command.path)\n"))
      let result = try Quorate.run(["show", "ZK-STAT-017"], in: folder, command: command)
      #expect(result.code == 0 && result.output.contains("case: ZK-STAT-017"))
    }
  }

  @Test func `make release ends with where the command is`() throws {
    let text = try String(
      contentsOf: Quorate.repository.appending(path: "Makefile"), encoding: .utf8)
    let rule = try #require(
      text.components(separatedBy: "\n\n").first { $0.contains("\nrelease: ") })
    #expect(
      rule.hasSuffix("@echo \"built $$(swift build -c release --show-bin-path)/quorate\""))
  }
}
