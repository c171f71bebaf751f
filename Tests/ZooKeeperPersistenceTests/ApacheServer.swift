import Foundation
import Testing
import ZooKeeper
import ZooKeeperClient
import ZooKeeperPersistence

/// Apache's server, Debian's 3.8.0, on a folder of ours, where `Tests/Servers/with-server` has
/// found that there is one.
struct ApacheServer {
  private static let environment = ProcessInfo.processInfo.environment
  static let isRequired = environment["QUORATE_REQUIRE_SERVERS"] == "1"
  static let isThere = environment["QUORATE_ZOOKEEPER"] != nil || isRequired

  let port: Int
  private let pid: Int32

  /// Starts it on `folder/data`, whatever lies there already.
  ///
  /// - Parameter lines: More of its `zoo.cfg`, between semicolons.
  init(_ folder: URL, _ lines: String = "") throws {
    port = try Self.freePort()
    let servers = URL(filePath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().appending(path: "Servers")
    let process = Process()
    process.executableURL = servers.appending(path: "edition")
    process.arguments = ["3.8.0", "\(port)", folder.path]
    // Nodes whose time has come stay: a test compares what was stored.
    process.environment = Self.environment.merging([
      "ZOO_CFG": lines, "ZOO_JVM": "-Dznode.container.checkIntervalMs=3600000",
    ]) { $1 }
    let output = Pipe()
    process.standardOutput = output
    try process.run()
    // A line, not all up to the end, and no wait for that: the server holds the other end of the
    // pipe, and of what `Process` waits for.
    var text = ""
    while !text.contains("\n") {
      let portion = output.fileHandleForReading.availableData
      if portion.isEmpty { break }
      text += String(decoding: portion, as: UTF8.self)
    }
    let line = text.split(separator: "\n").last.flatMap { Int32($0) }
    pid = try #require(line, "the server did not start: \(text)")
  }

  private static func freePort() throws -> Int {
    let socket = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    defer { close(socket) }
    let port = withLoopback(0) { pointer, size in
      var size = size
      guard bind(socket, pointer, size) == 0, getsockname(socket, pointer, &size) == 0 else {
        return -1
      }
      return pointer.withMemoryRebound(to: sockaddr_in.self, capacity: 1) {
        Int(UInt16(bigEndian: $0.pointee.sin_port))
      }
    }
    try #require(port > 0)
    return port
  }

  private static func withLoopback<R>(
    _ port: Int, _ body: (UnsafeMutablePointer<sockaddr>, socklen_t) -> R
  ) -> R {
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = UInt16(truncatingIfNeeded: port).bigEndian
    address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
    return withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        body($0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
  }

  /// Kills it; what it has told is stable.
  func kill() {
    Foundation.kill(pid, SIGKILL)
    // It is nobody's child: it is gone when nobody listens.
    while isListening { sched_yield() }
  }

  private var isListening: Bool {
    let socket = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    defer { close(socket) }
    return Self.withLoopback(port) { pointer, size in
      Foundation.connect(socket, pointer, size) == 0
    }
  }

  func connect() async throws -> Client {
    try await Client.connect(to: "127.0.0.1:\(port)", timeout: .seconds(20))
  }

  /// What a four-letter word is answered.
  func say(_ word: String) throws -> String {
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = [
      "bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/\(port); printf \(word) >&3; cat <&3",
    ]
    let output = Pipe()
    process.standardOutput = output
    try process.run()
    let text = String(
      decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    return text
  }
}

/// What a client sees of a node.
struct Seen: Hashable {
  let data: Payload
  let acl: [ACL]
  let stat: Stat
}

extension Client {
  /// All nodes, as this client sees them.
  func all() async throws -> [String: Seen] {
    var seen: [String: Seen] = [:]
    var waiting = ["/"]
    while let path = waiting.popLast() {
      let (data, stat) = try await getData(path)
      seen[path] = Seen(data: data, acl: try await getACL(path).acl, stat: stat)
      let start = path == "/" ? "/" : path + "/"
      waiting += try await getChildren(path).map { start + $0 }
    }
    return seen
  }
}

extension Tree {
  /// All nodes, as any client would see them.
  var all: [String: Seen] {
    Dictionary(
      uniqueKeysWithValues: paths.compactMap { path in
        self[path].map { (path, Seen(data: $0.data, acl: $0.acl, stat: $0.stat)) }
      })
  }
}

/// A folder that is gone after the test.
func withFolder<R>(_ body: (URL) async throws -> R) async throws -> R {
  let folder = FileManager.default.temporaryDirectory
    .appending(path: "quorate-\(UInt64.random(in: 0 ... .max))")
  try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  defer { try? FileManager.default.removeItem(at: folder) }
  return try await body(folder)
}
