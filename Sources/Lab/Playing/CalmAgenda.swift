import ProtocolCore

/// What time brings when nothing fails any more: which timer runs out next, and which client asks
/// again.
///
/// Times are drawn from the timers' ranges, by chance that is the same each time.
struct CalmAgenda<Node: Machine> {
  /// Something that happens because time has passed.
  enum Event {
    case expiry(NodeID, Node.Words.Timer)
    case client(ClientID)
  }

  private struct Entry {
    let event: Event
    let due: Int
  }

  private var entries: [Entry] = []
  private var now = 0
  private var choices = Choices(seed: 1)

  /// What these hosts and these clients wait for.
  init(_ hosts: [Host<Node>], _ clients: [ClientID]) {
    for host in hosts {
      for alarm in host.alarms { set(alarm.timer, alarm.range, at: host.id) }
    }
    for client in clients { wake(client, isWaiting: false) }
  }

  private mutating func set(
    _ timer: Node.Words.Timer, _ range: ClosedRange<Ticks>, at node: NodeID
  ) {
    stop(timer, at: node)
    let ticks = choices.within(range.lowerBound.count...range.upperBound.count)
    entries.append(Entry(event: .expiry(node, timer), due: now + max(1, ticks)))
  }

  private mutating func stop(_ timer: Node.Words.Timer, at node: NodeID) {
    entries.removeAll { entry in
      if case .expiry(node, timer) = entry.event { true } else { false }
    }
  }

  /// A client asks again, soon or when it has waited for long, unless that is planned.
  mutating func wake(_ client: ClientID, isWaiting: Bool) {
    let isPlanned = entries.contains { entry in
      if case .client(client) = entry.event { true } else { false }
    }
    guard !isPlanned else { return }
    let ticks = isWaiting ? choices.within(100...200) : choices.within(5...20)
    entries.append(Entry(event: .client(client), due: now + ticks))
  }

  /// Timers were set and stopped.
  mutating func follow(_ incidents: [Incident<Node.Words>]) {
    for incident in incidents {
      switch incident.happening {
      case .set(let timer, let range): set(timer, range, at: incident.node)
      case .cancelled(let timer), .expired(let timer): stop(timer, at: incident.node)
      default: break
      }
    }
  }

  /// What comes next, if it comes by then.
  mutating func next(within patience: Ticks) -> Event? {
    guard let place = entries.indices.min(by: { entries[$0].due < entries[$1].due }),
      entries[place].due <= patience.count
    else { return nil }
    let entry = entries.remove(at: place)
    now = entry.due
    return entry.event
  }
}
