import Foundation
import ProtocolCore
import Targets
import ZooKeeperConformance
import ZooKeeperQuirks
import ZooKeeperServer

/// How long it takes to find a planted quirk, and to make the run that shows it small.
struct QuirkHunt {
  /// One of each kind: Stats, versions, watches, numbers, multis, errors and their order.
  static let quirks = [
    "keeper-deletes-leave-pzxid", "aversion-stays-on-setACL", "set-ignores-the-version",
    "child-event-lost-on-create", "data-watches-stay", "numbers-are-reused",
    "multi-keeps-what-came-first", "delete-NotEmpty-as-NodeExists",
    "create-NodeExists-before-NoAuth", "getACL-NoAuth-as-NoNode",
  ]

  let seed: UInt64
  /// How many operations a run has.
  let length: Int

  /// What finding one cost.
  struct Catch {
    var runs = 0
    var seconds = 0.0
    var operations: Int?
  }

  func run() async throws {
    var slowest = 0.0
    for name in Self.quirks {
      let found = try await hunt(try Quirk.named(name))
      let name = name.padded(to: 34, atLeast: 1)
      guard let operations = found.operations else {
        print("quirk       \(name)not found in \(found.runs) runs")
        continue
      }
      slowest = max(slowest, found.seconds)
      print(
        "quirk       \(name)\(thousandths(found.seconds)) s, \(found.runs) runs, "
          + "minimized to \(operations) operations")
    }
    print("            found and minimized in at most \(thousandths(slowest)) s")
  }

  private func hunt(_ quirk: Quirk) async throws -> Catch {
    let target = ReferenceTarget(url: "reference:\(quirk.name)", quirks: [quirk])
    let differential = Differential(length: length)
    var found = Catch()
    let begin = ContinuousClock.now
    while found.operations == nil, found.runs < 1_000 {
      let finding = try await differential.run(seed: seed + UInt64(found.runs), on: target)
      found.runs += 1
      found.operations = finding.divergence?.moves.count
    }
    found.seconds = (ContinuousClock.now - begin) / .seconds(1)
    return found
  }

  private func thousandths(_ value: Double) -> String { String(format: "%.3f", value) }
}
