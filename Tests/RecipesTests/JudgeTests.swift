import EmbeddedServers
import Recipes
import RecipesLab
import Testing
import ZooKeeperClient

/// What judges see when programs say what must not be.
@Suite struct JudgeTests {
  private func violations(
    _ judge: @escaping @Sendable () -> any Judge,
    _ run: @escaping @Sendable (RecipesLab.Process) async throws -> Void
  ) -> [String] {
    let program = Program("planted", processes: 1, judge: judge) { process, _ in
      try await run(process)
    }
    return Simulation(program, on: EmbeddedServer.simulated).run().violations.map(\.property)
  }

  static let judges: [@Sendable () -> any Judge] = [
    { SnapshotJudge { _ in nil } }, { PartitionJudge(path: "/p", partitions: []) },
    { CommandJudge(machine: 0, queue: "/commands/web") }, { OnceJudge(path: "/list") },
  ]

  @Test(arguments: judges.indices)
  func aProgramThatDoesNotEndIsReported(judge: Int) {
    let seen = violations(JudgeTests.judges[judge]) { process in
      let client = try await process.connect()
      try await client.pause(for: .seconds(1_000_000))
    }
    #expect(seen == ["termination"])
  }

  @Test func commandsOutOfOrderAreReported() {
    let seen = violations({ CommandJudge(machine: 0, queue: "/commands/web") }) { process in
      let client = try await process.connect()
      for command in ["a1", "c1", "a3", "a2"] { process.note(.gets(command), in: client) }
    }
    #expect(seen == ["sendersOrder"])
  }

  @Test func anOlderValueAfterANewOneIsReported() {
    let seen = violations({ SnapshotJudge(areNumbers: true) { _ in nil } }) { process in
      let client = try await process.connect()
      for value in ["1", "3", "2"] { process.note(.gets(value), in: client) }
    }
    #expect(seen == ["goesOn"])
  }
}
