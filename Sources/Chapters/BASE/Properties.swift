public import ProtocolCore

/// What a form of the store may promise.
public enum Property: String, PropertyName {
  /// What is read was written.
  case validity
  /// A client sees what it wrote, until that is written over: Terry and others 1994.
  case readYourWrites
  /// A client sees what it saw, until that is written over: Terry and others 1994.
  case monotonicReads
  /// When every failure is repaired and nobody writes, all servers come to hold the same, and it
  /// was written: Vogels 2009.
  case convergence
  /// And it has every value whose write was answered and which nobody may have written over
  /// knowingly.
  case updatesKept
  /// And no value that was written over knowingly, or deleted, if no write was asked for twice.
  case overwrittenGone
  /// What a spare has said to keep for another, that one has been given; and nobody keeps anything
  /// for another any more.
  case handedOff
  /// When a read was answered and no write is about, the servers come to hold what it returned, if
  /// no message was lost and no server has crashed.
  case readsRepair
  /// What was answered before a read began is read, if nobody may have written over it.
  case fresh
  /// Where the last writer wins no more than one value is read; and where there is one server, that
  /// which was answered last, if no write is about.
  case lastWins
  /// While a partition lasts and nothing is repaired, a session that reaches a server is answered,
  /// and not refused.
  case served
  /// When every failure is repaired, every session is answered, and not refused.
  case termination
  /// A server keeps two values of a key.
  case diverges
  /// A spare keeps something for another.
  case hinted

  /// In which sense it must hold.
  public var form: PropertyForm<Condition> {
    switch self {
    case .validity, .readYourWrites, .monotonicReads, .fresh, .lastWins: .always
    case .convergence: .recovers(.current, repaired: true)
    case .updatesKept: .recovers(.complete, repaired: true)
    case .overwrittenGone: .recovers(.clean, repaired: true)
    case .handedOff: .recovers(.rid, repaired: true)
    case .readsRepair: .recovers(.repaired, repaired: true)
    case .served: .recovers(.served, repaired: false, healed: false)
    case .termination: .recovers(.served, repaired: true)
    case .diverges: .sometimes(.split)
    case .hinted: .sometimes(.holding)
    }
  }
}

/// What may be said of a node at a moment.
public enum Condition: String, Named {
  /// A server: it holds what every server that is up holds, and all of it was written.
  case current
  /// A server: it has every value that was answered and that nobody may have written over; and is
  /// current.
  case complete
  /// A server: it has no value that was written over; and is current.
  case clean
  /// A server: it keeps nothing for another.
  case rid
  /// A server: it is current; or no read was the last thing that was answered.
  case repaired
  /// A session: its client does not wait, and was not refused last; or it reaches no server.
  case served
  /// A server: it keeps two values of a key.
  case split
  /// A spare: it keeps something for another.
  case holding
}

/// Judges a run from outside: by what clients asked and were answered, and what servers keep.
public struct BASEMonitor: Hashable, Sendable {
  private let members: [Member<Role>]
  private let variant: Variant
  /// What each client has seen, clients in order.
  private var clients: [View] = []
  /// What was written, in order of keys and values.
  private var written: [Item] = []
  /// Whether a write may have been done twice: a session has asked again, or a message was doubled.
  private var isAskedTwice = false
  /// Whether a message was lost, or a server has crashed.
  private var isDisturbed = false
  /// The keys that somebody asked to delete.
  private var deleted: Set<String> = []
  /// What spares are said to keep for others, and what they have handed over.
  private var hinted: [Hinted] = []
  private var handed: [Hinted] = []
  /// Whether the last thing that was answered was a read, with no write about.
  private var endsWithRead = false
  /// What was answered last, where the last writer wins.
  private var last: Item.Name?
  private var broken: Set<Property> = []

  private struct View: Hashable {
    let client: ClientID
    var session: NodeID?
    var open: Words.Request?
    var isRefused = false
    /// Whether no write was about since it asked.
    var isQuiet = false
    /// What was answered when it asked.
    var due: [Item.Name] = []
    /// The keys of reads of which it heard no more: its session may still be told anything.
    var lostReads: Set<String> = []
    var seen: [Item.Name] = []
    /// What it has ever seen.
    var past: [Item.Name] = []
    var own: [Item.Name] = []
  }

  private struct Hinted: Hashable {
    let spare: NodeID
    let node: NodeID
    let key: String
    var clock: VersionVector

    func isSame(_ other: Hinted) -> Bool {
      (spare, node, key) == (other.spare, other.node, other.key)
    }
  }

  private struct Item: Hashable {
    struct Name: Hashable {
      let key: String
      let value: Int
    }
    let name: Name
    var isAnswered = false
    /// Whether somebody asked to write over it, having seen it; and whether that was answered.
    var mayBeOver = false
    var isOver = false
    /// Whether the same value was written more than once under the key.
    var isRepeated = false
  }

