public import ProtocolCore

/// What a run costs: messages, records, and how many of these something had to wait for.
public struct Cost: Hashable, Sendable {
  /// Messages that left their nodes.
  public var messages = 0
  /// Records written.
  public var records = 0
  /// Records that were forced: a message or a reply was held until they were stable.
  /// (What is only made when they are stable is not seen to wait.)
  public var forced = 0
  /// Rounds: the longest chain of messages, each sent because of the one before.
  public var rounds = 0

  /// Nothing.
  public init() {}

  /// What these steps cost.
  public init<Words: Vocabulary>(of steps: some Sequence<Step<Words>>) {
    /// Nodes whose newest record nothing waits for yet.
    var unforced: Set<NodeID> = []
    /// How long the chain is that each node has heard of, and that each envelope ends.
    var heard: [NodeID: Int] = [:]
    var chains: [Int: Int] = [:]
    for step in steps {
      if case .deliver(let link, _) = step.act, let envelope = step.envelope {
        heard[link.to] = max(heard[link.to, default: 0], chains[envelope.serial, default: 0])
      }
      for incident in step.incidents { count(incident) }
    }

    func count(_ incident: Incident<Words>) {
      switch incident.happening {
      case .persisted:
        records += 1
        unforced.insert(incident.node)
      case .held, .heldReply:
        if unforced.remove(incident.node) != nil { forced += 1 }
      case .sent:
        messages += 1
        let chain = heard[incident.node, default: 0] + 1
        if let serial = incident.serial { chains[serial] = chain }
        rounds = max(rounds, chain)
      case .started, .crashed, .forgot, .asked, .expired, .stored, .replied, .repliedAgain, .set,
        .cancelled, .noted, .dropped, .connects, .disconnects, .disconnected:
        break
      }
    }
  }
}

extension SystemState {
  /// Asks these things and lets everything happen in its order, without any fault.
  ///
  /// - Returns: the steps, for counting and drawing.
  public mutating func playFairly(_ asks: [(NodeID, Words.Request)]) -> [Step<Words>] {
    var steps: [Step<Words>] = []
    for (node, request) in asks {
      if let step = try? perform(.ask(node, request)) { steps.append(step) }
    }
    steps += deliverAllSteps()
    return steps
  }
}
