import Conformance
import Foundation
import PostgreSQLClient
import PostgreSQLConformance
import Testing

extension RealServers {
  @Suite struct LinkTests {
    private static func address() throws -> DatabaseURL {
      try DatabaseURL(try #require(Server.first, Server.missing))
    }

    private static func session() async throws -> any DatabaseSession {
      try await LibPQServer(address().address).session(in: nil, patience: 5000)
    }

    /// The error that a statement ends with.
    private static func error(
      _ sql: String, on session: any DatabaseSession, patience: Int64 = 5000
    ) async -> DatabaseError? {
      do throws(DatabaseError) {
        _ = try await session.run(sql, [], patience: patience)
        return nil
      } catch {
        return error
      }
    }

    @Test func `An answer has a tag and rows, and NULL is no text`() async throws {
      let session = try await Self.session()
      let answer = try await session.run("SELECT $1, NULL, 'é''\\'", ["a"], patience: 5000)
      #expect(answer == Answer(tag: "SELECT 1", rows: [["a", nil, "é'\\"]]))
      #expect(try await session.run("SELECT \("it's \\n".sqlLiteral)").rows == [["it's \\n"]])
      await session.close()
      #expect(await Self.error("SELECT 1", on: session) == .notReady)
    }

    @Test func `An error carries its SQLSTATE, and the session goes on`() async throws {
      let session = try await Self.session()
      let error = await Self.error("SELECT 1/0", on: session)
      guard case .refused(let message)? = error else {
        Issue.record("\(String(describing: error))")
        return
      }
      #expect(message.sqlState == "22012" && message.severity == "ERROR")
      #expect(try await session.run("SELECT 1").rows == [["1"]])
      await session.close()
    }

    @Test func `Who waits longer than his patience hears that there is no answer`() async throws {
      let session = try await Self.session()
      let error = await Self.error("SELECT pg_sleep(30)", on: session, patience: 50)
      #expect(error == .noAnswer(after: 50))
      await session.close()
    }

    @Test(arguments: ["COPY (SELECT 1) TO STDOUT", "COPY pg_class FROM STDIN"])
    func `COPY ends the session, and is waited for no longer than that`(sql: String) async throws {
      let session = try await Self.session()
      let error = await Self.error(sql, on: session, patience: 10_000)
      #expect(error != nil && error != .noAnswer(after: 10_000), "\(String(describing: error))")
      await session.close()
    }

    @Test func `Who is cancelled waits no more`() async throws {
      let session = try await Self.session()
      let waiting = Task { await Self.error("SELECT pg_sleep(30)", on: session, patience: 20_000) }
      waiting.cancel()
      #expect(await waiting.value == .cancelled)
      await session.close()
    }

    @Test func `A connection that the server ends is lost, and nobody there is told so`()
      async throws
    {
      let session = try await Self.session()
      let other = try await Self.session()
      _ = try await other.run("SELECT pg_terminate_backend(\(session.backend))")
      let error = await Self.error("SELECT 1", on: session)
      guard case .connectionLost? = error else {
        Issue.record("\(String(describing: error))")
        return
      }
      await other.close()
      await #expect(
        throws: DatabaseError.turnedAway(
          ServerMessage(
            sqlState: "3D000", severity: "FATAL", text: "database \"nowhere\" does not exist"))
      ) {
        _ = try await LibPQServer(Self.address().naming("nowhere")).session(
          in: nil, patience: 5000)
      }
      await #expect(throws: TargetError.self) {
        try await PostgreSQLTarget("postgresql://127.0.0.1:1/x")
      }
    }

    @Test func `A server that prepares nothing is unsupported, and told how to mend it`()
      async throws
    {
      let address = try Self.address()
      let control = try #require(address.control)
      try await Self.set("max_prepared_transactions = 0", control)
      let target = try await PostgreSQLTarget(address.text)
      let reports = try await Server.verdicts(on: address.text, try Server.cases())
      try await Self.set(nil, control)
      #expect(reports.allSatisfy { $0.verdict == .unsupported })
      #expect(target.lines.contains { $0.contains("max_prepared_transactions = 16") })
      #expect(target.obstacle?.description.contains("max_prepared_transactions = 16") == true)
      #expect(reports.first?.reason?.contains("postgresql.conf") == true)
    }

