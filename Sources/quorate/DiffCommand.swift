import ArgumentParser
import Conformance
import Foundation
import Targets
import ZooKeeper
import ZooKeeperConformance

/// Compares a server with the reference, move by move, on runs that nobody wrote.
struct DiffCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "diff",
    abstract: "Compare a server with the reference on generated runs.",
    discussion: """
      Each seed draws a run of operations by several sessions from the reference's model, plays it \
      on the target and compares every result, Stat and event. The first difference is minimized \
      on the target itself and can be written as a fixture. That can take minutes; Ctrl-C ends it, \
      and the shortest run so far is told and written.

      Examples:
        quorate diff zookeeper://127.0.0.1:2181
        quorate diff zookeeper://127.0.0.1:2181 --edition 3.8
        quorate diff zookeeper://127.0.0.1:2181 --seeds 1 --from 7 --write found.yaml

      Exit: 0 no difference, 1 a difference, 2 stopped before there was one, 3 the target cannot \
      be judged, 64 usage.
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
  @Option(
    help: """
      The edition whose dialect the target speaks, 3.4.14 to 3.9.5, or its line, 3.8. \
      (default: what probing finds)
      """)
  var edition: String?
  @Option(help: "Where to write a difference as a fixture.")
  var write: String?

  func validate() throws {
    guard (1...100_000).contains(seeds), (1...1_000_000).contains(moves) else {
      throw ValidationError("--seeds is 1 to 100000, --moves 1 to 1000000")
    }
    guard from <= UInt64.max - UInt64(seeds) else {
      throw ValidationError("--from is at most \(UInt64.max - UInt64(seeds))")
    }
    guard (1...6).contains(clients) else { throw ValidationError("--clients is 1 to 6") }
    if let edition, Dialect(edition: edition) == nil {
      let known = Dialect.editions.map(\.edition).joined(separator: ", ")
      throw ValidationError("no edition '\(edition)' is known; there are \(known)")
    }
  }

  func run() async throws {
    let outlet = try write.map { try Outlet("--write", $0) }
    let service = try await told { try TargetURL.service(target) }
    let progress = Progress("probing \(target)")
    defer { progress.end() }
    let profile = try await told { try await Probe.profile(of: service) }
    progress.end()
    let differential = differential(service, profile)
    Terminal.say(manner(profile))
    let comparison = Task {
      try await compare(differential, with: service, outlet)
    }
    Interrupts.listen(
      first: {
        Terminal.complain("\nstopping: the server is cleaned up")
        comparison.cancel()
      },
      second: {
        Terminal.complain(
          "left behind: \(differential.folder); "
            + "quorate verify \(service.url.typed) --clean removes it")
      })
    try await comparison.value
  }

  private func compare(
    _ differential: Differential, with service: any ServiceTarget, _ outlet: Outlet?
  ) async throws {
    var reached = Reached()
    for seed in from..<(from + UInt64(seeds)) {
      let finding = try await finding(differential, seed, service)
      reached.add(finding.reached)
      guard let divergence = finding.divergence else {
        Terminal.say("seed \(seed): \(moves) operations, no difference")
        continue
      }
      let fixture = fixture(divergence, differential)
      report(divergence, finding, fixture)
      if let outlet {
        try outlet.write(fixture)
        Terminal.say("written to \(outlet.path)")
      }
      throw ExitCode(1)
    }
    let (requests, succeeded) = reached.total
    Terminal.say("\n\(reached.table)\n")
    Terminal.say("\(seeds) seeds, \(requests) operations, \(succeeded) succeeded: no difference")
  }

  // MARK: Dialect

  private func differential(_ service: any ServiceTarget, _ profile: Profile) -> Differential {
    let dialect = edition.flatMap { Dialect(edition: $0) } ?? profile.dialect
    var differential = Differential(length: moves, clients: clients, dialect: dialect)
    differential.folder = service.root + differential.folder
    return differential
  }

  /// With what the target is compared.
  private func manner(_ profile: Profile) -> String {
    if let edition, let number = Dialect.number(of: edition) {
      return "\(target) is compared with edition \(number), as --edition tells"
    }
    return "\(target) is compared with edition \(profile.edition), as which it behaves; "
      + "--edition names another"
  }

  // MARK: Playing

  private func finding(
    _ differential: Differential, _ seed: UInt64, _ service: any ServiceTarget
  ) async throws -> Differential.Finding {
    let progress = Progress("seed \(seed)")
    defer { progress.end() }
    do {
      let finding = try await differential.run(seed: seed, on: service) { first in
        Terminal.say(
          "seed \(seed): a difference after \(first.moves.count) operations; making it small")
      }
      if finding.brokenOff != nil { await clear(differential, service) }
      return finding
    } catch {
      guard Task.isCancelled else { throw Refusal(error) }
      await clear(differential, service)
      throw failure(.inconclusive, "stopped during seed \(seed); before it there was no difference")
    }
  }

  /// In a task of its own, which nobody has cancelled.
  private func clear(_ differential: Differential, _ service: any ServiceTarget) async {
    await Task.detached { await differential.clear(service) }.value
  }

  // MARK: Reporting

  private func report(
    _ divergence: Divergence, _ finding: Differential.Finding, _ fixture: String
  ) {
    if let why = finding.brokenOff {
      let cause = Task.isCancelled ? "stopped" : "\(why)"
      Terminal.say("\(cause): there may be a shorter run")
    } else if !finding.repeats {
      Terminal.say("it does not repeat: the same operations went well another time")
    }
    let difference = divergence.difference
    let indent = String(repeating: " ", count: difference.field.count)
    let begin = finding.brokenOff == nil ? "minimized to" : "so far"
    Terminal.say("\(begin) \(divergence.moves.count) operations; after the last of them")
    Terminal.say("  \(difference.field)   expected  \(difference.expected)")
    Terminal.say("  \(indent)        got  \(difference.got)\n")
    Terminal.say(fixture)
  }

  private func fixture(_ divergence: Divergence, _ differential: Differential) -> String {
    MoveFixture(
      id: "ZK-FOUND-001", title: "Found by comparison: \(divergence.difference.field)",
      divergence.moves, below: differential.root, clients: clients, dialect: differential.dialect,
      looksAtTimes: divergence.difference.isOfTime
    ).yaml
  }
}
