import Foundation
import PostgreSQLClient
import PostgreSQLConformance
import Testing

extension RealServers.CoordinatorTests {
  /// What cannot be meant, and the words that it is refused with.
  @Test(arguments: [
    (["--begin", "t", "--work", "c=select 1"], "there are a, b"),
    (["--begin", "t", "--participant", "a=postgresql://h"], "--participant a: two databases"),
    (["--work", "a=select 1"], "without --begin"),
    (["--begin", "t", "--participant", "c=postgres://h?flaw=checkpointForgets"], "a flaw is"),
    (["--begin", "t", "--participant", "c=postgres://h?control=/nowhere"], "is no program"),
  ]) func `What cannot be meant is a mistake in the command, and nothing is done`(
    arguments: [String], words: String
  ) async throws {
    let banks = try await Banks()
    let folder = try banks.newFolder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let (code, output) = try banks.coordinate(folder, arguments)
    #expect(code == 64 && output.contains(words), "\(code) \(output)")
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == [])
  }

  @Test func `A server that an outage has taken is started before the process is killed`()
    async throws
  {
    let banks = try await Banks()
    let folder = try banks.newFolder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let killed = try banks.coordinate(
      folder,
      ["--begin", "\(banks.run)-outage", "--outage", "b=7", "--kill-at", "9"] + Self.work)
    #expect(killed.output.contains("✗ killed at point 9"), "\(killed.output)")
    let answer = try? await banks.ask(banks.banks[1].url, "SELECT 1")
    #expect(answer?.rows == [["1"]], "\(killed.output)")
    // The tests that follow need it.
    if answer == nil { _ = await banks.banks[1].url.control?.run("start") }
    #expect(try banks.coordinate(folder, []).code == 0)
  }

  @Test func `A point behind the last kills nothing, and that is said`() async throws {
    let banks = try await Banks()
    let folder = try banks.newFolder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let (code, output) = try banks.coordinate(
      folder, ["--begin", "\(banks.run)-late", "--kill-at", "99"] + Self.work)
    #expect(code == 0 && output.contains("--kill-at 99: the last point was"), "\(output)")
  }
}