    /// Whoever has little room is asked one case at a time, and short of room is no wrong answer.
    @Test(arguments: [1, 2, 3]) func `A sound server with little room fails no case`(room: Int)
      async throws
    {
      let address = try Self.address()
      let control = try #require(address.control)
      try await Self.set("max_prepared_transactions = \(room)", control)
      let cases = try Server.cases().filter { ["vote", "view", "seq"].contains($0.label.topic) }
      let target = try await PostgreSQLTarget(address.address)
      let reports = try await Server.verdicts(on: address.address, cases)
      try await Self.set(nil, control)
      #expect(target.usualJobs == 1)
      let failed = reports.filter { $0.verdict == .fail }
      #expect(failed.isEmpty, "\(failed.map(\.label.id)) \(failed.map(\.outcome.message))")
      #expect(reports.allSatisfy { $0.verdict == .unsupported } == (room == 1))
    }

    @Test func `Settings of the house fail no sound server`() async throws {
      let address = try Self.address()
      let control = try #require(address.control)
      let house = [
        "idle_session_timeout": "'1s'", "default_transaction_read_only": "on",
        "deadlock_timeout": "'1h'", "statement_timeout": "'1s'",
      ]
      let session = try await Self.session()
      for (name, value) in house {
        _ = try await session.run("ALTER SYSTEM SET \(name) = \(value)")
      }
      _ = try await session.run("SET idle_session_timeout = 0")
      #expect(await control.run("stop") == nil)
      #expect(await control.run("start") == nil)
      let cases = try Server.cases().filter {
        ["lock", "view", "prep"].contains($0.label.topic)
      }
      let reports = try? await Server.verdicts(on: address.address, cases)
      let mending = try await Self.session()
      for name in house.keys { _ = try await mending.run("ALTER SYSTEM RESET \(name)") }
      #expect(await control.run("stop") == nil)
      #expect(await control.run("start") == nil)
      let others = (reports ?? []).filter { !$0.verdict.isPass }
      let told = others.map { "\($0.label.id): \($0.outcome.message ?? "")" }
      #expect(reports != nil && others.isEmpty, "\(told)")
    }

    /// Its number is another's by now: that one is left alone, and the server starts.
    @Test func `What a server that is gone has left in its folder keeps none from starting`()
      async throws
    {
      let control = try #require(try Self.address().control)
      let file = URL(filePath: try #require(Server.logs.first)).deletingLastPathComponent()
        .appending(path: "data/postmaster.pid")
      let left = try String(contentsOf: file, encoding: .utf8)
      #expect(await control.run("kill") == nil)
      let stranger = Process()
      stranger.executableURL = URL(filePath: "/usr/bin/env")
      // The server takes a number for taken if its own user's process has it.
      let user = getuid() == 0 ? ["setpriv", "--reuid", "postgres", "--clear-groups"] : []
      stranger.arguments = user + ["sleep", "60"]
      try stranger.run()
      let rest = left.split(separator: "\n", omittingEmptySubsequences: false).dropFirst()
      for word in ["kill", "stop", "start"] {
        try (["\(stranger.processIdentifier)"] + rest).joined(separator: "\n")
          .write(to: file, atomically: false, encoding: .utf8)
        #expect(await control.run(word) == nil, "\(word)")
        #expect(stranger.isRunning, "\(word)")
      }
      stranger.terminate()
      let session = try await Self.session()
      #expect(try await session.run("SELECT 1").rows == [["1"]])
      await session.close()
    }

    /// Changes a setting, or takes the change back, and starts the server anew.
    private static func set(_ setting: String?, _ control: ControlProgram) async throws {
      let session = try await session()
      let what = setting.map { "SET \($0)" } ?? "RESET max_prepared_transactions"
      _ = try await session.run("ALTER SYSTEM \(what)")
      await session.close()
      #expect(await control.run("stop") == nil)
      #expect(await control.run("start") == nil)
    }

    @Test func `Who is no superuser can judge what needs none`() async throws {
      let address = try Self.address()
      let session = try await Self.session()
      _ = try await session.run("CREATE ROLE tester LOGIN CREATEDB CREATEROLE")
      let url = address.address.replacing("postgres@", with: "tester@")
      let cases = try Server.cases().filter { ["decide", "prep", "view"].contains($0.label.topic) }
      let reports = try await Server.verdicts(on: url, cases)
      #expect(reports.count { $0.verdict == .pass } > 30)
      let others = reports.filter { $0.verdict != .pass }
      #expect(
        others.allSatisfy { $0.label.id.hasPrefix("PG-DECIDE-007") },
        "\(others.map(\.label.id)) \(others.map(\.outcome.message))")
      _ = try await session.run("ALTER ROLE tester NOCREATEDB")
      let target = try await PostgreSQLTarget(url)
      #expect(target.lines.contains { $0.contains("CREATEDB") })
      _ = try await session.run("DROP ROLE tester")
      await session.close()
    }
  }
}
