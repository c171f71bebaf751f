public import ProtocolCore

extension Laboratory {
  /// How much goes wrong in an exploration if nobody says: one crash, where crashes are borne; and
  /// time passes freely where a timer runs out only when nothing else can happen.
  public static var usualBounds: Bounds {
    let faults = Subject.faults
    return Bounds(
      crashes: faults.contains(.crash) ? 1 : 0, losses: 0, duplicates: 0,
      expiries: keepsMessages || !faults.contains(.suspicion) ? .max : 0)
  }

  /// An explorer of this cluster in which all nodes are asked the usual only, or anything.
  public static func explorer(
    of cluster: Cluster<Subject>, usually: Bool
  ) -> Explorer<Subject> {
    var cluster = cluster
    if usually { cluster.asks = cluster.asks.map { $0.usual } }
    var explorer = Explorer(cluster)
    explorer.isLasting = keepsMessages
    explorer.keepsIgnored = keepsIgnored
    return explorer
  }
}

extension Laboratory where Subject: Symmetric {
  /// The exploration in which states that differ only in the names of nodes that are alike are
  /// taken for one; what is asked of these is asked before it begins, and is the usual.
  ///
  /// - Returns: nil when it cannot be done: nodes may crash, or no two are alike.
  public static func byOrbits(_ explorer: Explorer<Subject>) -> Explorer<Subject>? {
    var explorer = explorer
    let alike = Subject.alike(in: explorer.cluster.topology)
    let asks = explorer.cluster.asks
    explorer.prelude += asks.filter { alike.contains($0.node) }.map {
      .ask($0.node, $0.requests[0])
    }
    explorer.cluster.asks = asks.filter { !alike.contains($0.node) }
    explorer.takesOrbits = true
    return explorer.isByOrbits ? explorer : nil
  }
}

// MARK: What is printed

extension Laboratory {
  /// The lines that sum up an exploration that found no run that goes wrong.
  public static func lines(
    of found: Exploration<Subject>, judged: [Subject.Property], seconds: Double
  ) -> [String] {
    let states = found.isByOrbits ? "orbits" : "states"
    let size = "\(found.states.grouped) \(states), depth \(found.depth)"
    var rate =
      "  \(found.transitions.grouped) transitions by \(found.steps.grouped) different steps"
    if found.states >= 100_000 {
      rate += "; \((Double(found.bytes) / Double(found.states)).tenths) bytes a state"
    }
    guard found.ending == .exhausted else {
      return ["not exhausted: \(size), and more; \(seconds.short) s", rate]
    }
    let orbits = found.isByOrbits ? ", which are \(found.statesInOrbits.grouped) states" : ""
    let held = judged.filter(\.isJudged).map(\.rawValue)
    var parts = ["exhausted: \(size)\(orbits)"]
    if !held.isEmpty { parts.append(names(held) + (held.count > 1 ? " hold" : " holds")) }
    parts.append("\(seconds.short) s")
    let futures = judged.filter { if case .recovers = $0.form { true } else { false } }
    let possible =
      futures.isEmpty
      ? [] : ["  \(names(futures.map(\.rawValue))): possible from every state, in some order"]
    return [parts.joined(separator: ", ")] + possible
      + judged.compactMap { reached($0, found) } + [rate]
  }

  /// What became of a *sometimes*.
  private static func reached(
    _ property: Subject.Property, _ found: Exploration<Subject>
  ) -> String? {
    guard case .sometimes(let condition) = property.form else { return nil }
    guard let run = found.witnesses[property] else {
      return "  \(condition.rawValue) not reachable within these bounds (sometimes ✗)"
    }
    let acts = run.count == 1 ? "1 act" : "\(run.count) acts"
    return "  \(condition.rawValue) reachable (sometimes ✓, \(acts))"
  }

  /// AC1, AC2, AC3 become AC1–AC3.
  private static func names(_ names: [String]) -> String {
    var runs: [[String]] = []
    for name in names {
      if let last = runs.last?.last, let number = name.last?.wholeNumberValue,
        last.last?.wholeNumberValue == number - 1, last.dropLast() == name.dropLast()
      {
        runs[runs.count - 1].append(name)
      } else {
        runs.append([name])
      }
    }
    return runs.map { run in
      run.count > 2 ? "\(run[0])–\(run[run.count - 1])" : run.joined(separator: ", ")
    }.joined(separator: ", ")
  }
}

extension Int {
  /// With a comma between every three digits.
  public var grouped: String {
    let digits = Array(String(magnitude))
    var text = ""
    for (index, digit) in digits.enumerated() {
      if index > 0, (digits.count - index).isMultiple(of: 3) { text += "," }
      text.append(digit)
    }
    return (self < 0 ? "-" : "") + text
  }

  /// So many of a thing: `1 act`, `1,200 acts`.
  public func of(_ noun: String) -> String { "\(grouped) \(noun)\(self == 1 ? "" : "s")" }
}

extension Double {
  /// Three decimals, and never an exponent.
  var short: String {
    let thousandths = Int((self * 1_000).rounded())
    let rest = "\(1_000 + thousandths % 1_000)".dropFirst()
    return "\(thousandths / 1_000).\(rest)"
  }

  /// One decimal.
  var tenths: String {
    let tenths = Int((self * 10).rounded())
    return "\(tenths / 10).\(tenths % 10)"
  }
}
