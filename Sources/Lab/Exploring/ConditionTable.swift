import ProtocolCore

/// What conditions hold in a state, asked once for each combination of nodes and monitor: what is
/// under way, and what disks hold, conditions do not see.
struct ConditionTable<C: Model> {
  private var store = StateStore(limit: .max)
  private var packed = PackedState()
  private var view: UnpackedState
  /// Per node: the number that stands for all hosts with this machine.
  private var machines: [Interner<C.Node?>]
  private var numbers: [Int: Int] = [:]
  private var verdicts: [StateStore.Place: Verdict] = [:]
  /// What is asked.
  private let conditions: [C.Condition]

  init(nodes: Int, conditions: [C.Condition]) {
    self.conditions = conditions
    view = UnpackedState(nodes: nodes)
    machines = (0..<nodes).map { _ in Interner() }
  }

  /// Which conditions hold, a bit each, in their order.
  struct Verdict {
    /// Of some node that is up.
    fileprivate var somewhere: UInt64 = 0
    /// Of every node that is up.
    fileprivate var everywhere: UInt64 = 0
  }

  /// Whether the condition holds of a node that is up.
  func holds(_ condition: C.Condition, somewhere verdict: Verdict) -> Bool {
    verdict.somewhere & bit(of: condition) != 0
  }

  /// Whether the condition holds of every node that is up.
  func holds(_ condition: C.Condition, everywhere verdict: Verdict) -> Bool {
    verdict.everywhere & bit(of: condition) != 0
  }

  private func bit(of condition: C.Condition) -> UInt64 {
    conditions.firstIndex(of: condition).map { 1 << UInt64($0) } ?? 0
  }

  /// What holds in the state; nil when there is no room left to remember it.
  mutating func verdict(on state: UnpackedState, by stepper: LocalStepper<C>) -> Verdict? {
    var fingerprint = mix(state.monitor, of: 4)
    for node in state.hosts.indices {
      let host = state.host(of: node)
      let number: Int
      if let known = numbers[host] {
        number = known
      } else {
        number = machines[node].intern(stepper.hosts[node][state.hosts[node]].node).number
        numbers[host] = number
      }
      view.hosts[node] = number
      fingerprint &+= mix(number * state.hosts.count + node, of: 5)
    }
    view.monitor = state.monitor
    view.budget = stepper.budgets[state.budget].cut
    fingerprint &+= mix(view.budget, of: 6)
    packed.pack(view)
    guard !packed.isTooLong, store.makeRoom(for: 1) else { return nil }
    let (place, isNew) = store.insert(
      packed.words, count: packed.count, UInt32(truncatingIfNeeded: fingerprint >> 32), from: 0)
    if !isNew, let verdict = verdicts[place] { return verdict }
    let verdict = judge(state, by: stepper)
    verdicts[place] = verdict
    return verdict
  }

  private func judge(_ state: UnpackedState, by stepper: LocalStepper<C>) -> Verdict {
    let names = stepper.cluster.nodes
    let nodes = names.indices.map { index in
      (id: names[index], node: stepper.hosts[index][state.hosts[index]].node)
    }
    let scene = Scene<C.Node>(nodes: nodes, cuts: stepper.cuts(in: state.budget))
    let monitor = stepper.monitors[state.monitor]
    var verdict = Verdict()
    for (index, condition) in conditions.enumerated() {
      var isSomewhere = false
      var isEverywhere = true
      for place in nodes.indices where nodes[place].node != nil {
        let holds = monitor.holds(condition, at: names[place], in: scene)
        isSomewhere = isSomewhere || holds
        isEverywhere = isEverywhere && holds
      }
      if isSomewhere { verdict.somewhere |= 1 << UInt64(index) }
      if isEverywhere { verdict.everywhere |= 1 << UInt64(index) }
    }
    return verdict
  }
}
