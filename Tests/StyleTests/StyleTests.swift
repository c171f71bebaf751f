import Foundation
import Testing

/// The project's style, held against its sources.
@Suite struct StyleTests {
  @Test func `No file is longer than its budget`() throws {
    let files = try (Package.sources.get() + Package.tests.get())
    #expect(files.count > 10)
    #expect(files.flatMap(Budgets.files) == [])
  }

  @Test func `No function is longer than its budget`() throws {
    #expect(try (Package.sources.get() + Package.tests.get()).flatMap(Budgets.functions) == [])
  }

  @Test func `No line is wider than its budget`() throws {
    #expect(try (Package.sources.get() + Package.tests.get()).flatMap(Budgets.lines) == [])
  }

  @Test func `Every file imports what its room may import`() throws {
    var rooms = Rooms(markdown: try Package.text("CONTRIBUTING.md"))
    rooms.folders = try Manifest.package.get().folders
    #expect(try Package.sources.get().flatMap(rooms.findings) == [])
  }

  @Test func `The table of rooms, the manifest and the sources agree`() throws {
    var rooms = Rooms(markdown: try Package.text("CONTRIBUTING.md"))
    rooms.folders = try Manifest.package.get().folders
    let files = try Package.sources.get() + Package.tests.get()
    let manifest = try Manifest.package.get()
    #expect(manifest.targets.count > 20)
    #expect(rooms.disagreements(with: manifest, files) == [])
  }

  @Test func `A machine names what it ignores, and says why`() throws {
    let chapters = try Package.sources.get().filter { $0.path.hasPrefix("Sources/Chapters/") }
    #expect(chapters.count > 50)
    #expect(chapters.flatMap(CatchAlls.unexplained) == [])
  }

  @Test func `A word of the glossary has one meaning, and is used`() throws {
    let path = "Notes/Glossary.md"
    let glossary = try Package.text(path)
    #expect(Glossary.terms(in: glossary).count > 50)
    #expect(Glossary.doubled(glossary, path: path) == [])
    let texts = try Package.notes() + Package.sources.get().map { $0.lines.joined(separator: "\n") }
    #expect(Glossary.unused(glossary, path: path, in: texts) == [])
  }

  /// So the next chapter touches two files that are not its own.
  @Test func `Two shared files name a chapter`() throws {
    let sources = try Package.sources.get().map { ($0.path, $0.lines.joined(separator: "\n")) }
    let shared = try ["Package.swift", "Makefile", "CONTRIBUTING.md", ".ci/run"].map {
      name -> (String, String) in
      // Its benchmarks may measure one protocol, so the command's room may name it.
      let lines = try Package.text(name).split(separator: "\n")
      return (name, lines.filter { !$0.hasPrefix("| `quorate` |") }.joined(separator: "\n"))
    }
    let chapters = ChapterNames.chapters(sources.map(\.0))
    #expect(chapters.count >= 3)
    // The first chapter is also the example of help texts and benchmarks.
    for chapter in chapters where chapter != "TwoPhaseCommit" {
      let files = ChapterNames.files(naming: chapter, among: sources + shared)
      let strangers = files.filter { file in
        !ChapterNames.lists.contains(file) && !ChapterNames.others.contains(where: file.hasPrefix)
      }
      #expect(strangers == [], "\(chapter)")
      #expect(Set(ChapterNames.lists).isSubset(of: files), "\(chapter)")
    }
  }

  @Test func `Names say what a thing is`() throws {
    #expect(try (Package.sources.get() + Package.tests.get()).flatMap(Words.names) == [])
  }

  @Test func `Nothing stops the process or hides a race`() throws {
    #expect(try Package.sources.get().flatMap(Words.traps) == [])
  }

  @Test func `Nothing is left undone`() throws {
    #expect(try (Package.sources.get() + Package.tests.get()).flatMap(Words.undone) == [])
  }

  @Test func `No test waits for a time`() throws {
    #expect(try Package.tests.get().flatMap(Words.sleeps) == [])
  }
}

/// Each check of this suite, on a source that breaks it.
@Suite struct StyleWitnesses {
  static func file(_ lines: String...) -> SourceFile {
    SourceFile(path: "Sources/Room/File.swift", text: lines.joined(separator: "\n"))
  }

