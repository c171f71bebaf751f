public import ProtocolCore
public import SharedStorage

/// What a store may promise.
public enum Property: String, SharedStorageProperty {
  /// Shared storage's: see ``SharedStorage/SharedStorage/Property``.
  case validity, linearizable, sequential, causalConvergence, causalMemory, causalConsistency, pram
  /// The same.
  case monotonicReads, monotonicWrites, readYourWrites, writesFollowReads, boundedVersions
  /// The same.
  case available, responds, termination, convergence
  /// The same as available, once all nodes have answered at one time, as long as no more than one
  /// has ever failed: when all have, those that come back cannot know which of them failed last,
  /// and wait for it. (Bernstein, Hadzilacos, Goodman 1987, chapter 8; Skeen, TOCS 3(1), 1985)
  case availableWithOneCrash
  /// While a partition lasts and nothing is repaired, everybody who asks is answered, or refused,
  /// if the nodes that are up are more than half, and connected. (Attiya, Bar-Noy, Dolev 1995)
  case progress
  /// As long as no message was lost and no time-out came, what clients see is linearizable: the
  /// first half of t-connected consistency. (Gilbert, Lynch 2002, 4)
  case atomicUntilLost
  /// Some order of all operations of a key respects each node's, whatever is lost: the other half,
  /// but for what comes after a time in which nothing is lost. (Gilbert, Lynch 2002, 4)
  case nodeOrder
  /// A client is refused.
  case refuses
  /// Two nodes keep different versions, and neither is newer than the other's because it has not
  /// arrived: each was written by another node.
  case conflicts

  /// In which sense it must hold.
  public var form: PropertyForm<Condition> {
    switch self {
    case .atomicUntilLost, .nodeOrder: .always
    case .availableWithOneCrash:
      .recovers(.answeredUnlessTwoFailed, repaired: false, healed: false)
    case .progress: .recovers(.answeredByMajority, repaired: false, healed: false)
    case .refuses: .sometimes(.refused)
    case .conflicts: .sometimes(.conflicting)
    case .validity, .linearizable, .sequential, .causalConvergence, .causalMemory,
      .causalConsistency, .pram, .monotonicReads, .monotonicWrites, .readYourWrites,
      .writesFollowReads, .boundedVersions, .available, .responds, .termination, .convergence:
      sharedStorageForm
    }
  }
}

/// What may be said of a node at a moment.
public enum Condition: String, SharedStorageCondition {
  /// No client waits, at whichever node, and none was refused last, or told that nobody is sure.
  case answered
  /// No client waits, at whichever node, and none was refused last.
  case ended
  /// No client waits, at whichever node.
  case heard
  /// It keeps what every node that is up keeps, and all that was written by somebody.
  case current
  /// No client waits, and none was refused last; or more than one node has failed, or the nodes
  /// never all answered at one time.
  case answeredUnlessTwoFailed = "answered unless two failed"
  /// No client waits; or the nodes that are up are no majority, or not connected.
  case answeredByMajority = "answered by a majority"
  /// A client was refused last, by whichever node.
  case refused
  /// It keeps a version of its own, and another that is up keeps one of its own.
  case conflicting
  /// It keeps something.
  case written
}

/// Judges a run: shared storage's properties.
public struct CAPMonitor: Hashable, Sendable {
  private var storage = SharedStorage.Monitor()
  /// What the nodes were asked and answered, for the store that promises something of it.
  private var nodes: NodeHistory?
  /// The nodes that have ever failed, for the store that promises something of it, in order.
  private var failed: [NodeID]?
  /// The nodes that answer, and whether all ever did at one time, where that matters.
  private var answering: Set<NodeID> = []
  private var haveAllAnswered = false
  private let nodeCount: Int
  /// Whether whatever was answered must be kept: what a primary answered that did not wait, its
  /// successor may never hear of.
  private var keepsAnswered = true
  private let mayForget: Bool
  /// Whether a message was lost, or a time-out came.
  private var isDisturbed = false
  /// Whether the history was linearizable when that happened.
  private var wasAtomic = true

