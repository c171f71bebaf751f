import ProtocolCore

// What the command prints of simulations and searches, so that it needs few lines itself.

extension Laboratory {
  /// The lines that sum up a campaign.
  public static func lines(of campaign: Campaign<Subject>, seconds: Double) -> [String] {
    let tally = campaign.tally
    var lines = [
      "\(campaign.runs) runs of \(title), \(campaign.distinctRuns) distinct, "
        + "\(tally.acts) acts in \(seconds.short) s",
      "  \(tally.crashes) crashes (\(tally.crashesInRecovery) during recovery), "
        + "\(tally.losses) messages lost, \(tally.duplicates) doubled, \(tally.cuts) cuts, "
        + "\(tally.expiries) time-outs",
    ]
    for (note, count) in tally.notes.sorted(by: { ($1.value, $0.key) < ($0.value, $1.key) }) {
      lines.append("  \(note): \(count)")
    }
    for property in Subject.Property.allCases where !property.isJudged {
      let seed = campaign.witnesses[property]
      lines.append(
        "  sometimes \(property): " + (seed.map { "yes, seed \($0)" } ?? "never reached"))
    }
    if let failure = campaign.failure, let violated = failure.violated {
      let length = failure.acts.count.of("act")
      lines.append("VIOLATED  \(violated), seed \(failure.seed), after \(length)")
    } else {
      let judged = Subject.Property.judged.filter { property in
        campaign.simulators.allSatisfy { $0.judged.contains(property) }
          && campaign.simulators.contains { isAtStake(property, in: $0.cluster) }
      }
      lines.append("  hold: " + judged.map(\.rawValue).joined(separator: ", "))
    }
    return lines
  }

  /// What goes wrong, as the reader is told: the acts, what followed, and how the nodes end.
  public static func lines(
    of found: Counterexample<Subject>, after title: String, seconds: Double
  ) -> [String] {
    var system = SystemState(found.cluster)
    let trace = Trace(of: found.acts, on: &system)
    var lines = [
      "\(title), \(found.violated) is violated: \(trace.entries.count.of("act")), "
        + "found in \(seconds.short) s, "
        + found.howShort,
      found.cluster.topology.map(\.description).joined(separator: ", ")
        + "; \(found.cluster.variant.rawValue)",
    ]
    for entry in trace.entries {
      lines += ["> \(entry.act)"] + RunFile.layout(entry.lines)
    }
    lines.append("= violates \(found.violated)")
    if case .recovers(let condition, let repaired, let healed) = found.violated.form {
      let acts = system.quiesce(until: [condition], repaired: repaired, healed: healed).acts.count
      let how = repaired ? "everything is repaired" : "nothing more fails"
      lines.append("  from here \(how), and \(acts.of("act")) later it stands so:")
    }
    let scene = system.scene
    for host in system.hosts {
      let state = host.node.map { "\($0)" } ?? "down"
      let said = Subject.outcomes.filter { system.monitor.holds($0, at: host.id, in: scene) }
      lines.append("  \(([host.id.name, state] + said.map(\.rawValue)).joined(separator: "   "))")
    }
    return lines
  }

  /// A counterexample as a run file, ready to be replayed.
  public static func text(of found: Counterexample<Subject>) -> String {
    let change = found.cluster.change
    let claims = change.flatMap { experiment($0) }?.claims ?? []
    var header: [(RunFile.Key, String)] =
      claims.isEmpty ? [] : [(.claims, claims.joined(separator: " "))]
    if case .without(let rule) = change { header.append((.source, rule.source)) }
    var coda: (String, [Act<Subject.Words>])?
    if case .recovers(let condition, let repaired, let healed) = found.violated.form {
      let rest = rounds(
        after: found, until: condition, Help(repaired: repaired, healed: healed))
      let often = ["once", "twice"].dropFirst(rest.rounds - 1).first ?? "\(rest.rounds) times"
      // Where those who hear of a leader wait, and here do not, that shows nothing.
      if Counterexample.isViolated(found, after: rest.acts) {
        coda = ("From here nothing fails any more, and every timer runs out \(often).", rest.acts)
      }
    }
    return RunFile.text(
      id: "\(Subject.name.uppercased())-\(change?.stem ?? "found")",
      title: change?.sentence ?? "what goes wrong", header: header, cluster: found.cluster,
      acts: found.acts, coda: coda, checks: ["violates \(found.violated)"])
  }

  /// What comes of it when nothing fails any more, until a round of timers brings nothing new.
  ///
  /// For the reader each timer runs out once before any runs out twice; what is judged is judged by
  /// the clock.
  private static func rounds(
    after found: Counterexample<Subject>, until condition: Subject.Condition, _ help: Help
  ) -> (rounds: Int, acts: [Act<Subject.Words>]) {
    var start = SystemState(found.cluster)
    _ = Trace(of: found.acts, on: &start)
    func future(_ rounds: Int) -> (hosts: [Host<Subject.Node>], acts: [Act<Subject.Words>]) {
      var system = start
      var acts = system.quiesce(
        until: [condition], repaired: help.repaired, healed: help.healed, within: 0
      ).acts
      for _ in 0..<rounds {
        let due = system.hosts.flatMap { host in host.alarms.map { (host.id, $0.timer) } }
        for (id, timer) in due where (try? system.perform(.expire(id, timer))) != nil {
          acts.append(.expire(id, timer))
          acts += system.deliverAll()
        }
      }
      return (system.hosts, acts)
    }
    var (rounds, last) = (1, future(1))
    while rounds < 12 {
      let next = future(rounds + 1)
      if next.hosts == last.hosts { return (rounds, last.acts) }
      (rounds, last) = (rounds + 1, next)
    }
    // Who begins something anew each time never comes to an end: three rounds show it.
    return (3, future(3).acts)
  }
}

extension Counterexample {
  /// How short it is, in words.
  fileprivate var howShort: String {
    switch isShortest {
    case .all: "one of the shortest"
    case .thatBeginSo:
      "one of the shortest that begin with the \(cluster.prelude.count.of("act")) before"
    case .unknown: "minimized from \(foundWith)"
    }
  }
}
