import EmbeddedServers
import Recipes
import RecipesLab
import Synchronization
import Testing
import ZooKeeper
import ZooKeeperClient

/// What is to be done within a time ends in time, though no server can be reached.
@Suite struct DeadlineTests {
  /// What is waited for in vain: nobody else comes, or has what is wanted for good.
  static let waits: [(name: String, body: @Sendable (Client) async throws -> Void)] = [
    ("lock", { _ = try await ExclusiveLock($0, at: "/x").acquire(within: limit) }),
    ("reading", { _ = try await SharedLock($0, at: "/x").acquireReading(within: limit) }),
    ("writing", { _ = try await SharedLock($0, at: "/x").acquireWriting(within: limit) }),
    ("permit", { _ = try await Semaphore($0, at: "/x", permits: 1).acquire(within: limit) }),
    ("master", { _ = try await MasterElection($0, at: "/x", as: "a").lead(within: limit) }),
    ("naive lock", { _ = try await NaiveLock($0, at: "/x").acquire(within: limit) }),
    ("queue", { _ = try await FIFOQueue($0, at: "/x").take(within: limit) }),
    ("process", { try await FIFOQueue($0, at: "/x").process(within: limit) { _ in } }),
    ("priorities", { _ = try await PriorityQueue($0, at: "/x").take(within: limit) }),
    ("barrier", { try await Barrier($0, at: "/y", size: 2).wait(within: limit) }),
    ("double", { _ = try await DoubleBarrier($0, at: "/y", size: 2).enter(within: limit) }),
    (
      "leave",
      { client in
        let member = try await DoubleBarrier(client, at: "/z", size: 2).enter(within: limit)
        try await member.leave(within: limit)
      }
    ),
    ("group", { _ = try await Group($0, at: "/x").join("a", within: limit) }),
  ]
  static let limit = Duration.seconds(5)
  /// The time itself, then the session's for what is cleared away.
  static let end: Milliseconds = 5000 + 4000

  /// How long it takes when the process is cut off from its servers for ten minutes at this step.
  private func time(of name: String, awayAt step: Int?) throws -> (Milliseconds, steps: Int) {
    let body = try #require(Self.waits.first { $0.name == name }).body
    let taken = Mutex<Milliseconds?>(nil)
    let program = Program("waits", processes: 1, judge: { OnceJudge(path: "/") }) { process, _ in
      let client = try await process.connect()
      // What is wanted is there already, and another's.
      for path in ["/x", "/x/a", "/x/lock"] { try await client.create(path) }
      // Somebody has entered and does not leave.
      try await client.create("/z", data: .utf8("2"))
      try await client.create("/z/zz")
      for label in ["lock", "W", "permit", "master"] {
        try await client.create("/x/b-\(label)-", mode: .persistentSequential)
      }
      let began = client.now
      do {
        try await body(client)
      } catch let error as ClientError {
        #expect(error.isTimeout || error.reason == .sessionExpired, "\(name): \(error)")
      }
      taken.withLock { $0 = client.now - began }
    }
    let faults = step.map { [Fault(step: $0, process: 0, .away(600_000))] } ?? []
    let outcome = Simulation(program, on: EmbeddedServer.simulated).run(faults)
    let time = taken.withLock { $0 }
    return (try #require(time, "\(name) at \(step ?? 0)"), outcome.steps)
  }

  @Test(arguments: waits.map(\.name))
  func itEndsThoughNoServerAnswers(name: String) throws {
    let calm = try time(of: name, awayAt: nil)
    #expect(calm.0 == 5000)
    // Before that it connects, and makes what is there.
    for step in 40..<calm.steps {
      let time = try time(of: name, awayAt: step).0
      #expect(time <= Self.end, "\(name) at \(step)")
    }
  }

  /// What a consumer has done, and when.
  private final class Consumption: Sendable {
    let began = Mutex<Milliseconds>(0)
    let working = Mutex(0)
    let stops = Mutex<[Milliseconds]>([])
    let end = Mutex<Milliseconds?>(nil)
  }

  /// Consumes three partitions until it is cancelled after five seconds, cut off from this step on.
  ///
  /// - Returns: When each work was stopped that had begun, and when all had ended, counted from the
  ///   beginning.
  private func consumption(awayAt step: Int) throws -> (stops: [Milliseconds], end: Milliseconds) {
    let seen = Consumption()
    let program = Program("consumes", processes: 1, judge: { OnceJudge(path: "/") }) { process, _ in
      let client = try await process.connect()
      let partitioner = Partitioner(client, at: "/p")
      try await partitioner.add(["p0", "p1", "p2"])
      seen.began.withLock { $0 = client.now }
      try? await withThrowingTaskGroup(of: Void.self) { group in
        group.addTask {
          try await partitioner.consume(as: "a") { _, _ in
            seen.working.withLock { $0 += 1 }
          } stop: { _ in
            seen.stops.withLock { $0.append(client.now) }
          }
        }
        group.addTask {
          try await client.pause(for: Self.limit)
          throw CancellationError()
        }
        // What ends first ends the other.
        _ = try await group.next()
      }
      seen.end.withLock { $0 = client.now }
    }
    _ = Simulation(program, on: EmbeddedServer.simulated).run([
      Fault(step: step, process: 0, .away(600_000))
    ])
    let start = seen.began.withLock { $0 }
    let times = seen.stops.withLock { $0.map { $0 - start } }
    #expect(times.count == seen.working.withLock { $0 }, "cut off at \(step)")
    return (times, try #require(seen.end.withLock { $0 }, "cut off at \(step)") - start)
  }

  /// Whoever is cancelled stops his work at once, and waits for no server longer than for a
  /// session.
  @Test func workStopsAtOnceThoughNoServerAnswers() throws {
    for step in 50..<130 {
      let (stops, end) = try consumption(awayAt: step)
      #expect(stops.allSatisfy { $0 <= 5000 }, "cut off at \(step): \(stops)")
      #expect(end <= Self.end, "cut off at \(step)")
    }
  }
}
