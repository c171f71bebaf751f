import ArgumentParser
import Conformance
import Foundation
import Histogram
import NIOCore
import ZooKeeper
import ZooKeeperClient

/// Measures a ZooKeeper server, beside another.
struct ServerBench: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "zookeeper",
    abstract: "How fast a server answers, and what that costs it, beside another server.",
    discussion: """
      Every row is asked of each server in turn, for a second each time, in as many rounds as you \
      say: get, set, create, and four times get to one set; with 100 bytes and 1 KiB; on 1, 8 and \
      64 connections, each with 1 and with 32 requests under way. It prints replies a second, \
      microseconds of the processor that the server's process took for each, the times to a reply \
      of which 50, 99 and 99.9 % are shorter, in microseconds, and the ratios of the first server \
      to the second. The process is looked for by the port on which it listens. Build with -c \
      release, and let nobody else use the machine.

        quorate bench zookeeper 127.0.0.1:2181 --vs 127.0.0.1:2182
      """)

  @Argument(help: "The server, HOST:PORT.")
  var server: String
  @Option(help: "Another one, measured in the same run.")
  var vs: String?
  @Option(help: "The process of the server, where it cannot be found by its port.")
  var pid: Int?
  @Option(help: "The process of the other one.")
  var vsPid: Int?
  @Option(help: "Seconds that each server is asked for each row, each round.")
  var seconds = 1.0
  @Option(help: "How often each row is measured.")
  var rounds = 2
  @Option(help: "Seconds of load on each server before anything is measured.")
  var warmUp = 10.0
  @Option(help: "Only rows whose names hold this, such as 'set 1024'; may be given several times.")
  var only: [String] = []
  @Flag(help: "Print JSON instead of a table.")
  var json = false

  func validate() throws {
    guard seconds > 0, seconds.isFinite, warmUp >= 0, warmUp.isFinite, rounds > 0 else {
      throw ValidationError("there has to be some time to measure in")
    }
    guard !rows.isEmpty else {
      throw ValidationError("no row is called so; 'set 1024B 8x32' is one")
    }
    _ = try BenchedServer(server, pid: nil, number: 1)
    _ = try vs.map { try BenchedServer($0, pid: nil, number: 2) }
  }

  private var rows: [BenchRow] {
    BenchRow.all.filter { row in
      only.isEmpty || only.contains { row.description.contains($0) }
    }
  }

  func run() async throws {
    var servers = [try BenchedServer(server, pid: pid, number: 1)]
    if let vs { servers.append(try BenchedServer(vs, pid: vsPid, number: 2)) }
    do {
      try await measure(servers)
    } catch {
      throw failure(.error, "quorate: \(error)")
    }
  }

  private func measure(_ servers: [BenchedServer]) async throws {
    for server in servers where server.process == nil {
      Terminal.complain(
        "quorate: no process listens on \(server.address) that can be looked at; its CPU is not "
          + "measured (--pid, --vs-pid)")
    }
    var report = BenchReport(servers: servers)
    for server in servers {
      try await server.setUp()
      if warmUp > 0 { try await warm(server) }
    }
    if !json { Terminal.say(report.heading) }
    for row in rows {
      var results = servers.map { _ in BenchResult() }
      for round in 0..<rounds {
        // Who comes first changes: what one leaves to the other is the same for both.
        let order = round % 2 == 0 ? Array(servers.indices) : servers.indices.reversed()
        for place in order {
          results[place].add(try await measure(row, servers[place]))
        }
      }
      report.rows.append((row, results))
      if !json { Terminal.say(report.line(row, results)) }
    }
    for server in servers { try await server.tearDown() }
    if json { Terminal.say(try report.json) } else { Terminal.say(report.summary) }
  }

  private func measure(_ row: BenchRow, _ server: BenchedServer) async throws -> Load.Measure {
    try await run(row, on: server, warm: min(0.2, seconds), seconds: seconds)
  }

  private func warm(_ server: BenchedServer) async throws {
    for workload in Workload.allCases {
      let row = BenchRow(workload: workload, size: 100, connections: 8, depth: 32)
      _ = try await run(
        row, on: server, warm: 0, seconds: warmUp / Double(Workload.allCases.count))
    }
  }

  private func run(
    _ row: BenchRow, on server: BenchedServer, warm: Double, seconds: Double
  ) async throws -> Load.Measure {
    let load = try await Load(server.host, server.port, connections: row.connections)
    try await server.prepare(size: row.size, connections: row.connections)
    let measure = try await load.run(
      row.workload, size: row.size, depth: row.depth, folder: server.folder,
      process: server.process, warm: warm, seconds: seconds)
    try await load.clear()
    try await load.close()
    return measure
  }
}

/// What is asked, and by how many.
struct BenchRow: CustomStringConvertible {
  let workload: Workload
  /// The bytes of each node's data.
  let size: Int
  let connections: Int
  /// The requests that each connection has under way.
  let depth: Int

  /// `set 1024B 8x32`.
  var description: String { "\(workload.rawValue) \(size)B \(connections)x\(depth)" }

  /// All rows, in the order in which they are measured.
  static let all = Workload.allCases.flatMap { workload in
    [100, 1024].flatMap { size in
      [1, 8, 64].flatMap { connections in
        [1, 32].map {
          BenchRow(workload: workload, size: size, connections: connections, depth: $0)
        }
      }
    }
  }
}

/// A server that is measured.
struct BenchedServer {
  let address: String
  let host: String
  let port: Int
  let process: ServerProcess?
  /// A node of our own, below which everything happens.
  let folder: String

  init(_ address: String, pid: Int?, number: Int) throws {
    self.address = address
    let parts = address.split(separator: ":", omittingEmptySubsequences: false)
    guard parts.count == 2, !parts[0].isEmpty, let port = Int(parts[1]), 1...65_535 ~= port else {
      throw ValidationError("a server is HOST:PORT, and '\(address)' is not")
    }
    host = String(parts[0])
    self.port = port
    process = pid.map { ServerProcess(pid: $0) } ?? ServerProcess(listeningOn: port)
    folder = "/quorate-bench-\(getpid())-\(number)"
  }

  private func withClient<R: Sendable>(_ body: (Client) async throws -> R) async throws -> R {
    let client = try await Client.connect(to: address, timeout: .seconds(20))
    let result = try await body(client)
    await client.close()
    return result
  }

  /// Makes the folder and a node for each connection.
  func setUp() async throws {
    // Where nobody listens this says so at once; a client would try for a while.
    try await Load(host, port, connections: 1).close()
    try await withClient { client in
      try await client.create(folder)
      for number in 0..<64 { try await client.create(RequestSource.node(folder, number)) }
    }
  }

  /// Gives the nodes of so many connections data of this size.
  func prepare(size: Int, connections: Int) async throws {
    let data = [UInt8](repeating: UInt8(ascii: "d"), count: size)
    try await withClient { client in
      for number in 0..<connections {
        _ = try await client.setData(RequestSource.node(folder, number), data: data)
      }
    }
  }

  /// Removes what was made.
  func tearDown() async throws {
    try await withClient { client in
      for name in try await client.getChildren(folder) {
        try await client.delete("\(folder)/\(name)")
      }
      try await client.delete(folder)
    }
  }
}
