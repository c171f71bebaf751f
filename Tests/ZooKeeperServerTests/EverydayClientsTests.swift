import Foundation
import Testing
import ZooKeeperServer

/// Apache's server, where there is one: `Tests/Servers/with-server` starts it and says where it is.
private enum Apache {
  static let address = ProcessInfo.processInfo.environment["QUORATE_ZOOKEEPER"]
  static let isRequired = ProcessInfo.processInfo.environment["QUORATE_REQUIRE_SERVERS"] == "1"
}

/// What everyday clients of other projects print, here and on Apache's server.
@Suite(
  .enabled(if: Apache.address != nil || Apache.isRequired, "QUORATE_ZOOKEEPER names no server"))
struct EverydayClients {
  static let scripts = URL(filePath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().appending(path: "Servers")

  @Test(arguments: [("kazoo-session", 40), ("zkcli-session", 90)])
  func `An everyday session prints the same as on Apache's server`(
    script: String, lines: Int
  ) async throws {
    let apache = try #require(
      Apache.address, "QUORATE_REQUIRE_SERVERS=1, and QUORATE_ZOOKEEPER names no server")
    let shell = try await Shell.listen(Server(), port: 0)
    let ours = try await Self.output(of: script, "127.0.0.1:\(shell.port)")
    try await shell.stop()
    let theirs = try await Self.output(of: script, apache)
    #expect(ours == theirs)
    #expect(theirs.split(separator: "\n").count >= lines)
  }

  /// What a script prints; both of its streams.
  static func output(of script: String, _ address: String) async throws -> String {
    let process = Process()
    process.executableURL = scripts.appending(path: script)
    process.arguments = [address]
    let pipe = Pipe()
    process.standardOutput = pipe
    process.standardError = pipe
    try process.run()
    // On a thread of its own: the read waits, and the server needs those of the pool.
    let data = await withCheckedContinuation { continuation in
      Thread.detachNewThread {
        continuation.resume(returning: pipe.fileHandleForReading.readDataToEndOfFile())
      }
    }
    process.waitUntilExit()
    let text = String(decoding: data, as: UTF8.self)
    try #require(process.terminationStatus == 0, "\(script) failed: \(text)")
    return text
  }
}
