import ArgumentParser
import Catalogue
import Foundation
import Lab
import ProtocolCore

/// Measures how soon random faults come across what is planted.
struct FindBench: ParsableCommand, LaboratoryVisitor {
  static let configuration = CommandConfiguration(
    commandName: "find",
    abstract: "How soon simulated runs find what is planted in a chapter.",
    discussion: """
      Each rule is left out and each bug planted in turn, in every form and size that a search \
      tries, from the usual beginning: no prepared moment helps, and nothing is explored. Told are \
      the medians over the seeds: runs until the first that fails, the processor's seconds for \
      that and for making it small, and the acts that are left (those of --from do not count).

      quorate bench find zab truncated quorumCommits
      quorate bench find zab truncated --size 3 --variant usual
      quorate bench find zab truncated --from Fixtures/ZAB/ZAB-S00-established.run
      """)

  @Argument(help: "The chapter.")
  var chapter: String
  @Argument(help: "Rules and bugs; all of them, if none is named.")
  var names: [String] = []
  @Option(help: "How many nodes there are. (default: every size that a search tries)")
  var size: Int?
  @Option(help: "The form of the protocol. (default: every form)")
  var variant: String?
  @Option(help: "Begin each run with the acts of this run file, in its setting.")
  var from: String?
  @Option(help: "How many beginnings are tried.")
  var seeds = 20
  @Option(help: "How many runs are played at most from each.")
  var budget = 2_000

  func validate() throws {
    guard seeds > 0, budget > 0 else {
      throw ValidationError("--seeds and --budget are more than 0")
    }
  }

  func run() throws { try LaboratoryOptions.visit(chapter, self) }

  /// What finding from one beginning cost.
  private struct Catch {
    var runs = 0
    var seconds = 0.0
    var acts: Int?
    var violated = ""
  }

  func visit<L: Laboratory>(_ laboratory: L.Type) throws {
    let all = L.experiments.filter { !$0.violates.isEmpty }
    func name(_ experiment: Experiment<L.Subject>) -> String {
      String(experiment.change.stem.split(separator: "-", maxSplits: 1).last ?? "")
    }
    if let stray = names.first(where: { stray in !all.contains { name($0) == stray } }) {
      throw ValidationError("\(L.name) plants nothing that is called '\(stray)'")
    }
    Terminal.row("planted                          found     runs        s   acts  violated")
    for experiment in all where names.isEmpty || names.contains(name(experiment)) {
      let clusters = try clusters(L.self, experiment)
      guard !clusters.isEmpty else {
        throw ValidationError("no search for '\(name(experiment))' has that size and form")
      }
      let catches = (0..<seeds).map { number in
        find(in: clusters, from: UInt64(number) * 1_000_000)
      }
      Terminal.row(line(of: catches, name(experiment)))
    }
  }

  /// The clusters that a search tries, as far as they are wanted.
  private func clusters<L: Laboratory>(
    _ laboratory: L.Type, _ experiment: Experiment<L.Subject>
  ) throws -> [Cluster<L.Subject>] {
    let all = try L.clusters(for: experiment).filter { cluster in
      size.map { $0 == cluster.nodes.count } ?? true
        && variant.map { $0 == cluster.variant.rawValue } ?? true
    }
    guard let from else { return all }
    let setting = try LaboratoryOptions.cluster(laboratory, from: from, asks: nil)
    return all.filter { $0.nodes == setting.nodes && $0.variant == setting.variant }
      .map { $0.beginning(with: setting.prelude) }
  }

  private func find<C: Model>(in clusters: [Cluster<C>], from first: UInt64) -> Catch {
    let before = ProcessorTime.own
    var found = Catch()
    for seed in first..<first + UInt64(budget) {
      let cluster = clusters[Int(seed % UInt64(clusters.count))]
      let run = Simulator(cluster).run(seed: seed)
      found.runs += 1
      guard let violated = run.violated else { continue }
      var least = Counterexample(
        cluster: run.system.cluster, violated: violated, acts: run.acts, foundWith: run.acts.count)
      least.minimize()
      found.acts = least.acts.count
      found.violated = violated.rawValue
      break
    }
    found.seconds = ProcessorTime.own - before
    return found
  }

  private func line(of catches: [Catch], _ name: String) -> String {
    let caught = catches.filter { $0.acts != nil }
    let share = "\(caught.count)/\(catches.count)".padded(to: 8, atLeast: 1)
    let start = name.padded(to: 33, atLeast: 1) + share
    guard let runs = Self.median(catches.map { Double($0.runs) }),
      let seconds = Self.median(catches.map(\.seconds)),
      let acts = Self.median(caught.compactMap { $0.acts.map(Double.init) })
    else { return start + "not within \(budget) runs" }
    let violated = Dictionary(grouping: caught, by: \.violated).sorted { a, b in
      (b.value.count, a.key) < (a.value.count, b.key)
    }
    return start + String(format: "%6.0f %8.2f %6.0f  ", runs, seconds, acts)
      + (violated.first?.key ?? "")
  }

  private static func median(_ numbers: [Double]) -> Double? {
    let sorted = numbers.sorted()
    return sorted.isEmpty ? nil : (sorted[(sorted.count - 1) / 2] + sorted[sorted.count / 2]) / 2
  }
}
