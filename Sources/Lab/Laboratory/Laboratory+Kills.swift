public import ProtocolCore

/// What an exploration would have caught: the rules and flaws that violate something in that very
/// setting.
///
/// An exploration that finds nothing says little if nothing could have been found: a property that
/// none of these violates could not have failed there.
public struct ExplorationPower<M: Model>: Sendable {
  /// What is caught, with the properties that it violates there.
  public let caught: [(change: Change<M>, violates: [M.Property])]
  /// What violates nothing there, although elsewhere it violates something that is judged here.
  public let missed: [Change<M>]
  /// The properties that were judged and that nothing violates there.
  public let unwitnessed: [M.Property]

  /// How much is caught, and what could not have failed, in a few words.
  public var summary: String {
    let blind = unwitnessed.map { ", blind to \($0.rawValue)" }.joined()
    return "catches \(caught.count) of \(caught.count + missed.count)" + blind
  }

  /// The lines that tell it.
  public var lines: [String] {
    let most = caught.count + missed.count
    let names = caught.map { entry in
      "\(entry.change.name) (\(entry.violates.map { $0.rawValue }.joined(separator: " ")))"
    }
    var lines = ["  would have caught \(caught.count) of \(most): " + names.joined(separator: ", ")]
    if !missed.isEmpty {
      lines.append("  too small for: " + missed.map { $0.name }.joined(separator: ", "))
    }
    if !unwitnessed.isEmpty {
      let names = unwitnessed.map { $0.rawValue }.joined(separator: ", ")
      lines.append("  could not have failed: " + names)
    }
    return lines
  }
}

extension Laboratory {
  /// Leaves out each rule and plants each flaw in an exploration's setting, and sees what is
  /// violated of what it is said to violate.
  ///
  /// - Throws: `TopologyError`, when a topology cannot be made.
  public static func power(
    of explorer: Explorer<Subject>
  ) throws(TopologyError) -> ExplorationPower<Subject> {
    var caught: [(change: Change<Subject>, violates: [Subject.Property])] = []
    var missed: [Change<Subject>] = []
    for experiment in experiments {
      var changed = explorer
      changed.cluster = try explorer.cluster.changed(by: experiment.change)
      changed.judged = Set(experiment.violates.filter(explorer.judged.contains))
      guard !changed.judged.isEmpty else { continue }
      var violated: [Subject.Property] = []
      while !changed.judged.isEmpty, case .violated(let property, _) = changed.explore().ending {
        violated.append(property)
        changed.judged.remove(property)
      }
      if violated.isEmpty {
        missed.append(experiment.change)
      } else {
        caught.append((experiment.change, experiment.violates.filter(violated.contains)))
      }
    }
    let seen = caught.flatMap { $0.violates }
    return ExplorationPower(
      caught: caught, missed: missed,
      unwitnessed: Subject.Property.judged.filter {
        explorer.judged.contains($0) && !seen.contains($0)
      })
  }
}

extension Cluster {
  /// The same setting, in which a rule is left out or a flaw planted beside what is already.
  ///
  /// - Throws: `TopologyError`, when a member cannot be made.
  func changed(by change: Change<C>) throws(TopologyError) -> Cluster {
    var cluster = try Cluster(
      topology, variant: variant, without: without.union(change.rules),
      flaw: change.flaw ?? flaw, bounds: bounds)
    (cluster.asks, cluster.faults, cluster.clocks) = (asks, faults, clocks)
    (cluster.late, cluster.prelude, cluster.partitions) = (late, prelude, partitions)
    cluster.asked = asked
    return cluster
  }
}
