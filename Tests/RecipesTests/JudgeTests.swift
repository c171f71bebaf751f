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
      for command in ["a1", "c1", "a3", "a2"] {
        process.note(.begins(command), in: client)
        process.note(.gets(command), in: client)
      }
    }
    #expect(seen == ["sendersOrder"])
  }

  @Test func aCommandForAnotherMachineIsReported() {
    let seen = violations({ CommandJudge(machine: 0, queue: "/commands/web") }) { process in
      process.note(.gets("for db"), in: try await process.connect())
    }
    #expect(seen == ["nothingInvented"])
  }

  @Test func aNumberThatDoesNotGrowIsReported() {
    let seen = violations({ OnceJudge(path: "/ids/none", areNumbers: true) }) { process in
      let client = try await process.connect()
      for number in ["3", "7", "5"] {
        process.note(.asks("number"), in: client)
        process.note(.gets(number), in: client)
      }
    }
    #expect(seen == ["grows"])
  }

  @Test func workThatIsEndedTwiceIsReported() {
    let seen = violations({ PartitionJudge(path: "/p", partitions: []) }) { process in
      let client = try await process.connect()
      process.note(.holds("p0", token: Zxid(1)), in: client)
      for _ in 1...2 { process.note(.releases("p0"), in: client) }
    }
    #expect(seen == ["stoppedOnce"])
  }

  @Test(arguments: [
    // Readers hold it in any order, behind the last writer and before the next.
    (["writing 1", "reading 3", "reading 2", "writing 4"], [String]()),
    (["writing 2", "reading 1"], ["order"]), (["reading 3", "writing 2"], ["order"]),
    (["writing 1", "writing 1"], ["order"]),
  ])
  func tokensGrowFromWriterToWriter(holds: [String], expected: [String]) {
    let seen = violations({
      LineJudge(path: "/shared", order: .alone("writing")) { _, _ in true }
    }) { process in
      let client = try await process.connect()
      for hold in holds {
        let words = hold.split(separator: " ").map(String.init)
        process.note(.holds(words[0], token: Zxid(Int64(words[1]) ?? 0)), in: client)
        process.note(.releases(words[0]), in: client)
      }
    }
    #expect(seen == expected)
  }

  @Test func whoSaysThatNobodyKnowsThoughServersAnswerIsReported() {
    let judges: [@Sendable () -> any Judge] = [
      { BarrierJudge(path: "/step", size: 3) },
      { QueueJudge(elements: "/queue", marks: "/marks", .takes) },
    ]
    for judge in judges {
      let seen = violations(judge) { process in
        let client = try await process.connect()
        process.note(.asks("enter"), in: client)
        process.note(.fails(.cancelled(sent: true)), in: client)
      }
      #expect(seen.contains("certainty"))
    }
  }

  /// A program may enter anew by itself when its session has ended, and is at it then.
  @Test func whoLeavesWhileOneIsAtItInAnotherSessionIsReported() {
    let judge: @Sendable () -> any Judge = { BarrierJudge(path: "/task", size: 2) }
    let program = Program("planted", processes: 2, judge: judge) { process, _ in
      var client = try await process.connect()
      process.note(.asks("enter"), in: client)
      if process.index == 1 {
        await client.close()
        client = try await process.connect()
      }
      try await client.pause(for: .seconds(1))
      process.note(.passes("entered"), in: client)
      guard process.index == 0 else { return try await client.pause(for: .seconds(3)) }
      try await client.pause(for: .seconds(1))
      process.note(.asks("leave"), in: client)
      process.note(.passes("left"), in: client)
    }
    let outcome = Simulation(program, on: EmbeddedServer.simulated).run()
    #expect(outcome.violations.contains { $0.property == "leavesTogether" })
  }

  @Test func aCounterThatShowsMoreOrLessThanWasAddedIsReported() {
    for (number, property) in [("3", "addedOnce"), ("1", "notLost")] {
      let seen = violations({ CounterJudge(path: "/visits") }) { process in
        let client = try await process.connect()
        process.note(.asks("2"), in: client)
        process.note(.gets("2"), in: client)
        try await client.create("/visits", data: .utf8(number))
      }
      #expect(seen == [property])
    }
  }

  @Test func anOlderValueAfterANewOneIsReported() {
    let seen = violations({ SnapshotJudge(areNumbers: true) { _ in nil } }) { process in
      let client = try await process.connect()
      for value in ["1", "3", "2"] { process.note(.gets(value), in: client) }
    }
    #expect(seen == ["goesOn"])
  }
}
