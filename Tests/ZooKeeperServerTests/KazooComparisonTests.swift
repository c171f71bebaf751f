import Foundation
import Testing

/// `Tests/Servers/kazoo-compare`, which judges what became of kazoo's own tests.
@Suite struct `The comparison of kazoo's tests` {
  private static let script = EverydayClients.scripts.appending(path: "kazoo-compare")

  private static func run(_ files: [(String, String)], _ options: [String] = []) throws -> (
    Int32, String
  ) {
    let folder = FileManager.default.temporaryDirectory
      .appending(path: "quorate-\(UInt64.random(in: 0 ... .max))")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    for (name, text) in files {
      try text.write(to: folder.appending(path: name), atomically: true, encoding: .utf8)
    }
    let process = Process()
    process.executableURL = script
    process.arguments = options + files.map { folder.appending(path: $0.0).path }
    let output = Pipe()
    process.standardOutput = output
    try process.run()
    process.waitUntilExit()
    return (process.terminationStatus, `The command serve`.Run.text(output))
  }

  static let apache = "passed a\npassed b\nfailed c\n"

  @Test(arguments: [
    ("", "passed a\npassed b\nfailed c\n", 0, "0 known differences"),
    ("", "passed a\npassed b\npassed c\n", 0, "2 pass on Apache's 3.8.0, 3 here"),
    ("", "passed a\nfailed b\nfailed c\n", 1, "b passes on 3.8.0 and is 'failed' here"),
    ("", "passed a\nskipped b\nfailed c\n", 1, "b passes on 3.8.0 and is 'skipped' here"),
    ("", "passed a\n", 1, "b passes on 3.8.0 and is 'not run' here"),
    ("# why\nb it has no TLS\n", "passed a\nfailed b\n", 0, "1 known differences"),
    ("b it has no TLS\n", "passed a\npassed b\n", 1, "b is listed, and yet there is no difference"),
    ("b\n", "passed a\nfailed b\n", 1, "b is listed without a reason"),
  ])
  func `Refuses what passes on Apache's alone and is not known`(
    known: String, ours: String, code: Int32, words: String
  ) throws {
    let (status, text) = try Self.run([("known", known), ("apache", Self.apache), ("ours", ours)])
    #expect(status == code && text.contains(words), "\(text)")
  }

  @Test func `Names what is to be played again, and takes what came of that`() throws {
    let ours = "failed a\nfailed b\nfailed c\n"
    #expect(
      try Self.run([("apache", Self.apache), ("ours", ours)], ["--differing"]) == (0, "a\nb\n"))
    let again = [("apache-again", "passed a\nfailed b\n"), ("ours-again", "passed a\nfailed b\n")]
    let files = [("known", ""), ("apache", Self.apache), ("ours", ours)] + again
    #expect(try Self.run(files).0 == 0)
  }
}
