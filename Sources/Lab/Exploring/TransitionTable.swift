/// What was learnt of a cluster, as integers: what each host does with each event, what each
/// monitor makes of it, what each thing that goes wrong leaves of the bounds.
///
/// - A host's number is its number among the hosts of its node, times the number of nodes, plus
///   the node's: numbers of one node are dense, so a state's bytes are small.
/// - An envelope is a link and a message; a monitor, what a monitor sees (a observation), a budget
///   (what may still go wrong, what is still to be asked) have numbers of their own.
struct TransitionTable {
  /// The number of nodes.
  let nodes: Int
  /// Whether what is delivered stays under way.
  let isLasting: Bool

  /// What is known of hosts.
  var hosts: [HostFacts] = []
  /// What hosts can do by themselves.
  var menu: [Choice] = []
  /// By host and envelope's column: the transition of its delivery.
  var deliveries = Grid()
  /// By host and miss: the transition of being asked.
  var answers = Grid()

  /// What is known of envelopes.
  var envelopes: [EnvelopeFacts] = []

  // Of transitions.
  /// What was learnt, each from one step of one machine.
  var transitions: [LocalTransition] = []
  /// The envelopes that transitions send, by key.
  var sends: [Int32] = []
  /// The transitions of crashes in the middle of what a transition says.
  var interruptions: [Interruption] = []

  // Of monitors.
  /// By monitor and observation: the monitor after it.
  var monitors = Grid()
  /// What a monitor adds to a state's fingerprint.
  var monitorMix: [UInt64] = []
  /// Whether the monitor has seen something that never should happen.
  var isViolated: [Bool] = []

  // Of budgets.
  /// By budget and price: the budget after it.
  var budgets = Grid()
  /// What a budget adds to a state's fingerprint.
  var budgetMix: [UInt64] = []
  /// The next ask of a budget.
  var nextAsk: [Int] = []
  /// Per ask: which node, and its requests' numbers.
  var asks: [(node: Int, requests: Range<Int>)] = []

  /// What something takes of a budget: the columns of `budgets`.
  enum Price {
    static let crash = 0
    static let loss = 1
    static let duplicate = 2
    static let expiry = 3
    static let restart = 4
    static let firstAsk = 5
    /// What costs nothing.
    static let none = -1
  }
}

/// What is known of a host.
struct HostFacts {
  /// What it adds to a state's fingerprint.
  var mix: UInt64
  /// Where what it can do by itself begins in `menu`; -1 when that was not learnt.
  var menuStart: Int32 = -1
  /// Where it ends.
  var menuEnd: Int32 = -1
  /// Whether it is up.
  var isUp = false
  /// Whether it waits for its disk.
  var isBusy = false
}

/// What is known of an envelope.
struct EnvelopeFacts {
  /// What it adds to a state's fingerprint.
  let mix: UInt64
  /// To which node it goes.
  let node: Int32
  /// Its number among the envelopes to that node.
  let column: Int32
  /// Letters of one key are one queue: of these only the first can arrive.
  let key: Int32
  /// The transition of its loss.
  let loss: Int32
  /// The transition of its doubling.
  let duplication: Int32
}

/// What was learnt, and which nodes are alike, if that is made use of.
struct ExplorerTables {
  var table: TransitionTable
  var symmetry: Symmetry?
}

extension ExplorerTables {
  /// The key of an envelope.
  func key(_ envelope: Int) -> Int32 { table.envelopes[envelope].key }

  /// Adds a transition and returns its number.
  mutating func add(_ transition: LocalTransition) -> Int32 {
    table.transitions.append(transition)
    return Int32(table.transitions.count - 1)
  }
}

/// What comes of an event at a host, whatever the states of the others.
struct LocalTransition {
  /// Whose host changes.
  var node: Int32 = 0
  /// The host after it, by its number among those of its node; -1 when no host changes.
  var host: Int32 = -1
  /// What a monitor sees of it; 0 is nothing.
  var observation: Int32 = 0
  /// Where the envelopes that it sends begin in `sends`.
  var firstSend: Int32 = 0
  /// How many they are.
  var sendCount: Int32 = 0
  /// Where the crashes in its middle begin in `interruptions`.
  var firstInterruption: Int32 = 0
  /// How many they are.
  var interruptionCount: Int32 = 0
  /// What it adds to a state's fingerprint, but for monitor and budget.
  var delta: UInt64 = 0
  /// Whether it changes nothing, but perhaps the monitor.
  var isIdle = false
}

/// What a host can do by itself.
struct Choice {
  /// The transition.
  let transition: Int32
  /// What it takes of the budget.
  let price: Int
}

/// A crash in the middle of what a transition says.
struct Interruption {
  /// The transition of both together.
  let transition: Int32
  /// So many of the unstable records are lost.
  let losing: Int
  /// So many messages never left.
  let unsent: Int
}

/// What is not known yet, and must be learnt before it can go on.
enum TableMiss: Hashable {
  /// An envelope arrives at a host.
  case delivery(host: Int, envelope: Int)
  /// What a host can do by itself.
  case menu(host: Int)
  /// A host is asked the miss of this number.
  case ask(host: Int, request: Int)
  /// A monitor sees something.
  case observation(monitor: Int, observation: Int)
  /// Something is taken of a budget.
  case spending(budget: Int, price: Int)
}

/// Spreads a number over 64 bits, the same in each process: the finalizer of SplitMix64.
func mix(_ number: Int, of kind: Int) -> UInt64 {
  var bits = UInt64(truncatingIfNeeded: number &* 8 &+ kind &+ 1) &* 0x9E37_79B9_7F4A_7C15
  bits = (bits ^ (bits &>> 30)) &* 0xBF58_476D_1CE4_E5B9
  bits = (bits ^ (bits &>> 27)) &* 0x94D0_49BB_1331_11EB
  return bits ^ (bits &>> 31)
}
