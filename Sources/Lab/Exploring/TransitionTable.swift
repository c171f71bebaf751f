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
  /// What happens to no host: cuts, their healing, streams that break, clients that give up.
  var globals: [Choice] = []
  /// The streams.
  var streams: [StreamFacts] = []
  /// What transitions do to streams, in order.
  var streamOperations: [StreamOperation] = []

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
  /// By budget and price: what clients see of it, as an observation.
  var views = Grid()
  /// What a budget adds to a state's fingerprint.
  var budgetMix: [UInt64] = []
  /// The next ask of a budget.
  var nextAsk: [Int] = []
  /// The links that are cut, a bit each.
  var cutMask: [UInt64] = []
  /// Per budget: whether what is sent where it is cut will never arrive, and is left out.
  var isMute: [Bool] = []
  /// Per budget: the number of what is cut.
  var cut: [Int32] = []
  /// Per budget: which of `clientAsks` can be asked.
  var ready: [[Int32]] = []
  /// Per ask: which node, its requests' numbers, and what it takes.
  var asks: [(node: Int, requests: Range<Int>, price: Int)] = []
  /// What a client can ask of a node.
  var clientAsks: [(node: Int, request: Int)] = []
  /// By client's ask and the request's number at its node: what it takes.
  var clientPrices = Grid()

  /// What the loss of a message takes of a budget: a column of `budgets`.
  ///
  /// A crash of a node has the node's number; what else there is stands behind these.
  func lossPrice() -> Int { nodes }
  /// Whether it is what a crash takes.
  func isCrash(_ price: Int) -> Bool { price >= 0 && price < nodes }
  /// What a doubled message takes.
  func duplicatePrice() -> Int { nodes &+ 1 }

  /// Whether there are clients.
  var hasClients: Bool { !clientAsks.isEmpty }

  /// What costs nothing.
  static let free = -1
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
  /// The number that its next request gets.
  var nextRequest: Int32 = 0
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
  /// What it is.
  var kind = EnvelopeKind.datagram
  /// The bit of its link in `cutMask`.
  var link: UInt64 = 0
  /// Whether others of its key stand in an order.
  var isQueued = false
}

/// What an envelope is.
enum EnvelopeKind {
  /// A message for itself.
  case datagram
  /// A message on a stream.
  case streamed
  /// The end of a stream.
  case end
  /// No message: as long as it is there the stream is open.
  case stream
}

/// What is known of a stream.
struct StreamFacts {
  /// Its ends, the first in the order of the topology first.
  let nodes: (Int, Int)
  /// The envelope that is there as long as it is open.
  let token: Int
  /// The envelopes that end it at the far end and at the near end.
  let ends: (Int, Int)
  /// The bits of its links.
  let links: UInt64
}

/// Something that a transition does to a stream.
struct StreamOperation: Hashable {
  enum Kind { case send, connect, disconnect, sever }
  let kind: Kind
  /// The stream.
  let stream: Int32
  /// Whether it is its first end that acts.
  let isNear: Bool
  /// What is sent; -1 for nothing.
  var envelope: Int32 = -1
}

/// What was learnt, and which nodes are alike, if that is made use of.
struct ExplorerTables {
  var table: TransitionTable
  var symmetry: Symmetry?
}

extension ExplorerTables {
  /// The key of an envelope.
  func key(_ envelope: Int) -> Int32 { table.envelopes[envelope].key }

  /// The envelopes by key; of one key in the order in which they were sent.
  ///
  /// (It is no part of a generic function, since one that sorts by a closure is not specialized in
  /// other modules.)
  func byKey(_ sends: [Int]) -> [Int] {
    sends.indices.sorted { (key(sends[$0]), $0) < (key(sends[$1]), $1) }.map { sends[$0] }
  }

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
  /// What it takes of a budget that clients are answered; -1 for nothing.
  var answers: Int32 = -1
  /// What a monitor sees after the clients have seen these; 0 is nothing.
  var afterAnswers: Int32 = 0
  /// Where what it does to streams begins in `streamOperations`.
  var firstOperation: Int32 = 0
  /// How much that is.
  var operationCount: Int32 = 0
  /// The node that crashes in it, whose streams end; -1 for none.
  var crashed: Int32 = -1
  /// The epoch that its node has come to.
  var epoch: Int32 = 0
}

/// What a host can do by itself.
struct Choice {
  /// The transition.
  let transition: Int32
  /// What it takes of the budget.
  let price: Int
  /// Whether a timer runs out.
  var isExpiry = false
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
  /// What a client's ask takes that gets this number at its node.
  case clientPrice(ask: Int, number: Int)
}

/// Spreads a number over 64 bits, the same in each process: the finalizer of SplitMix64.
func mix(_ number: Int, of kind: Int) -> UInt64 {
  var bits = UInt64(truncatingIfNeeded: number &* 8 &+ kind &+ 1) &* 0x9E37_79B9_7F4A_7C15
  bits = (bits ^ (bits &>> 30)) &* 0xBF58_476D_1CE4_E5B9
  bits = (bits ^ (bits &>> 27)) &* 0x94D0_49BB_1331_11EB
  return bits ^ (bits &>> 31)
}
