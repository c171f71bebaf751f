import EmbeddedServers
import Recipes
import RecipesLab
import Synchronization
import Testing
import ZooKeeper
import ZooKeeperClient

/// What recipes make of an answer that is lost, or of one that tells of somebody else's doing.
@Suite struct LostReplyTests {
  /// A run of one process, and what was asked and answered in it.
  private func log(
    _ faults: [Fault] = [], _ run: @escaping @Sendable (RecipesLab.Process) async throws -> Void
  ) -> [String] {
    let program = Program("loses", processes: 1, judge: { OnceJudge(path: "/") }) { process, _ in
      try await run(process)
    }
    var simulation = Simulation(program, on: EmbeddedServer.simulated)
    simulation.isLogging = true
    return simulation.run(faults).log
  }

  /// The server that is asked again may not know of the delete yet, and show a node that is gone:
  /// then another's would be deleted.
  @Test func whoGivesALeaseBackAgainLooksBehindASync() throws {
    let giveUp: @Sendable (RecipesLab.Process) async throws -> Void = { process in
      let client = try await process.connect()
      try await Lease(client, at: "/leases/report").take()?.giveUp()
    }
    let calm = log([], giveUp)
    let delete = try #require(calm.first { $0.contains("→ delete /leases/report") })
    let step = try #require(delete.split(separator: " ").first.flatMap { Int($0) })
    let lost = log([Fault(step: step, process: 0, .loseReplies)], giveUp)
    let strike = try #require(lost.firstIndex { $0.contains("--- ") })
    let asked = lost[strike...].filter { $0.contains("→ ") && $0.contains("/leases/report") }
    #expect(asked.first?.contains("→ sync /leases/report") == true, "\(lost)")
    #expect(asked.count { $0.contains("→ delete") } == 0)
  }

  /// A claim that is gone, though no answer was lost, was not taken away by its own commit: the
  /// element is there, and another's.
  @Test func anElementWhoseClaimSomebodyDeletesIsNotDone() throws {
    let (error, left) = (Recorded<ClientError>(), Recorded<[String]>())
    _ = log { process in
      let (client, other) = (try await process.connect(), try await process.connect())
      let queue = FIFOQueue(client, at: "/queue")
      try await queue.put(.utf8("job"))
      do {
        try await queue.process { _ in
          for name in try await other.getChildren("/queue/elements")
          where name.hasSuffix(".claim") {
            try await other.delete("/queue/elements/\(name)")
          }
        }
      } catch let thrown as ClientError {
        error.value.withLock { $0 = thrown }
      }
      let names = try await other.getChildren("/queue/elements")
      left.value.withLock { $0 = names }
    }
    #expect(error.value.withLock { $0?.code } == .noNode)
    #expect(left.value.withLock { $0?.count } == 1)
  }

  /// By then another may have the lease, or the name.
  @Test func whatIsGivenBackIsGivenBackOnceAndToldNoMore() throws {
    let errors = Recorded<[ErrorCode?]>()
    let asked = log { process in
      let client = try await process.connect()
      let term = try await Lease(client, at: "/leases/report").take()
      try await term?.giveUp()
      try await term?.giveUp()
      let membership = try await Group(client, at: "/workers").join("w")
      try await membership.leave()
      try await membership.leave()
      do {
        try await membership.update(.utf8("40 %"))
        errors.value.withLock { $0 = [nil] }
      } catch let error as ClientError {
        errors.value.withLock { $0 = [error.code] }
      }
    }
    #expect(asked.count { $0.contains("→ delete /leases/report") } == 1)
    #expect(asked.count { $0.contains("→ delete /workers/w") } == 1)
    #expect(!asked.contains { $0.contains("→ setData") })
    #expect(errors.value.withLock { $0 } == [.noNode])
  }

