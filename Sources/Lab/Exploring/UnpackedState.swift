/// A state while it is worked on: numbers, not yet bytes.
struct UnpackedState {
  /// The hosts, in the order of the nodes, each by its number among the hosts of its node.
  var hosts: [Int]
  /// The monitor.
  var monitor = 0
  /// What may still go wrong, and what is still to be asked.
  var budget = 0
  /// What is under way, by key; only the first `envelopeCount` count.
  private(set) var envelopes = [Int](repeating: 0, count: 64)
  /// How many envelopes are under way.
  var envelopeCount = 0

  init(nodes: Int) { hosts = Array(repeating: 0, count: nodes) }

  /// The number of a node's host among all hosts.
  func host(of node: Int) -> Int { hosts[node] &* hosts.count &+ node }

  /// Adds an envelope behind all others.
  mutating func append(_ envelope: Int) {
    if envelopeCount == envelopes.count {
      envelopes.append(contentsOf: repeatElement(0, count: envelopes.count))
    }
    envelopes[envelopeCount] = envelope
    envelopeCount &+= 1
  }

  /// Adds an envelope behind all of its key.
  mutating func add(_ envelope: Int, by table: borrowing TransitionTable) {
    append(envelope)
    var place = envelopeCount - 1
    let key = table.envelopes[envelope].key
    while place > 0, table.envelopes[envelopes[place - 1]].key > key {
      envelopes[place] = envelopes[place - 1]
      place -= 1
    }
    envelopes[place] = envelope
  }

  /// Takes over the envelopes of another state, but for the one at a position, if it is one.
  mutating func copyEnvelopes(of other: UnpackedState, but position: Int) {
    envelopeCount = 0
    for index in 0..<other.envelopeCount where index != position { append(other.envelopes[index]) }
  }

  /// Whether such an envelope is under way.
  func contains(_ envelope: Int) -> Bool {
    for index in 0..<envelopeCount where envelopes[index] == envelope { return true }
    return false
  }

  /// Takes away the envelope at a position.
  mutating func remove(at position: Int) {
    envelopeCount &-= 1
    for index in position..<envelopeCount { envelopes[index] = envelopes[index &+ 1] }
  }

  /// Takes away one such envelope, if it is there.
  mutating func remove(_ envelope: Int) {
    for index in 0..<envelopeCount where envelopes[index] == envelope { return remove(at: index) }
  }

  /// What all parts add up to.
  func fingerprint(by table: borrowing TransitionTable) -> UInt64 {
    var sum = table.monitorMix[monitor] &+ table.budgetMix[budget]
    for node in hosts.indices { sum &+= table.hosts[host(of: node)].mix }
    for index in 0..<envelopeCount { sum &+= table.envelopes[envelopes[index]].mix }
    return sum
  }
}

extension UnpackedState: Equatable {
  static func == (a: UnpackedState, b: UnpackedState) -> Bool {
    a.hosts == b.hosts && a.monitor == b.monitor && a.budget == b.budget
      && a.envelopes[..<a.envelopeCount] == b.envelopes[..<b.envelopeCount]
  }
}
