import Foundation
import RecipesLab
import Testing

/// kazoo's recipes, each in one run without faults and in one that has a verdict of its own.
///
/// `quorate verify 'exec:python3 Fixtures/clients/kazoo-recipes.py'` tries them all; CI does.
/// One run after the other: each has three processes, which are to have the time that they need.
@Suite(
  .serialized, .enabled(if: Kazoo.isThere || RealServer.isRequired, "python3 has no kazoo"))
struct KazooRecipeTests {
  @Test(arguments: ForeignRecipe.all.map(\.name))
  func whatNothingDisturbsHolds(name: String) async throws {
    let outcome = try await Kazoo.run(name, nil)
    #expect(outcome.mistake == nil)
    #expect(outcome.violations.isEmpty)
  }

  /// Whoever breaks a sweep off does not wait for its other runs.
  @Test func aSweepIsBrokenOff() async throws {
    let counter = try #require(ForeignRecipe.all.first { $0.name == "counter" })
    let sweep = ForeignSweep(counter, by: Kazoo.command("kazoo-recipes.py"))
    _ = try await sweep.undisturbed()
    let task = Task { try await sweep.search(.cut) }
    task.cancel()
    await #expect(throws: CancellationError.self) { try await task.value }
  }

  /// What is violated when a reply is lost.
  @Test(
    arguments: [
      ("lock", "create 1", nil), ("master", "delete 1", nil),
      // It adds again what had been added.
      ("counter", "setData 1", "addedOnce"),
      // It takes the next element; the one that it had deleted nobody gets.
      ("fifo-queue", "delete 1", "notLost"),
      // Its own mark stays, and it takes that for another's.
      ("fifo-process", "create 2", "allTaken"),
    ])
  func whatBecomesOfALostReply(name: String, request: String, property: String?) async throws {
    let fault = "at \(request) of b break losing reply"
    let outcome = try await Kazoo.run(name, fault)
    #expect(outcome.struck.map(\.description) == [fault])
    #expect(
      outcome.violations.first?.property == property, "\(outcome.log.joined(separator: "\n"))")
  }

  /// Others enter and leave, and take the ready node with them, before it hears that it is in.
  @Test func aDoubleBarrierIsNotEnteredByWhoIsToldLate() async throws {
    let outcome = try await Kazoo.run("double-barrier", "at create 2 of a delay", silence: 3000)
    #expect(outcome.violations.map(\.property) == ["termination"])
  }

  /// kazoo forgets watches when a connection breaks, and its barrier waits for one.
  @Test func aBarrierIsNotLeftWhenItsWatchIsLost() async throws {
    let outcome = try await Kazoo.run("barrier", "at wait 1 of b break", silence: 3000)
    #expect(outcome.violations.map(\.property) == ["termination"])
  }

  /// A queue that deletes what is taken before it is done.
  ///
  /// Whose session ends has not done it, and nobody does it again.
  @Test(arguments: ["stop", "expire"])
  func whatIsDeletedWhenItIsTakenIsLost(kind: String) async throws {
    let fault = "at rest 1 of b \(kind)"
    let outcome = try await Kazoo.run("fifo-process", fault, by: "amo-queue.py")
    #expect(outcome.struck.map(\.description) == [fault])
    #expect(outcome.log.contains { $0.hasSuffix("b says: failed its session has ended") })
    #expect(outcome.violations.map(\.property) == ["notLost"])
  }

  /// It holds what it has consumed, and cannot consume it again.
  @Test func aLostReplyToConsumeLeavesWhatIsGone() async throws {
    let outcome = try await Kazoo.run("fifo-process", "at multi 1 of b break losing reply")
    #expect(outcome.violations.map(\.property) == ["endurance"])
  }

  /// Locks that are wrong: others hold what a process that was struck thinks is its own, and go on
  /// holding it until that one is back.
  @Test(
    arguments: [
      // It deletes another's node when it releases.
      ("naive-lock.py", "at rest 1 of a stop"), ("naive-lock.py", "at rest 1 of a expire"),
      ("naive-lock.py", "at delete 1 of a break losing reply"),
      // It waits on, though its own node is gone, and has the lock then.
      ("hasty-lock.py", "at wait 1 of b stop"), ("hasty-lock.py", "at wait 1 of b expire"),
    ])
  func aFlawOfALockIsSeen(program: String, fault: String) async throws {
    let undisturbed = try await Kazoo.run("lock", nil, by: program)
    #expect(undisturbed.violations.isEmpty && undisturbed.mistake == nil)
    let outcome = try await Kazoo.run("lock", fault, by: program)
    #expect(outcome.struck.map(\.description) == [fault])
    #expect(outcome.violations.map(\.property) == ["exclusion"])
  }

  /// A lock that looks again and again is never still, and may hold all that it promises.
  @Test(arguments: [nil, "at wait 1 of b break", "at rest 1 of a expire"])
  func aLockThatLooksAgainAndAgainIsJudged(fault: String?) async throws {
    let outcome = try await Kazoo.run("lock", fault, by: "polling-lock.py")
    #expect(outcome.violations.isEmpty && outcome.mistake == nil, "\(outcome.violations)")
    #expect(outcome.struck.map(\.description) == (fault.map { [$0] } ?? []))
    #expect(outcome.rests == [2, 2, 2])
  }

  @Test func aLockThatLooksForWhatNeverComesIsSeen() async throws {
    let outcome = try await Kazoo.run("lock", nil, silence: 1500, by: "polling-lock.py", "keeps")
    #expect(outcome.violations.map(\.property) == ["termination"])
    #expect(outcome.violations.first?.description.contains("nothing changes any more") == true)
  }

  /// A lock that its holder's death does not free, and a sound one.
  @Test(arguments: [("polling-lock.py", "stays", "termination"), ("polling-lock.py", "", nil)])
  func aLockIsFreedByItsHoldersDeath(
    program: String, flaw: String, property: String?
  ) async throws {
    let fault = "at rest 1 of a kill"
    let outcome = try await Kazoo.run("lock", fault, silence: 1500, by: program, flaw)
    #expect(outcome.struck.map(\.description) == [fault])
    #expect(outcome.violations.map(\.property) == (property.map { [$0] } ?? []))
  }

  /// What a consumer had taken that is killed comes to another, if its claim goes with it.
  @Test(
    arguments: [
      ("stays", "rest 1 of b", "allTaken"), ("", "rest 1 of b", nil), ("", "request 9 of b", nil),
    ])
  func whatADeadConsumerHadTakenIsTakenByAnother(
    flaw: String, place: String, property: String?
  ) async throws {
    let outcome = try await Kazoo.run(
      "fifo-process", "at \(place) kill", by: "claiming-queue.py", flaw)
    #expect(
      outcome.violations.map(\.property) == (property.map { [$0] } ?? []),
      "\(outcome.log.joined(separator: "\n"))")
  }

  /// Whoever takes the end of a time for what it has waited for.
  @Test(
    arguments: [
      ("lock", "polling-lock.py", "hurries", "exclusion"),
      ("barrier", "open-gate.py", "hurries", "holdsBack"),
    ])
  func whoWaitsForATimeOnlyIsSeen(
    recipe: String, program: String, flaw: String, property: String
  ) async throws {
    let outcome = try await Kazoo.run(recipe, nil, lasting: 12_000, by: program, flaw)
    #expect(outcome.violations.map(\.property) == [property])
  }

  /// In nobody's way, and yet there while its session lives.
  @Test func aLockThatLeavesNodesIsSeen() async throws {
    let outcome = try await Kazoo.run("lock", nil, by: "polling-lock.py", "litters")
    #expect(outcome.violations.map(\.property) == ["noOrphans"])
  }

  @Test func aBarrierThatHoldsNobodyBackIsSeen() async throws {
    let outcome = try await Kazoo.run("barrier", nil, by: "open-gate.py")
    #expect(outcome.violations.map(\.property) == ["holdsBack"])
  }
}

/// kazoo, where python3 has it.
enum Kazoo {
  static let isThere: Bool = {
    let process = Foundation.Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = ["python3", "-c", "import kazoo"]
    process.standardError = FileHandle.nullDevice
    guard (try? process.run()) != nil else { return false }
    process.waitUntilExit()
    return process.terminationStatus == 0
  }()

  private static let folder = URL(filePath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .appending(path: "Fixtures/clients")

  static func command(_ program: String) -> [String] {
    ["python3", folder.appending(path: program).path]
  }

  static func run(
    _ name: String, _ fault: String?, silence: Int64 = 6000, lasting endurance: Int64 = 0,
    by program: String = "kazoo-recipes.py", _ arguments: String...
  ) async throws -> ForeignRun.Outcome {
    let recipe = try #require(ForeignRecipe.all.first { $0.name == name })
    let faults = try fault.map { [try #require(ForeignFault($0))] } ?? []
    var run = ForeignRun(recipe, by: command(program) + arguments, faults)
    (run.silenceLimit, run.endurance) = (silence, endurance)
    return try await run.run()
  }
}