  /// A monitor that has seen nothing.
  public init(_ topology: [Member<Role>], variant: Variant) {
    members = topology
    self.variant = variant
  }
}

// MARK: What happens

extension BASEMonitor: Monitor {
  /// The nodes.
  public typealias Node = BASE.Node

  /// Something happened at a node.
  public mutating func observe(_ observation: Observation<Words>, at id: NodeID) {
    switch observation {
    case .asked:
      // A session is one client's, and has just been asked.
      guard let place = clients.firstIndex(where: { $0.open != nil && $0.session == nil }) else {
        return
      }
      clients[place].session = id
    case .lost: isDisturbed = true
    case .doubled where role(of: id) == .session: isAskedTwice = true
    case .noted(.hinted(let spare, let node, let key, let clock)):
      add(Hinted(spare: spare, node: node, key: key, clock: clock), to: &hinted)
    case .noted(.handedOff(let node, let key, let clock)):
      add(Hinted(spare: id, node: node, key: key, clock: clock), to: &handed)
    case .crashed:
      isDisturbed = true
      // A client whose session is gone begins another.
      for place in clients.indices where clients[place].session == id {
        (clients[place].seen, clients[place].past, clients[place].own) = ([], [], [])
      }
    case .expired(.attempt) where role(of: id) == .session: isAskedTwice = true
    case .replied, .refused, .repliedAgain, .noted, .expired, .doubled, .restarted, .forgot: break
    }
  }

  private func add(_ entry: Hinted, to list: inout [Hinted]) {
    if let place = list.firstIndex(where: entry.isSame) {
      list[place].clock.merge(entry.clock)
    } else {
      list.append(entry)
      list.sort { ($0.spare, $0.node, $0.key) < ($1.spare, $1.node, $1.key) }
    }
  }

  /// A client asked, or was answered.
  public mutating func observe(_ event: ClientEvent<Words>, of client: ClientID) {
    if !clients.contains(where: { $0.client == client }) {
      clients.append(View(client: client))
      clients.sort { $0.client < $1.client }
    }
    guard let place = clients.firstIndex(where: { $0.client == client }) else { return }
    if case .invoked(let request) = event { return ask(request, place) }
    guard let request = clients[place].open else { return }
    clients[place].open = nil
    if case .refused = event { clients[place].isRefused = true }
    switch event {
    case .returned(.values(let values)): answer(request, values, place)
    case .returned(.done): finish(request, place)
    case .unknown, .gaveUp:
      if case .read(let key) = request { clients[place].lostReads.insert(key) }
    case .invoked, .returned, .refused: break
    }
  }

  private mutating func ask(_ request: Words.Request, _ place: Int) {
    clients[place].open = request
    clients[place].isRefused = false
    switch request {
    case .read:
      clients[place].isQuiet = isQuiet
      clients[place].due = written.filter { $0.isAnswered && !$0.mayBeOver }.map(\.name)
      return
    case .write(let key, let value):
      let name = Item.Name(key: key, value: value)
      if let again = written.firstIndex(where: { $0.name == name }) {
        // Which of the two is meant cannot be told any more.
        (written[again].isRepeated, written[again].mayBeOver) = (true, true)
        written[again].isOver = false
      } else {
        written.append(Item(name: name))
        written.sort { ($0.name.key, $0.name.value) < ($1.name.key, $1.name.value) }
      }
      markMaybe(key, place)
    case .delete(let key):
      markMaybe(key, place)
      deleted.insert(key)
    }
    endsWithRead = false
    for place in clients.indices { clients[place].isQuiet = false }
  }

  /// Whether no write is about.
  private var isQuiet: Bool {
    written.allSatisfy(\.isAnswered)
      && !clients.contains { view in
        if case .read? = view.open { false } else { view.open != nil }
      }
  }

  private mutating func finish(_ request: Words.Request, _ place: Int) {
    switch request {
    case .read: return
    case .write(let key, let value):
      let name = Item.Name(key: key, value: value)
      clients[place].own.append(name)
      if variant == .lastWriterWins { last = name }
      for item in written.indices where written[item].name == name {
        written[item].isAnswered = true
      }
      mark(key, place) { $0.isOver = true }
    case .delete(let key):
      if last?.key == key { last = nil }
      mark(key, place) { $0.isOver = true }
    }
  }

  /// What a client has seen, or may have, it may write over.
  private mutating func markMaybe(_ key: String, _ place: Int) {
    let view = clients[place]
    let all = view.lostReads.contains(key) ? written.map(\.name) : view.past
    let seen = all.filter { $0.key == key }
    for item in written.indices where seen.contains(written[item].name) {
      written[item].mayBeOver = true
    }
  }