  /// The reply to an update is lost, and by the time it is asked again the name is another's.
  @Test func anUpdateIsNotRepeatedOnAnothersNode() throws {
    let update: @Sendable (RecipesLab.Process) async throws -> Void = { process in
      let client = try await process.connect()
      let membership = try await Group(client, at: "/workers").join("w")
      try await membership.update(.utf8("40 %"))
    }
    let calm = log([], update)
    let set = try #require(calm.first { $0.contains("→ setData /workers/w") })
    let step = try #require(set.split(separator: " ").first.flatMap { Int($0) })
    let lost = log([Fault(step: step, process: 0, .loseReplies)], update)
    let strike = try #require(lost.firstIndex { $0.contains("--- ") })
    let asked = lost[strike...].filter { $0.contains("→ ") && $0.contains("/workers/w") }
    let words = ["→ sync", "→ exists", "→ setData"]
    #expect(asked.count == 3 && zip(asked, words).allSatisfy { $0.contains($1) }, "\(lost)")
  }

  /// Joins, gives that up without waiting until it is cleared away, and joins again.
  ///
  /// - Returns: The second membership's node, as it was told and as it is in the end; nil if the
  ///   first had joined.
  private func joinedAgain(_ faults: [Fault]) -> (told: Zxid?, found: Zxid?)? {
    let result = Recorded<(told: Zxid?, found: Zxid?)>()
    _ = log(faults) { process in
      let (client, other) = (try await process.connect(), try await process.connect())
      let workers = Group(client, at: "/workers")
      try await withThrowingTaskGroup(of: Bool.self) { group in
        group.addTask { (try? await workers.join("w")) != nil }
        try await client.pause(for: .seconds(1))
        group.cancelAll()
        let membership = try? await workers.join("w")
        // The first may have joined before, or late.
        if try await group.next() == true { return }
        try await client.pause(for: .seconds(2))
        let found = try await other.exists("/workers/w")?.czxid
        result.value.withLock { $0 = (membership?.token, found) }
      }
    }
    return result.value.withLock { $0 }
  }

  /// Leaves, gives up waiting for that, and joins again by the same name in the same session.
  ///
  /// - Returns: As ``joinedAgain(_:)``.
  private func joinedBehindLeaving(_ faults: [Fault]) -> (told: Zxid?, found: Zxid?)? {
    let result = Recorded<(told: Zxid?, found: Zxid?)>()
    _ = log(faults) { process in
      let (client, other) = (try await process.connect(), try await process.connect())
      let workers = Group(client, at: "/workers")
      let first = try await workers.join("w")
      try await withThrowingTaskGroup(of: Void.self) { group in
        group.addTask { try? await first.leave() }
        try await client.pause(for: .seconds(1))
        group.cancelAll()
        let membership = try? await workers.join("w")
        try await group.waitForAll()
        try await client.pause(for: .seconds(2))
        // It may be this that the fault strikes.
        _ = try? await other.sync("/workers")
        let found = try await other.exists("/workers/w")?.czxid
        result.value.withLock { $0 = (membership?.token, found) }
      }
    }
    return result.value.withLock { $0 }
  }

  @Test func whoJoinsBehindALeaveThatGoesOnWaitsForIt() throws {
    for cut in 13..<19 {
      for loss in cut + 1..<cut + 24 {
        let faults = [
          Fault(step: cut, process: 0, .away(1500)), Fault(step: loss, process: 0, .cut),
        ]
        let (told, found) = try #require(joinedBehindLeaving(faults), "\(faults)")
        #expect(told != nil && told == found, "\(faults)")
      }
    }
  }

  /// What is given up is looked for and taken away.
  ///
  /// Until then the name is not free; and what is taken away must not be what was made since.
  @Test func whoJoinsAgainIsNotTakenForWhatItGaveUp() throws {
    var judged = 0
    for cut in 6..<14 {
      for loss in cut + 1..<cut + 40 {
        let faults = [
          Fault(step: cut, process: 0, .away(1500)), Fault(step: loss, process: 0, .loseReplies),
        ]
        guard let (told, found) = joinedAgain(faults) else { continue }
        judged += 1
        #expect(told != nil && told == found, "\(faults)")
      }
    }
    #expect(judged > 100)
  }
}

private final class Recorded<T: Sendable>: Sendable {
  let value = Mutex<T?>(nil)
}
