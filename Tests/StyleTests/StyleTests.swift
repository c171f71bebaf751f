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

  @Test func `Every file imports what its room may import`() throws {
    let rooms = Rooms(markdown: try Package.text("CONTRIBUTING.md"))
    #expect(try Package.sources.get().flatMap(rooms.findings) == [])
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
      Words.names(Self.file("struct PathUtils {}")).map(\.what) == ["a type called PathUtils"])
    #expect(Words.traps(Self.file("let x = try! f() // try!", "\"as! fatalError(\"")).count == 1)
    #expect(Words.undone(Self.file("// TO" + "DO: later")).count == 1)
    #expect(Words.sleeps(Self.file("try await Task.sleep(for: .seconds(1))")).count == 1)
  }
}