  @Test func `A long file and a long function are found`() {
    let body = String(repeating: "  let x = 1 // }\n", count: 398)
    let long = Self.file("struct S {", "  func f() {", body, "  }", "}")
    #expect(Budgets.files(long).map(\.what) == ["403 lines"])
    #expect(
      Budgets.functions(long) == [
        Finding(place: "Sources/Room/File.swift:2", what: "a function of 401 lines")
      ])
    #expect(Budgets.functions(Self.file("func f() {", "  print(\"}\")", "}")) == [])
  }

  /// How many lines each body has, of a source that is written like this.
  static func lengths(_ lines: String...) -> [Int] {
    var bodies = Bodies()
    let file = SourceFile(path: "f", text: lines.joined(separator: "\n"))
    for (index, (number, text)) in file.code.enumerated() {
      bodies.read(text, number)
      bodies.endLine(before: index + 1 < file.code.count ? file.code[index + 1].text : "")
    }
    return bodies.found.map(\.length)
  }

  @Test func `The length of a function is counted whatever stands in it`() {
    #expect(
      Self.lengths(
        "func f() {", "  case UInt8(ascii: \"{\"), UInt8(ascii: \"\\\\\"):", "}", "var x = 0")
        == [3])
    #expect(Self.lengths("func f() {", "  \"\"\"", "  } \" }", "  \"\"\"", "}") == [5])
    #expect(Self.lengths("func f() {", "  #\"\"}\"#; /a[\"]}/", "  (/}/, #/}/#)", "}") == [4])
    #expect(Self.lengths("func f() {", "  /* } /* } */ } */ \"\\(g { \"}\" })\"", "}") == [3])
    #expect(Self.lengths("func f(", "  _ g: () -> Int = { 1 }", ") where A == B", "{", "}") == [5])
    #expect(Self.lengths("@Test(arguments: [1]) func `f g`() {", "  a / b / c", "}") == [3])
    #expect(Self.lengths("static func == (a: A, b: A) -> Bool {", "}", "deinit {", "}") == [2, 2])
    #expect(
      Self.lengths("var x: Int {", "  self.init(f)", "}", "subscript(i: Int) -> Int {", "}")
        == [3, 2])
    #expect(
      Self.lengths(
        "protocol P {", "  func f()", "  init(a: Int)", "}", "var x = A {", "}", "enum E {", "}")
        == [])
  }

  @Test func `A wide line is found, by its characters`() {
    let wide = Self.file(
      "// " + String(repeating: "x", count: 98), "// " + String(repeating: "→", count: 97))
    #expect(
      Budgets.lines(wide) == [Finding(place: "Sources/Room/File.swift:1", what: "101 columns")])
  }

  @Test func `A table, a manifest and sources that disagree are found`() throws {
    let rooms = Rooms(
      markdown: """
        ## The rooms
        | folder | what lives there | may import |
        | --- | --- | --- |
        | `Room` | words | `Core`, `Table`, `Foundation` |
        """)
    let manifest = try JSONDecoder().decode(
      Manifest.self,
      from: Data(
        """
        {"targets": [
          {"name": "Room", "type": "regular", "path": "Sources/Room", "dependencies": [
            {"byName": ["Core", null]}, {"product": ["Spare", "package", null, null]}]},
          {"name": "RoomTests", "type": "test", "dependencies": [{"byName": ["Room", null]}]}
        ]}
        """.utf8))
    let test = SourceFile(
      path: "Tests/RoomTests/File.swift",
      text: "@testable import Room\nimport Core\nimport Testing")
    let file = Self.file("public import Core", "import Foundation", "import Other")
    #expect(
      rooms.disagreements(with: manifest, [file, test]).map(\.description) == [
        "Sources/Room: Other is imported, and not in the manifest",
        "Sources/Room: Spare is in the manifest, and not imported",
        "Sources/Room: Table is in the table, and not imported",
        "Tests/RoomTests: Core is imported, and not in the manifest",
      ])
  }

  @Test func `A case that passes over what it does not name is found`() {
    func places(_ lines: String...) -> [String] {
      let text = lines.joined(separator: "\n")
      return CatchAlls.unexplained(SourceFile(path: "f", text: text)).map(\.place)
    }
    #expect(
      places(
        "switch (state, event) {", "case (.idle, .asked): begin()",
        "case (_, .received), (_, .expired),", "  (_, .disconnected):", "  []", "}") == ["f:3"])
    #expect(places("switch state {", "case _: []", "}") == ["f:2"])
    #expect(places("switch machine.state {", "default: break", "}") == ["f:2"])
    #expect(places("switch (state, event) {", "// Late.", "case (_, .ack): []", "}") == [])
    #expect(places("switch (state, event) {", "case (_, .ack): blame()", "}") == [])
    #expect(places("switch (state, event) {", "case (.idle, .ack): []", "}") == [])
    #expect(places("switch message {", "default: []", "}") == [])
  }

  @Test func `A term with two meanings, and one that is used nowhere, are found`() {
    let glossary = """
      | term | meaning |
      | --- | --- |
      | **act** | one thing that happens |
      | **cversion**, **act** 版本 | another |
      """
    #expect(Glossary.doubled(glossary, path: "g").map(\.place) == ["g:4"])
    #expect(
      Glossary.unused(glossary, path: "g", in: ["An Act."]).map(\.what)
        == ["'cversion' is used nowhere"])
  }

  @Test func `A forbidden import and a file in no room are found`() {
    let rooms = Rooms(
      markdown: """
        ## The rooms
        | folder | what lives there | may import |
        | --- | --- | --- |
        | `Room` | words | `Core`, `HashTreeCollections` |
        ## Next
        | `Other` | words | `Foundation` |
        """)
    let file = Self.file("public import Core", "import Foundation", "import struct NIO.Buffer")
    #expect(
      rooms.findings(in: file).map(\.place) == [
        "Sources/Room/File.swift:2", "Sources/Room/File.swift:3",
      ])
    let homeless = SourceFile(path: "Sources/Other/File.swift", text: "")
    #expect(rooms.findings(in: homeless).count == 1)
  }

  @Test func `Empty names, traps, marks and sleeps are found`() {
    #expect(
      Words.names(Self.file("struct PathUtils {}", "public enum Storm: Error {}")).map(\.what)
        == ["a type called PathUtils", "a type called Storm"])
    #expect(Words.names(Self.file("struct Stormy {}", "// struct Storm {}")) == [])
    #expect(Words.traps(Self.file("let x = try! f() // try!", "\"as! fatalError(\"")).count == 1)
    #expect(Words.undone(Self.file("// TO" + "DO: later")).count == 1)
    #expect(Words.sleeps(Self.file("try await Task.sleep(for: .seconds(1))")).count == 1)
  }
}
