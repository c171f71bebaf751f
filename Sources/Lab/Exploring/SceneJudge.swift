import ProtocolCore

/// What conditions hold in a state, asked once for each combination of nodes and observer: what is
/// under way, and what disks hold, conditions do not see.
struct SceneJudge<C: Chapter> {
  private var store = StateStore(limit: .max)
  private var packed = PackedState()
  private var view: UnpackedState
  /// Per node: the number that stands for all hosts with this machine.
  private var machines: [Interner<C.Node?>]
  private var numbers: [Int: Int] = [:]
  private var verdicts: [StateStore.Place: Verdict] = [:]

  init(nodes: Int) {
    view = UnpackedState(nodes: nodes)
    machines = (0..<nodes).map { _ in Interner() }
  }

  /// Which conditions hold.
  struct Verdict: Hashable {
    fileprivate var somewhere: Set<C.Condition> = []
    fileprivate var everywhere: Set<C.Condition> = []

    /// Whether it holds of a node that is up.
    func holdsSomewhere(_ condition: C.Condition) -> Bool { somewhere.contains(condition) }
    /// Whether it holds of every node that is up.
    func holdsEverywhere(_ condition: C.Condition) -> Bool { everywhere.contains(condition) }
  }

  /// What holds in the state; nil when there is no room left to remember it.
  mutating func verdict(on state: UnpackedState, by teacher: Teacher<C>) -> Verdict? {
    var fingerprint = mix(state.watch, of: 4)
    for node in state.hosts.indices {
      let host = state.host(of: node)
      let number: Int
      if let known = numbers[host] {
        number = known
      } else {
        number = machines[node].intern(teacher.hosts[node][state.hosts[node]].node).number
        numbers[host] = number
      }
      view.hosts[node] = number
      fingerprint &+= mix(number * state.hosts.count + node, of: 5)
    }
    view.watch = state.watch
    packed.pack(view)
    guard !packed.isTooLong, store.makeRoom(for: 1) else { return nil }
    let (place, isNew) = store.insert(
      packed.words, count: packed.count, UInt32(truncatingIfNeeded: fingerprint >> 32), from: 0)
    if !isNew, let verdict = verdicts[place] { return verdict }
    let verdict = judge(state, by: teacher)
    verdicts[place] = verdict
    return verdict
  }

  private func judge(_ state: UnpackedState, by teacher: Teacher<C>) -> Verdict {
    let names = teacher.cluster.nodes
    let nodes = names.indices.map { index in
      (id: names[index], node: teacher.hosts[index][state.hosts[index]].node)
    }
    let scene = Scene<C.Node>(nodes: nodes)
    let watch = teacher.watches[state.watch]
    var verdict = Verdict()
    for condition in C.Condition.allCases {
      let holds = nodes.filter { $0.node != nil }.map {
        watch.holds(condition, at: $0.id, in: scene)
      }
      if holds.contains(true) { verdict.somewhere.insert(condition) }
      if !holds.contains(false) { verdict.everywhere.insert(condition) }
    }
    return verdict
  }
}
