import AtomicCommitment
import Foundation
import PostgreSQLClient
import ProtocolCore
import Testing

extension RealServers {
  /// Rounds in which the coordinator is killed, and databases with it, or databases alone:
  /// `QUORATE_ROUNDS` says how many.
  @Suite struct CoordinatorTests {
    static let rounds = Server.environment["QUORATE_ROUNDS"].flatMap { Int($0) } ?? 39

    @Test func `What the databases hold is what was promised, wherever somebody is killed`()
      async throws
    {
      let banks = try await Banks()
      var seen: [String: Int] = [:]
      for number in 0..<Self.rounds {
        let round = Round(number)
        let outcome = try await banks.play(round)
        #expect(outcome.broken == [], "\(round)\n\(outcome.output)")
        for word in outcome.words { seen[word, default: 0] += 1 }
      }
      let told = seen.sorted { $0.key < $1.key }.map { "\($0.value) × \($0.key)" }
      print("\(Self.rounds) rounds: \(told.joined(separator: ", "))")
      // The rounds are what they should be: both decisions, doubt, and what a crash ends early.
      if Self.rounds >= 39 {
        let words = [
          "commit", "abort", "in doubt", "killed", "database killed",
          "database killed while the coordinator lives",
        ]
        for word in words {
          #expect(seen[word, default: 0] > 0, "no round saw: \(word)")
        }
      }
    }

    @Test func `Without a crash all that can be committed is`() async throws {
      let banks = try await Banks()
      let outcome = try await banks.play(Round(name: "calm"))
      #expect(outcome.broken == [] && outcome.words.contains("commit"), "\(outcome.output)")
      // One database refuses: all abort.
      let refused = try await banks.play(Round(name: "refused", isDoomed: true))
      #expect(refused.broken == [] && refused.words.contains("abort"), "\(refused.output)")
    }

    @Test(arguments: [Decision.abort, .commit])
    func `What an operator decides is found out and told if it is wrong`(
      decision: Decision
    ) async throws {
      let banks = try await Banks()
      // The decision to commit is on disk, and nobody knows of it.
      let round = Round(name: "operator-\(decision)", killedAt: 13, operatorDecides: decision)
      let outcome = try await banks.play(round)
      #expect(outcome.words.contains("in doubt") && outcome.words.contains("commit"))
      #expect(outcome.words.contains("damage") == (decision == .abort), "\(outcome.output)")
      #expect(outcome.broken == (decision == .abort ? [.AC1] : []), "\(outcome.output)")
    }

    /// The rounds can fail: without a rule the databases disagree.
    @Test func `Without a rule of the chapter the databases show it`() async throws {
      let banks = try await Banks()
      var broken: Set<Commitment.Property> = []
      // At one of these points a database has acknowledged, and the coordinator forgets it.
      for point in 16...22 where !broken.contains(.AC1) {
        var forgetful = Round(name: "forgetful-\(point)", killedAt: point)
        forgetful.without = ["decisionOutlivesCrash"]
        broken.formUnion(try await banks.play(forgetful).broken)
      }
      #expect(broken.contains(.AC1))
    }

    /// That a yes is needed of all is judged by what the servers have completed.
    @Test func `Without unanimity a database that has not voted is committed over`() async throws {
      let banks = try await Banks()
      // b dies before it is asked.
      var hasty = Round(name: "hasty", outages: [(name: "b", point: 5)])
      hasty.without = ["unanimity"]
      let outcome = try await banks.play(hasty)
      #expect(outcome.broken.contains(.AC3), "\(outcome.broken) \(outcome.output)")
      #expect(outcome.words.contains("commit"), "\(outcome.output)")
    }

    /// All are committed in the end, so only the time at which it was decided tells.
    @Test func `A yes that comes behind the decision to commit is none`() async throws {
      let banks = try await Banks()
      try await banks.slowVote(at: banks.banks[1])
      var outcome = Banks.Outcome()
      // The coordinator dies when its decision is on disk and no database has heard of it.
      for point in 6...12 where !outcome.output.contains("after commit is stored") {
        var early = Round(name: "early-\(point)", killedAt: point)
        early.without = ["unanimity"]
        outcome = try await banks.play(early)
      }
      #expect(outcome.broken == [.AC3], "\(outcome.broken) \(outcome.output)")
      #expect(outcome.words.isSuperset(of: ["in doubt", "commit"]), "\(outcome.output)")
    }

    /// Rounds in which a database dies alone can fail too: nobody waits for ever for its vote.
    @Test func `Without the time-out for votes a database that dies alone is waited for`()
      async throws
    {
      let banks = try await Banks()
      var patient = Round(name: "patient", outages: [(name: "b", point: 5)])
      let calm = try await banks.play(patient)
      #expect(calm.broken == [] && calm.words.contains("abort"), "\(calm.output)")
      #expect(calm.words.contains("database killed while the coordinator lives"))
      patient = Round(name: "patient-2", outages: [(name: "b", point: 5)])
      patient.without = ["votesTimeOut"]
      patient.patience = 10
      let waiting = try await banks.play(patient)
      #expect(waiting.broken == [.AC5], "\(waiting.output)")
    }
  }
}
