import Foundation
import Testing
import ZooKeeperClient

/// `quorate bench zookeeper`, on `quorate serve zookeeper`.
@Suite struct `The command bench zookeeper` {
  private struct Document: Decodable {
    struct Row: Decodable {
      struct Result: Decodable {
        let replies: Int
        let errors: Int
        let perSecond: Double
        let cpuMicroseconds: Double?
        let p50Microseconds: Double
        let p999Microseconds: Double
      }
      let operation: String
      let bytes: Int
      let connections: Int
      let outstanding: Int
      let results: [Result]
      let rateRatio: Double?
    }
    let servers: [String]
    let rows: [Row]
  }

  private static func bench(_ arguments: String...) async throws -> (Int32, String, String) {
    let process = Process()
    process.executableURL = `The command serve`.command
    process.arguments = ["bench", "zookeeper"] + arguments
    let (output, errors) = (Pipe(), Pipe())
    process.standardOutput = output
    process.standardError = errors
    try process.run()
    let text = await withCheckedContinuation { continuation in
      Thread.detachNewThread {
        continuation.resume(returning: `The command serve`.Run.text(output))
      }
    }
    process.waitUntilExit()
    return (process.terminationStatus, text, `The command serve`.Run.text(errors))
  }

  @Test func `Measures two servers beside each other, and leaves nothing there`() async throws {
    try await `A stored server`.with { folder in
      let server = try `A stored server`.Running(folder, "snapCount=1000000")
      let address = "127.0.0.1:\(server.port)"
      let (code, text, errors) = try await Self.bench(
        address, "--vs", address, "--warm-up", "0.1", "--seconds", "0.1", "--rounds", "2",
        "--only", "100B 8x32", "--json")
      #expect(code == 0 && errors == "")
      let document = try JSONDecoder().decode(Document.self, from: Data(text.utf8))
      #expect(document.servers == [address, address])
      #expect(document.rows.map(\.operation) == ["get", "set", "create", "80:20"])
      for row in document.rows {
        #expect(row.bytes == 100 && row.connections == 8 && row.outstanding == 32)
        #expect(row.results.count == 2 && (row.rateRatio ?? 0) > 0)
        for result in row.results {
          #expect(result.replies > 100 && result.errors == 0 && result.perSecond > 100)
          #expect(result.cpuMicroseconds ?? 0 > 0)
          #expect(0 < result.p50Microseconds && result.p50Microseconds <= result.p999Microseconds)
        }
      }
      let client = try await server.connect()
      #expect(try await client.getChildren("/") == ["zookeeper"])
      await client.close()
      server.end(SIGTERM)
    }
  }

  @Test func `Says what is wrong with its arguments, and that there is no server`() async throws {
    #expect(try await Self.bench("127.0.0.1").0 == 64)
    #expect(try await Self.bench("127.0.0.1:1", "--only", "put").0 == 64)
    let (code, _, errors) = try await Self.bench("127.0.0.1:1", "--warm-up", "0")
    #expect(code == 3 && errors.contains("quorate: "))
  }
}
