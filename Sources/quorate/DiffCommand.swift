import ArgumentParser
import Conformance
import Foundation
import Targets
import ZooKeeper

/// Compares a server with the reference, move by move, on runs that nobody wrote.
struct DiffCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "diff",
    abstract: "Compare a server with the reference on generated runs.",
    discussion: """
      Each seed draws a run of operations by several sessions from the reference's model, plays it \
      on the target and compares every result, Stat and event. The first difference is minimized \
      on the target itself and can be written as a fixture.

      Examples:
        quorate diff zookeeper://127.0.0.1:2181 --edition 3.8.0
        quorate diff zookeeper://127.0.0.1:2181 --seeds 1 --from 7 --write found.yaml

      Exit: 0 no difference, 1 a difference, 3 the target cannot be judged, 64 usage.
      """)

  @Argument(help: "What is compared: reference: or zookeeper://host:port.")
  var target = "reference:"
  @Option(help: "How many seeds.")
  var seeds: Int = 20
  @Option(help: "The first seed.")
  var from: UInt64 = 1
  @Option(help: "How many operations a run has.")
  var moves: Int = 1000
  @Option(help: "How many sessions take part, up to 6.")
  var clients: Int = 3
  @Option(help: "The edition whose dialect the target speaks, 3.4.14 to 3.9.5.")
  var edition: String?
  @Option(help: "Where to write a difference as a fixture.")
  var write: String?

  func validate() throws {
    guard (1...100_000).contains(seeds), (1...1_000_000).contains(moves) else {
      throw ValidationError("--seeds is 1 to 100000, --moves 1 to 1000000")
    }
    guard (1...6).contains(clients) else { throw ValidationError("--clients is 1 to 6") }
    if let edition, Dialect(edition: edition) == nil {
      let known = Dialect.editions.map(\.edition).joined(separator: ", ")
      throw ValidationError("no edition '\(edition)' is known; there are \(known)")
    }
  }

  func run() async throws {
    let dialect = edition.flatMap { Dialect(edition: $0) } ?? .reference
    let differential = Differential(length: moves, clients: clients, dialect: dialect)
    var reached = Reached()
    do {
      let service = try TargetURL.service(target)
      for seed in from..<(from + UInt64(seeds)) {
        let finding = try await differential.run(seed: seed, on: service)
        reached.add(finding.reached)
        guard let divergence = finding.divergence else {
          Terminal.say("seed \(seed): \(moves) operations, no difference")
          continue
        }
        report(divergence, finding, seed, dialect)
        try keep(divergence, seed, dialect)
        throw ExitCode(1)
      }
    } catch let error as TargetError {
      FileHandle.standardError.write(Data("\(error)\n".utf8))
      throw ExitCode(3)
    }
    let (requests, succeeded) = reached.total
    Terminal.say("\n\(reached.table)\n")
    Terminal.say("\(seeds) seeds, \(requests) operations, \(succeeded) succeeded: no difference")
  }

  private func report(
    _ divergence: Divergence, _ finding: Differential.Finding, _ seed: UInt64, _ dialect: Dialect
  ) {
    Terminal.say("seed \(seed): a difference after \(finding.moves) operations")
    if !finding.repeats { print("it does not repeat: the same operations went well another time") }
    let difference = divergence.difference
    Terminal.say("minimized to \(divergence.moves.count) operations; after the last of them")
    Terminal.say("  \(difference.field)   expected  \(difference.expected)")
    Terminal.say(
      "  \(String(repeating: " ", count: difference.field.count))        got  \(difference.got)\n")
    Terminal.say(fixture(divergence, seed, dialect))
  }

  private func fixture(_ divergence: Divergence, _ seed: UInt64, _ dialect: Dialect) -> String {
    MoveFixture(
      id: "ZK-FOUND-001", title: "Found by comparison: \(divergence.difference.field)",
      divergence.moves, below: Differential.root(seed: seed), clients: clients, dialect: dialect
    ).yaml
  }

  private func keep(_ divergence: Divergence, _ seed: UInt64, _ dialect: Dialect) throws {
    guard let write else { return }
    try fixture(divergence, seed, dialect).write(toFile: write, atomically: true, encoding: .utf8)
    Terminal.say("written to \(write)")
  }
}