  /// Does something with all that a client has seen under a key.
  private mutating func mark(_ key: String, _ place: Int, _ change: (inout Item) -> Void) {
    let seen = clients[place].seen.filter { $0.key == key }
    for item in written.indices where seen.contains(written[item].name) {
      if !written[item].isRepeated { change(&written[item]) }
    }
  }

  private mutating func answer(_ request: Words.Request, _ values: [Int], _ place: Int) {
    guard case .read(let key) = request else { return }
    let names = values.map { Item.Name(key: key, value: $0) }
    func isMissing(_ name: Item.Name) -> Bool {
      name.key == key && !names.contains(name)
        && written.contains { $0.name == name && !$0.mayBeOver }
    }
    if names.contains(where: { name in !written.contains { $0.name == name } }) {
      broken.insert(.validity)
    }
    if variant == .lastWriterWins, values.count > 1 || isLate(names, place) {
      broken.insert(.lastWins)
    }
    if clients[place].own.contains(where: isMissing) { broken.insert(.readYourWrites) }
    if clients[place].seen.contains(where: isMissing) { broken.insert(.monotonicReads) }
    if clients[place].due.contains(where: isMissing) { broken.insert(.fresh) }
    clients[place].seen = clients[place].seen.filter { $0.key != key } + names
    clients[place].past += names.filter { !clients[place].past.contains($0) }
    endsWithRead = clients[place].isQuiet
  }

  /// Whether something else is read than was answered last by the only server.
  private func isLate(_ names: [Item.Name], _ place: Int) -> Bool {
    guard let last, clients[place].isQuiet, members.count(where: { $0.role == .replica }) == 1
    else { return false }
    return names != [last]
  }

  private func role(of id: NodeID) -> Role? { members.first { $0.id == id }?.role }
}

// MARK: Queries

extension BASEMonitor {
  /// Whether nothing that never should happen has happened.
  public func holds(_ property: Property) -> Bool { !broken.contains(property) }

  /// Whether the condition holds of a node that is up; what is of servers holds of all others.
  public func holds(_ condition: Condition, at id: NodeID, in scene: Scene<BASE.Node>) -> Bool {
    switch (condition, scene[id]) {
    case (.served, .session?): return isServed(id, in: scene)
    case (.holding, .replica(let replica)?): return !replica.hints.isEmpty
    case (.rid, .replica(let replica)?):
      return replica.hints.isEmpty
        && hinted.allSatisfy { entry in
          handed.contains { entry.isSame($0) && $0.clock.covers(entry.clock) }
        }
    case (.split, .replica(let replica)?):
      return replica.cells.entries.contains { Set($0.cell.values).count > 1 }
    case (.split, _), (.holding, _): return false
    case (.current, .replica(let replica)?):
      return role(of: id) != .replica || isCurrent(replica, in: scene)
    case (.complete, .replica(let replica)?):
      return role(of: id) != .replica
        || isCurrent(replica, in: scene)
          && written.allSatisfy { item in
            !item.isAnswered || item.mayBeOver || keeps(replica, item)
          }
    case (.clean, .replica(let replica)?):
      return role(of: id) != .replica || isAskedTwice
        || isCurrent(replica, in: scene)
          && !written.contains { $0.isOver && keeps(replica, $0) }
    case (.repaired, .replica(let replica)?):
      return role(of: id) != .replica || !endsWithRead || isDisturbed
        || isCurrent(replica, in: scene)
    case (.current, _), (.complete, _), (.clean, _), (.rid, _), (.repaired, _), (.served, _):
      return true
    }
  }

  private func keeps(_ replica: Replica, _ item: Item) -> Bool {
    replica.cells[item.name.key].values.contains(item.name.value)
  }

  private func isCurrent(_ replica: Replica, in scene: Scene<BASE.Node>) -> Bool {
    func shown(_ replica: Replica) -> [Item.Name] {
      replica.cells.entries.flatMap { entry in
        Set(entry.cell.values).sorted().map { Item.Name(key: entry.key, value: $0) }
      }
    }
    let own = shown(replica)
    // Where something was written, and nobody deleted, something is.
    let isForgotten = written.contains { item in
      item.isAnswered && !deleted.contains(item.name.key)
        && !own.contains { $0.key == item.name.key }
    }
    guard !isForgotten else { return false }
    return own.allSatisfy { name in written.contains { $0.name == name } }
      && scene.nodes.allSatisfy { other, node in
        guard role(of: other) == .replica, case .replica(let peer)? = node else { return true }
        return shown(peer) == own
      }
  }

  private func isServed(_ id: NodeID, in scene: Scene<BASE.Node>) -> Bool {
    let isWaiting = clients.contains { $0.session == id && ($0.open != nil || $0.isRefused) }
    guard isWaiting else { return true }
    return !scene.reachable(from: id).contains { role(of: $0.id) == .replica }
  }
}