  /// A monitor that has seen nothing of this store, of so many nodes.
  public init(variant: Variant, nodes count: Int) {
    nodeCount = count
    mayForget = variant == .asynchronous
    if variant == .connected { nodes = NodeHistory() }
    if variant == .availableCopies { failed = [] }
  }
}

extension CAPMonitor: Monitor {
  /// The nodes.
  public typealias Node = CAP.Node

  /// A message was lost, a time-out came, or a node was asked; nothing else that nodes do matters.
  public mutating func observe(_ observation: Observation<Words>, at id: NodeID) {
    switch observation {
    case .lost, .expired(.attempt), .expired(.resend):
      guard nodes != nil, !isDisturbed else { return }
      wasAtomic = storage.holds(SharedStorage.Property.linearizable)
      isDisturbed = true
    case .asked(let request, _):
      nodes?.ask(request, of: id)
      if mayForget, request == .promote { keepsAnswered = false }
    case .crashed:
      answering.remove(id)
      if let failed, !failed.contains(id) { self.failed = (failed + [id]).sorted() }
    case .replied, .refused, .repliedAgain, .noted, .doubled, .restarted, .forgot, .expired:
      break
    }
  }

  /// A client asked, or was answered.
  public mutating func observe(_ event: ClientEvent<Words>, of client: ClientID) {
    storage.observe(event, of: client)
    nodes?.observe(event, of: client)
  }

  /// Sees which nodes answer.
  public mutating func look(at node: CAP.Node, _ id: NodeID) {
    guard failed != nil, !haveAllAnswered, case .copies(let replica) = node,
      case .available = replica.state
    else { return }
    answering.insert(id)
    haveAllAnswered = answering.count == nodeCount
    if haveAllAnswered { answering = [] }
  }

  /// Whether nothing that never should happen has happened.
  public func holds(_ property: Property) -> Bool {
    switch property {
    case .atomicUntilLost:
      isDisturbed ? wasAtomic : storage.holds(SharedStorage.Property.linearizable)
    case .nodeOrder: nodes.map { !$0.isBroken } ?? true
    default: storage.holds(property)
    }
  }

  /// Whether the condition holds of a node that is up.
  public func holds(_ condition: Condition, at id: NodeID, in scene: Scene<CAP.Node>) -> Bool {
    switch condition {
    case .answered: return storage.isAnswered
    case .ended: return storage.isEnded
    case .answeredUnlessTwoFailed:
      return storage.isAnswered || !haveAllAnswered || (failed?.count ?? 0) > 1
    case .answeredByMajority: return storage.isHeard || !isMajorityConnected(in: scene)
    case .heard: return storage.isHeard
    case .refused: return storage.isHeard && !storage.isAnswered
    case .written: return scene[id].map { !$0.contents.entries.isEmpty } ?? false
    case .current:
      guard let own = scene[id]?.contents else { return false }
      return scene.nodes.allSatisfy { $0.node.map { $0.contents == own } ?? true }
        && own.entries.allSatisfy { storage.isWritten($0.version.value, $0.key) }
        && (!keepsAnswered || storage.keysWritten.allSatisfy { own[$0] != nil })
    case .conflicting: return isConflicting(id, in: scene)
    }
  }

  /// Whether all nodes that are up are connected, and more than half.
  private func isMajorityConnected(in scene: Scene<CAP.Node>) -> Bool {
    let up = scene.nodes.filter { $0.node != nil }
    return up.count * 2 > scene.nodes.count
      && up.allSatisfy { scene.connected(with: $0.id) == up.count }
  }

  private func isConflicting(_ id: NodeID, in scene: Scene<CAP.Node>) -> Bool {
    guard let own = scene[id]?.contents else { return false }
    return own.entries.contains { entry in
      entry.version.tag.writer == id
        && scene.nodes.contains { other, node in
          node?.contents[entry.key].map { other != id && $0.tag.writer == other } ?? false
        }
    }
  }
}
