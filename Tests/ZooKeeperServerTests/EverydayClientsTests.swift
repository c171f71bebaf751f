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

  @Test(.enabled(if: Apache.isRequired || hasKazoo, "python3 has no kazoo"))
  func `An everyday session of kazoo prints the same as on Apache's server`() async throws {
    try await Self.compare("kazoo-session", lines: 40)
  }

  /// Against the command, as somebody starts it.
  @Test(.enabled(if: Apache.isRequired || hasKazoo, "python3 has no kazoo"))
  func `A session of kazoo with what came after 3_4 prints the same as on Apache's server`()
    async throws
  {
    let apache = try #require(
      Apache.address, "QUORATE_REQUIRE_SERVERS=1, and QUORATE_ZOOKEEPER names no server")
    let run = try `The command serve`.Run("--port", "0", "--reaping-interval", "1000")
    let line = String(decoding: run.output.fileHandleForReading.availableData, as: UTF8.self)
    let port = line.split(separator: ":").last?.prefix { $0.isNumber } ?? ""
    let ours = try await Self.output(of: "kazoo-later-session", "127.0.0.1:\(port)")
    run.process.terminate()
    run.process.waitUntilExit()
    let theirs = try await Self.output(of: "kazoo-later-session", apache)
    #expect(ours == theirs)
    #expect(theirs.split(separator: "\n").count >= 40)
  }

  @Test(
    .enabled(if: Apache.isRequired || hasShell, "zkCli.sh or cli_mt is missing"),
    arguments: [("zkcli-session", 90), ("cli-session", 170)])
  func `An everyday session of Apache's own shells prints the same, from disk`(
    script: String, lines: Int
  ) async throws {
    let apache = try #require(
      Apache.address, "QUORATE_REQUIRE_SERVERS=1, and QUORATE_ZOOKEEPER names no server")
    try await `A stored server`.with { folder in
      let server = try `A stored server`.Running(folder, "extendedTypesEnabled=true")
      let ours = try await Self.output(of: script, "127.0.0.1:\(server.port)")
      server.end(SIGTERM)
      let theirs = try await Self.output(of: script, apache)
      #expect(ours == theirs)
      #expect(theirs.split(separator: "\n").count >= lines)
    }
  }

  static let hasKazoo: Bool = {
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = ["python3", "-c", "import kazoo"]
    process.standardError = FileHandle.nullDevice
    guard (try? process.run()) != nil else { return false }
    process.waitUntilExit()
    return process.terminationStatus == 0
  }()

  static let hasShell = [
    "/usr/share/zookeeper/bin/zkCli.sh", "/usr/lib/zookeeper/bin/cli_mt",
  ].allSatisfy { FileManager.default.fileExists(atPath: $0) }

  static func compare(_ script: String, lines: Int) async throws {
    let apache = try #require(
      Apache.address, "QUORATE_REQUIRE_SERVERS=1, and QUORATE_ZOOKEEPER names no server")
    let shell = try await Shell.listen(Server(), port: 0)
    let ours = try await output(of: script, "127.0.0.1:\(shell.port)")
    try await shell.stop()
    let theirs = try await output(of: script, apache)
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
