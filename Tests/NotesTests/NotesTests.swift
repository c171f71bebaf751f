import Conformance
import Foundation
import Testing

@testable import Maintenance

/// The Notes are current: what is made from code is what the code makes now, and no link is dead.
///
/// `make notes` writes the blocks anew.
@Suite struct NotesTests {
  static let folder = URL(filePath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  static let notes = Notes(folder)
  static let pages = notes.pages

  @Test(arguments: NotesTests.pages)
  func `What is generated is current`(name: String) throws {
    for block in try Self.notes.page(name).blocks() {
      let now = CommandBlock.timeless(try Self.notes.make(block, of: name))
      let kept = CommandBlock.timeless(block.body)
      #expect(kept == now, "Notes/\(name):\(block.line): 'make notes' writes it anew")
    }
  }

  @Test(arguments: NotesTests.pages)
  func `Pictures are current`(name: String) throws {
    for (picture, svg) in try Self.notes.page(name).blocks().flatMap(Self.notes.pictures) {
      let url = Self.folder.appending(path: "Notes/\(picture)")
      let kept = try? String(contentsOf: url, encoding: .utf8)
      #expect(kept == svg, "Notes/\(picture): 'make notes' draws it anew")
    }
  }

  @Test(arguments: NotesTests.pages)
  func `No link is dead`(name: String) throws {
    for link in try Self.notes.page(name).links {
      let target = Self.folder.appending(path: "Notes").appending(path: link).standardizedFileURL
      #expect(FileManager.default.fileExists(atPath: target.path), "Notes/\(name): \(link)")
    }
  }

  /// Its checks need not hold, to find out why is the reader's part; but each act must be able to
  /// happen.
  @Test(arguments: NotesTests.pages)
  func `What a page tells the reader to write can be played`(name: String) throws {
    for (kind, text) in try Self.notes.page(name).readersFiles {
      let place = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
      try FileManager.default.createDirectory(at: place, withIntermediateDirectories: true)
      defer { try? FileManager.default.removeItem(at: place) }
      try Self.bringBeginning(of: text, to: place)
      let file = place.appending(path: "mine.\(kind)")
      try text.write(to: file, atomically: true, encoding: .utf8)
      let replay = (kind == "recipe" ? ["recipes", "replay"] : ["replay"]) + [file.path]
      let told = try CommandBlock.lines(of: replay, below: Self.folder)
      #expect(told.filter { $0.contains("cannot happen here") } == [])
      try text.replacing(": ", with: " ").replacing("nodes ", with: "node ")
        .replacing("from    ", with: "form    ").replacing("recipe ", with: "recipes ")
        .write(to: file, atomically: true, encoding: .utf8)
      #expect(throws: NotesError.self) { try CommandBlock.lines(of: replay, below: Self.folder) }
    }
  }

  /// A run may begin with one that stands beside it in `Fixtures`: `from ENSEMBLE-S00`.
  private static func bringBeginning(of text: String, to place: URL) throws {
    guard let name = text.firstMatch(of: /(?m)^from +(\S+)$/)?.1 else { return }
    let fixtures = folder.appending(path: "Fixtures")
    let files = FileManager.default.enumerator(at: fixtures, includingPropertiesForKeys: nil)
    for case let file as URL in files ?? .init() {
      guard file.lastPathComponent.hasPrefix("\(name)-"), file.pathExtension == "run" else {
        continue
      }
      try FileManager.default.copyItem(at: file, to: place.appending(path: file.lastPathComponent))
    }
  }

  @Test func `Every chapter tells the reader to write something`() throws {
    for name in Self.pages where name.contains(/^\d+b?-/) {
      #expect(try !Self.notes.page(name).readersFiles.isEmpty, "\(name)")
    }
  }
}

@Suite struct NotesWitnesses {
  @Test func `A block is found, made anew, and its rest kept`() throws {
    let page = Page(name: "p.md", text: "a\n<!-- generated: kind x y -->\nold\n<!-- end -->\nb\n")
    #expect(
      try page.blocks() == [
        Page.Block(line: 2, kind: "kind", arguments: ["x", "y"], body: "old")
      ])
    #expect(
      try page.renewed { _ in "new" } == "a\n<!-- generated: kind x y -->\nnew\n<!-- end -->\nb\n")
  }

  @Test func `A block left open, and an end without a block, are errors with their line`() {
    #expect(throws: NotesError("a block without its <!-- end -->", at: "Notes/p.md:2")) {
      try Page(name: "p.md", text: "a\n<!-- generated: kind -->\nb").blocks()
    }
    #expect(throws: NotesError("an <!-- end --> without its block", at: "Notes/p.md:1")) {
      try Page(name: "p.md", text: "<!-- end -->").blocks()
    }
  }

  @Test func `Links to the web are not looked at, anchors are cut off`() {
    let page = Page(name: "p.md", text: "[a](x.md#part) [b](https://example.org) [c](../y)")
    #expect(page.links == ["x.md", "../y"])
  }

  @Test func `Code has no links`() {
    let page = Page(name: "p.md", text: "[a](x.md)\n```swift\n[Int](repeating: 0)\n```\n[b](y.md)")
    #expect(page.links == ["x.md", "y.md"])
  }

  @Test func `A command that is refused, or prints less than it should, is an error`() throws {
    let folder = NotesTests.folder
    #expect(throws: NotesError.self) {
      try CommandBlock.text(["explore", "2pp"], below: folder)
    }
    #expect(throws: NotesError.self) {
      try CommandBlock.text(["2-900", "break", "2pc", "voteStoredFirst"], below: folder)
    }
    let lines = try CommandBlock.text(["2-3", "break", "2pc", "voteStoredFirst"], below: folder)
    #expect(
      lines == """
        ```
        $ quorate break 2pc voteStoredFirst
        …
        c coordinator(a), a participant; presumed nothing
        > ask a update
        …
        ```
        """)
    #expect(CommandBlock.timeless("in 0.012 s, x") == CommandBlock.timeless("in 11.5 s, x"))
  }

  @Test func `A line of a survey that lacks a field is an error with its line`() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "survey-\(UUID())")
    defer { try? FileManager.default.removeItem(at: folder) }
    let fixtures = folder.appending(path: "Fixtures/CAP")
    try FileManager.default.createDirectory(at: fixtures, withIntermediateDirectories: true)
    let text = "majority\tcrash\tpram\tyes\tall\nmajority\tcrash\tyes\n"
    try Data(text.utf8).write(to: fixtures.appending(path: "survey.tsv"))
    #expect(throws: NotesError("survey.tsv:2: a line has 5 fields, this one 3")) {
      try Runs.survey("cap", below: folder)
    }
  }

  @Test func `An excerpt that does not exist is an error`() {
    #expect(throws: NotesError.self) {
      try Excerpt.markdown(of: "Package.swift#nothing", below: NotesTests.folder)
    }
  }

  @Test func `A claim of which a case fails, or is not judged, does not look as if it held`() throws
  {
    let table = try VerdictTable("case\treference\nA\tpass\nB\tpass\nC\tfail\n", file: "t")
    #expect(ClaimTable.verdict(on: ["A", "B"], by: table) == "2 pass")
    #expect(
      ClaimTable.verdict(on: ["A", "B", "C", "D"], by: table) == "1 fail, 1 not judged, 2 pass")
  }
}
