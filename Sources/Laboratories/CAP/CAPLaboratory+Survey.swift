import CAP
public import Lab
import ProtocolCore
import SharedStorage

extension CAPLaboratory {
  /// What each store keeps, without faults, when the network is parted, and when a node crashes.
  ///
  /// Clients roam; of stores that keep more for those that stay, both are asked.
  public static func survey(_ report: (String) -> Void) throws -> [Surveyed] {
    var all: [Surveyed] = []
    var stayed: [Key: [SharedStorage.Property: String]] = [:]
    for (variant, clients) in surveyed {
      var known: [SharedStorage.Property: String] = [:]
      for environment in Survey.Environment.allCases {
        let key = Key(variant: variant, environment: environment)
        known.merge(stayed[key] ?? [:]) { own, _ in own }
        // No node fails where there is a centre: the paper's model has no such fault.
        guard variant != .connected || environment != .crash else { continue }
        var row = try Survey.row(
          variant, clients, environment, knowing: known, memory: 10 << 20, runs: 400)
        // A fault that may come need not.
        if environment == .calm { known = row.cells.compactMapValues(\.history) }
        // One that stays is one that might roam.
        stayed[key] = row.cells.compactMapValues(\.history)
        try Survey.addOutcomes(runs: 300, to: &row)
        let subject = "\(variant.rawValue), clients \(clients.rawValue)"
        report("\(subject), \(environment.rawValue)")
        for promise in Survey.guarantees + Survey.outcomes {
          guard let cell = row.cells[promise] else { continue }
          all.append(
            Surveyed(
              subject: subject, setting: environment.rawValue, promise: promise.rawValue,
              history: cell.history, basis: cell.basis))
        }
      }
    }
    return all
  }

  private struct Key: Hashable {
    let variant: Variant
    let environment: Survey.Environment
  }

  private static let surveyed: [(Variant, Survey.Clients)] =
    [Variant.asynchronous, .bothAnswer, .connected].map { ($0, .stay) }
    + Variant.allCases.map { ($0, .roam) }
}

extension Survey.Cell {
  /// What a yes rests on: of how many workloads all states were gone through, how many that were,
  /// and how many runs were played of the others.
  var basis: String {
    let whole = exhausted > 0 ? "\(exhausted) exhausted, \(states.grouped) states" : ""
    let played = runs > 0 ? "\(runs.grouped) runs" : ""
    return [whole, played].filter { !$0.isEmpty }.joined(separator: "; ")
  }
}

// MARK: What each costs

extension CAPLaboratory {
  /// Tables by their names: `pacelc`, `protocols`, `sides`, `locality`.
  public static func table(_ name: String) throws -> Tabulated? {
    switch name {
    case "pacelc": try pacelc()
    case "protocols": protocols()
    case "sides": try sides()
    case "locality": locality()
    default: nil
    }
  }

  /// What a read and a write of each of three nodes takes where nothing fails, beside what the
  /// store keeps then.
  ///
  /// Source: Abadi, Computer 45(2), 2012: else, latency or consistency.
  private static func pacelc() throws -> Tabulated {
    let rows = try Variant.allCases.map { variant -> [String] in
      let write = try cost(.write("x", 1), variant, at: "a")
      let near = try cost(.read("x"), variant, at: "a")
      let far = try cost(.read("x"), variant, at: "b")
      return [
        "`\(variant.rawValue)`", text(write), text(near), text(far),
        CAPModel.promises(.linearizable, in: variant)
          ? "linearizable" : variant == .connected ? "linearizable, while nothing is lost" : "less",
      ]
    }
    return Tabulated(
      ["store", "write at a", "read at a", "read at b", "without a fault it is"], rows)
  }

  private static func text(_ cost: (delays: Int, messages: Int)?) -> String {
    guard let cost else { return "refused" }
    let trips = cost.delays / 2
    return cost.delays == 0 && cost.messages == 0
      ? "0" : "\(trips) round trip\(trips == 1 ? "" : "s"), \(cost.messages) messages"
  }

  /// Message delays until the answer, and messages in all; nil when it is refused.
  static func cost(
    _ request: Words.Request, _ variant: Variant, at node: NodeID
  ) throws -> (delays: Int, messages: Int)? {
    var system = try settled(variant, asking: request, of: node)
    let steps = system.playFairly([(node, request)])
    var heard: [NodeID: Int] = [:]
    var chains: [Int: Int] = [:]
    var delays: Int?
    for step in steps {
      if case .deliver(let link, _) = step.act, let serial = step.envelope?.serial {
        heard[link.to] = max(heard[link.to, default: 0], chains[serial, default: 0])
      }
      for incident in step.incidents {
        switch incident.happening {
        case .sent:
          if let serial = incident.serial { chains[serial] = heard[incident.node, default: 0] + 1 }
        case .replied(let reply, _):
          if reply == .refused { return nil }
          delays = delays ?? heard[incident.node, default: 0]
        default: break
        }
      }
    }
    return delays.map { ($0, Cost(of: steps).messages) }
  }
}
