/// Which nodes are alike, as integers: states that differ only in their names are one *orbit*, and
/// one of them stands for all.
///
/// Everything is told by what happens when two neighbours among the nodes that are alike change
/// names; every renaming is a sequence of such swaps.
struct Symmetry {
  /// The nodes that are alike.
  let nodes: [Int]
  /// By host: its number among those of its kind, whichever node it is at.
  var hostKinds: [Int32] = []
  /// By host and swap: the host's image, by its number among those of its (new) node.
  var hostImages = Grid()
  /// By envelope and swap.
  var envelopeImages = Grid()
  /// By monitor and swap.
  var monitorImages = Grid()

  /// How many states the orbit has that was named last.
  private(set) var orbit = 1

  private var kinds = 0
  private var best: UnpackedState
  private var scratch: UnpackedState
  private var ties = 0

  init(nodes: [Int], of all: Int) {
    self.nodes = nodes
    best = UnpackedState(nodes: all)
    scratch = best
  }

  /// Makes the state the one that stands for its orbit: of all its images with the kinds of hosts
  /// in order, the least.
  mutating func name(_ state: inout UnpackedState, by table: TransitionTable) {
    sortByKind(&state, table)
    best = state
    ties = 0
    var blocks: [Range<Int>] = []
    var start = 0
    for index in nodes.indices.dropFirst() where kind(index, state) != kind(index - 1, state) {
      blocks.append(start..<index)
      start = index
    }
    blocks.append(start..<nodes.count)
    visit(blocks[...], &state, table)
    // Of all renamings those that give the least are as many as leave it as it is.
    orbit = (1...nodes.count).reduce(1, *) / ties
    state = best
  }

  /// A number for another kind of hosts.
  mutating func nextKind() -> Int {
    kinds += 1
    return kinds
  }

  private func kind(_ index: Int, _ state: UnpackedState) -> Int32 {
    hostKinds[state.host(of: nodes[index])]
  }

  private mutating func sortByKind(_ state: inout UnpackedState, _ table: TransitionTable) {
    for end in nodes.indices.dropFirst() {
      var index = end
      while index > 0, kind(index - 1, state) > kind(index, state) {
        swap(index - 1, &state, table)
        index -= 1
      }
    }
  }

  /// Goes through all arrangements of the nodes within these blocks.
  private mutating func visit(
    _ blocks: ArraySlice<Range<Int>>, _ state: inout UnpackedState, _ table: TransitionTable
  ) {
    guard let block = blocks.first else { return compare(state) }
    visit(blocks.dropFirst(), &state, table)
    for step in Symmetry.swaps(of: block.count) {
      swap(block.lowerBound + step, &state, table)
      visit(blocks.dropFirst(), &state, table)
    }
  }

  private mutating func compare(_ state: UnpackedState) {
    if state.precedes(best) {
      best = state
      ties = 1
    } else if !best.precedes(state) {
      ties += 1
    }
  }

  /// The neighbours to swap, one pair after the other, to see all arrangements of so many.
  ///
  /// Source: Johnson, "Generation of permutations by adjacent transposition", 1963.
  static func swaps(of count: Int) -> [Int] {
    guard count > 1 else { return [] }
    let inner = swaps(of: count - 1)
    var swaps: [Int] = []
    for round in 0...inner.count {
      let isDown = round.isMultiple(of: 2)
      swaps += isDown ? Array((0..<count - 1).reversed()) : Array(0..<count - 1)
      // While the last one waits at the front the others stand one place further on.
      if round < inner.count { swaps.append(inner[round] + (isDown ? 1 : 0)) }
    }
    return swaps
  }

  /// Swaps the names of the node at this index among those that are alike and of the next one.
  private mutating func swap(
    _ index: Int, _ state: inout UnpackedState, _ table: TransitionTable
  ) {
    let (left, right) = (nodes[index], nodes[index + 1])
    for node in 0..<table.nodes {
      let target = node == left ? right : node == right ? left : node
      scratch.hosts[target] = Int(hostImages[state.host(of: node), index])
    }
    scratch.monitor = Int(monitorImages[state.monitor, index])
    scratch.budget = state.budget
    scratch.envelopeCount = 0
    for position in 0..<state.envelopeCount {
      scratch.add(Int(envelopeImages[state.envelopes[position], index]), by: table)
    }
    Swift.swap(&scratch, &state)
  }
}

extension UnpackedState {
  /// Whether this state comes before the other, in an order that means nothing else.
  func precedes(_ other: UnpackedState) -> Bool {
    for node in hosts.indices where hosts[node] != other.hosts[node] {
      return hosts[node] < other.hosts[node]
    }
    if monitor != other.monitor { return monitor < other.monitor }
    if envelopeCount != other.envelopeCount { return envelopeCount < other.envelopeCount }
    for index in 0..<envelopeCount where envelopes[index] != other.envelopes[index] {
      return envelopes[index] < other.envelopes[index]
    }
    return false
  }
}

extension StateExpander {
  /// Adds what follows from the candidates, each under the name of its orbit.
  mutating func expandSymmetric(from place: StateStore.Place) -> Expansion {
    for index in candidates.indices {
      compose(candidates[index])
      switch insertNext(from: place) {
      case .done: continue
      case let other: return other
      }
    }
    return .done
  }
}
