import Foundation
import Testing

/// `quorate break` with the table of what searches find; of one chapter, which takes a moment.
struct SearchTableTests {
  private static let kept = "\(Quorate.fixtures)/searches.tsv"

  @Test func `What is found as listed is so, and what is not is told`() throws {
    let same = try Quorate.run(["break", "election", "--check", Self.kept])
    #expect(same.code == 0 && same.output.hasSuffix("searches, each finds what is listed\n"))

    let folder = try Quorate.newFolder()
    defer { try? FileManager.default.removeItem(at: folder) }
    let text = try String(contentsOfFile: Self.kept, encoding: .utf8)
    let lines = text.components(separatedBy: "\n")
    let place = try #require(lines.firstIndex { $0.hasPrefix("election\t") })
    let table = folder.appending(path: "searches.tsv")

    var otherwise = lines
    otherwise[place] += "0"
    try otherwise.joined(separator: "\n").write(to: table, atomically: true, encoding: .utf8)
    let differing = try Quorate.run(["break", "election", "--check", table.path])
    #expect(differing.code == 1)
    #expect(differing.output == "listed  \(lines[place])0\nfound   \(lines[place])\n")

    var less = lines
    less.remove(at: place)
    try less.joined(separator: "\n").write(to: table, atomically: true, encoding: .utf8)
    let missing = try Quorate.run(["break", "election", "--check", table.path])
    #expect(missing.code == 1)
    #expect(missing.output == "found   \(lines[place])\n")

    // Its lines are written anew, those of other chapters stay.
    #expect(try Quorate.run(["break", "election", "--table", table.path]).code == 0)
    #expect(try String(contentsOf: table, encoding: .utf8) == text)
  }
}
