public import ProtocolCore

// Going through a run act by act: each screen is a function of the position alone, so going back
// is going there.

extension Playback {
  /// The screen after so many acts: what happened last, where every node stands, what is under
  /// way, and the rules at work.
  ///
  /// - Precondition: the position is an index of `frames`.
  public func screen(at position: Int) -> String {
    let frame = frames[position]
    var lines = ["\(file.id)  \(file.title)", "act \(position) of \(frames.count - 1)", ""]
    if position > 0 {
      lines += ["> \(frame.act)"]
      lines += frame.followed.map { "    \($0)" }
      let rules = rulesAtWork(at: position)
      lines += rules.map { "  rule \($0.rawValue): \($0.sentence)" }
      lines += [""]
    }
    let width = frame.system.cluster.nodes.map { $0.name.count }.max() ?? 1
    for host in frame.system.hosts { lines += describe(host, width: width) }
    if !frame.system.envelopes.isEmpty {
      lines += ["", "under way"]
      lines += frame.system.envelopes.map { "  \($0.link) \($0.content)" }
    }
    if !frame.system.streams.isEmpty {
      let names = frame.system.streams.sorted().map { "\($0.near)–\($0.far)\($0.channel.suffix)" }
      lines += ["", "streams  " + names.joined(separator: ", ")]
    }
    if !frame.system.cuts.isEmpty {
      lines += ["", "cut  " + frame.system.cuts.sorted().map(\.description).joined(separator: " ")]
    }
    let failures = failures.filter { $0.place.line == frame.line }
    lines += failures.map { "FAILS  \($0.reason)" }
    return lines.joined(separator: "\n")
  }

  private func describe(_ host: Host<C.Node>, width: Int) -> [String] {
    let name = host.id.name.padded(to: width + 2)
    let state = host.node.map { "\($0)" } ?? "✗ down"
    let timers = host.alarms.map { "\($0.timer)" }.joined(separator: ", ")
    var lines = [name + state + (timers.isEmpty ? "" : "   ⏰ \(timers)")]
    let indent = String(repeating: " ", count: width + 2)
    if !host.disk.isEmpty {
      lines += [indent + "disk  " + host.disk.map { "\($0)" }.joined(separator: ", ")]
    }
    if !host.queue.isEmpty {
      lines += [indent + "not stable  " + host.queue.map { "\($0)" }.joined(separator: ", ")]
    }
    return lines
  }

  /// The rules without which the act would have had another result, in their order.
  ///
  /// - Precondition: the position is an index of `frames`, and not the first.
  public func rulesAtWork(at position: Int) -> [C.Rule] {
    guard let step = frames[position].step else { return [] }
    let before = frames[position - 1].system
    return C.Rule.allCases.filter { rule in
      guard !cluster.without.contains(rule) else { return false }
      var other = before.leavingOut([rule])
      guard let otherStep = try? other.perform(step.act) else { return true }
      return otherStep != step
        || other.leavingOut([]).hosts != frames[position].system.leavingOut([]).hosts
    }
  }
}

extension Host where Node: Ruled {
  /// The host with a machine that leaves these rules out from now on.
  func leavingOut(_ rules: Set<Node.Rule>) -> Host {
    var host = self
    host.node?.without = rules
    host.birth.without = rules
    return host
  }
}

extension SystemState {
  /// The system with machines that leave these rules out from now on, and no others.
  func leavingOut(_ rules: Set<C.Rule>) -> SystemState {
    var system = self
    system.hosts = hosts.map { $0.leavingOut(rules.union(cluster.without)) }
    return system
  }
}

extension Host.Waiting: CustomStringConvertible {
  /// As the screen shows it.
  public var description: String {
    switch self {
    case .record(let record): "\(record)"
    case .send(let message, let receiver): "(→ \(receiver) \(message))"
    case .reply(let reply, _): "(⇒ \(reply))"
    }
  }
}
