import Foundation
import Testing

/// Apache's server that has lost its ensemble, and only reads: one of three, of which the others
/// are not there.
@Suite(
  .enabled(if: RealServer.address != nil || RealServer.isRequired, "QUORATE_ZOOKEEPER is not set"))
struct ReadOnlyServerTests {
  private static let servers = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().appending(path: "Servers")

  /// Starts Debian's 3.8.0.
  ///
  /// - Returns: Its process.
  private func start(_ port: Int, in folder: URL) throws -> pid_t {
    let process = Process()
    process.executableURL = Self.servers.appending(path: "edition")
    process.arguments = ["3.8.0", "\(port)", folder.path]
    process.environment = ProcessInfo.processInfo.environment.merging(["ZOO_READONLY": "1"]) { $1 }
    let output = Pipe()
    process.standardOutput = output
    try process.run()
    var text = ""
    while !text.contains("\n") {
      let portion = output.fileHandleForReading.availableData
      if portion.isEmpty { break }
      text += String(decoding: portion, as: UTF8.self)
    }
    return try #require(
      text.split(separator: "\n").last.flatMap { pid_t($0) }, "it did not start: \(text)")
  }

  @Test func theCasesForServersThatOnlyReadHoldThere() throws {
    let folder = FileManager.default.temporaryDirectory
      .appending(path: "quorate-reader-\(UInt64.random(in: 0 ... .max))")
    defer { try? FileManager.default.removeItem(at: folder) }
    // Its own port and six behind it.
    let port = 12_000 + 8 * Int.random(in: 0..<900)
    let pid = try start(port, in: folder)
    defer { kill(pid, SIGKILL) }
    let result = try Quorate.run([
      "verify", "zookeeper://127.0.0.1:\(port)", "--case", "ZK-RO-*",
    ])
    #expect(result.code == 0, "\(result.output)")
    #expect(result.output.contains("probed   edition 3.8, only reads"))
    #expect(result.output.contains("20 pass, 0 FAIL"))
    let probed = try Quorate.run(["probe", "zookeeper://127.0.0.1:\(port)"])
    #expect(probed.output.contains("lacks    its ensemble, and only reads"))
  }
}
