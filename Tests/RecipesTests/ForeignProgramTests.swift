import Foundation
import RecipesLab
import Testing

/// Programs of others that do not do what they are told.
@Suite struct ForeignProgramTests {
  private func outcome(
    _ script: String, _ recipe: String = "lock", startLimit: Int64 = 30_000
  ) async throws -> ForeignRun.Outcome {
    let recipe = try #require(ForeignRecipe.all.first { $0.name == recipe })
    var run = ForeignRun(recipe, by: ["sh", "-c", script])
    run.startLimit = startLimit
    return try await run.run()
  }

  @Test func aProgramThatLiesIsFoundOut() async throws {
    let outcome = try await outcome("while read line; do echo acquired; done")
    #expect(outcome.mistake?.description == "a says 'acquired', and has had no session")
  }

  @Test func aProgramThatHangsIsNotWaitedFor() async throws {
    let outcome = try await outcome("while read line; do :; done", startLimit: 300)
    #expect(outcome.violations.map(\.property) == ["termination"])
    #expect(outcome.log.last?.hasSuffix("nothing happens any more") == true)
  }

  @Test func aProgramThatDiesSaysWhy() async throws {
    let outcome = try await outcome("read line; echo 'no such host' >&2; exit 7")
    #expect(
      outcome.violations.map(\.description) == [
        "termination: a ends with code 7: no such host, while it is asked 'acquire'"
      ])
  }

  @Test func aProgramThatIsKilledSaysByWhat() async throws {
    let outcome = try await outcome("read line; kill -9 $$", "counter")
    #expect(
      outcome.violations.map(\.description) == [
        "termination: a is ended by signal 9, while it is asked 'add 1'"
      ])
  }

  @Test func whatNobodyKnowsIsAMistakeThatIsShown() async throws {
    let outcome = try await outcome("read line; printf '\\377\\000hello\\n'; cat > /dev/null")
    let words = try #require(outcome.mistake?.description)
    #expect(words.hasSuffix("hello' when asked 'acquire', not acquired or failed"))
  }

  @Test func whatIsSaidUnaskedIsAMistake() async throws {
    // b is asked nothing for as long as a does nothing.
    let outcome = try await outcome(
      "[ $QUORATE_NAME != b ] || echo ready; cat > /dev/null", startLimit: 2000)
    #expect(outcome.mistake?.description == "b says 'ready', and was asked nothing")
  }

  @Test func aProgramThatIsNotThereIsAMistake() {
    #expect(throws: ForeignRun.Mistake.self) { try ForeignRun.command(in: "no-such-program a") }
    #expect(throws: ForeignRun.Mistake.self) { try ForeignRun.command(in: " ") }
  }

  static let lines = [
    "at request 3 of a break", "at request 3 of b break losing reply", "at rest 1 of c stop",
    "at wait 2 of a restart", "at request 12 of a expire", "at rest 1 of a pause",
    "at create 2 of b break losing reply", "at request 4 of a kill", "at wait 1 of b kill",
  ]

  @Test(arguments: lines)
  func aFaultIsItsLine(line: String) {
    #expect(ForeignFault(line)?.description == line)
  }

  @Test(
    arguments: [
      "", "at request 0 of a break", "at rest 1 of a break losing reply", "at request 1 of a stop",
      "at request 1 of A break", "at request 1 of a", "at step 1 of a break",
      "at create 1 of a pause",
    ])
  func anyOtherLineIsNone(line: String) {
    #expect(ForeignFault(line) == nil)
  }
}
