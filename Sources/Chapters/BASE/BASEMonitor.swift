public import ProtocolCore

/// Judges a run from outside: by what clients asked and were answered, and what servers keep.
public struct BASEMonitor: Hashable, Sendable {
  let members: [Member<Role>]
  let variant: Variant
  /// What each client has seen, clients in order.
  var clients: [View] = []
  /// What was written, in order of keys and values.
  var written: [Item] = []
  /// Whether a message was lost, or a server has crashed.
  var isDisturbed = false
  /// What was deleted, in order of keys.
  var deletions: [Deletion] = []
  /// What the server that acts has just taken.
  private var taken: [Taken] = []
  /// What spares are said to keep for others, and what they have handed over.
  var hinted: [Hinted] = []
  var handed: [Hinted] = []
  /// Whether the last thing that was answered was a read, with no write about.
  var endsWithRead = false
  /// What was answered last, where the last writer wins.
  private var last: Item.Name?
  var broken: Set<Property> = []

  struct View: Hashable {
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
    /// Whether no deletion of what it writes was about since it asked.
    var isAlone = false
    /// What its session knows of what it has read; and what it knew when a read was answered last.
    var knows: [Session.Known] = []
    var knew: [Session.Known] = []
    /// What it has seen last, of each key.
    var seen: [Item.Name] = []
    /// What it has written over, or deleted.
    var over: [Item.Name] = []
    /// What it has ever seen.
    var past: [Item.Name] = []
    var own: [Item.Name] = []
  }

  struct Hinted: Hashable {
    let spare: NodeID
    let node: NodeID
    let key: String
    var clock: VersionVector

    func isSame(_ other: Hinted) -> Bool {
      (spare, node, key) == (other.spare, other.node, other.key)
    }
  }

  struct Item: Hashable {
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
    /// As which writes servers were seen to keep it: several, where a session has asked again.
    var dots: [Dot] = []
    /// The first and last stamp with which a server took it.
    var first: Stamp?
    var last: Stamp?

    /// Whether a reader of it has seen all of it.
    var isOneWrite: Bool { dots.count == 1 && !isRepeated }
  }

  /// When a server took a write, by its clock; of two at one time the greater write is later.
  struct Stamp: Hashable, Comparable {
    let reading: Ticks
    let dot: Dot

    static func < (a: Stamp, b: Stamp) -> Bool { (a.reading, a.dot) < (b.reading, b.dot) }
  }

  private struct Taken: Hashable {
    let key: String
    let value: Int?
    let dot: Dot
  }

  /// What is known of the deletions of a key.
  struct Deletion: Hashable {
    let key: String
    /// Whether one was asked for after the last write that was answered, or beside it.
    var isLast = true
    /// Whether one may still be done though nobody waits for it.
    var isLoose = false
    var answered = 0
    var taken = 0
    var last: Stamp?
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
    case .noted(.took(let key, let value, let dot)):
      taken.append(Taken(key: key, value: value, dot: dot))
    case .noted(.hinted(let spare, let node, let key, let clock)):
      add(Hinted(spare: spare, node: node, key: key, clock: clock), to: &hinted)
    case .noted(.handedOff(let node, let key, let clock)):
      add(Hinted(spare: id, node: node, key: key, clock: clock), to: &handed)
    case .crashed:
      (isDisturbed, taken) = (true, [])
      // A client whose session is gone begins another.
      for place in clients.indices where clients[place].session == id {
        (clients[place].seen, clients[place].past, clients[place].own) = ([], [], [])
        (clients[place].knows, clients[place].knew, clients[place].over) = ([], [], [])
      }
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

  /// Sees as which writes values are kept, what a session knows, and when a write was taken.
  public mutating func look(at node: BASE.Node, _ id: NodeID, reading: Ticks) {
    switch node {
    case .replica(let replica):
      for entry in replica.cells.entries {
        for sibling in entry.cell.siblings { note(sibling, under: entry.key) }
      }
      for one in taken { note(one, Stamp(reading: reading, dot: one.dot)) }
      taken = []
    case .session(let session):
      for place in clients.indices where clients[place].session == id {
        clients[place].knows = session.read
      }
    }
  }

  private mutating func note(_ sibling: Sibling, under key: String) {
    guard let value = sibling.value,
      let place = written.firstIndex(where: { $0.name == Item.Name(key: key, value: value) }),
      !written[place].dots.contains(sibling.dot)
    else { return }
    written[place].dots = (written[place].dots + [sibling.dot]).sorted()
  }

  private mutating func note(_ one: Taken, _ stamp: Stamp) {
    guard let value = one.value else {
      guard let place = deletions.firstIndex(where: { $0.key == one.key }) else { return }
      deletions[place].taken += 1
      deletions[place].last = max(deletions[place].last ?? stamp, stamp)
      return
    }
    let name = Item.Name(key: one.key, value: value)
    for place in written.indices where written[place].name == name {
      written[place].first = min(written[place].first ?? stamp, stamp)
      written[place].last = max(written[place].last ?? stamp, stamp)
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
      switch request {
      case .read(let key): clients[place].lostReads.insert(key)
      case .delete(let key): change(key) { $0.isLoose = true }
      case .write: break
      }
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
      clients[place].isAlone =
        !deletions.contains { $0.key == key && $0.isLoose }
        && !clients.contains { $0.open == .delete(key) }
    case .delete(let key):
      markMaybe(key, place)
      if !deletions.contains(where: { $0.key == key }) {
        deletions = (deletions + [Deletion(key: key)]).sorted { $0.key < $1.key }
      }
      change(key) { $0.isLast = true }
      for place in clients.indices where clients[place].open?.key == key {
        clients[place].isAlone = false
      }
    }
    endsWithRead = false
    for place in clients.indices { clients[place].isQuiet = false }
  }

  private mutating func change(_ key: String, _ change: (inout Deletion) -> Void) {
    for place in deletions.indices where deletions[place].key == key { change(&deletions[place]) }
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
      if clients[place].isAlone { change(key) { $0.isLast = false } }
      writeOver(key, place)
    case .delete(let key):
      if last?.key == key { last = nil }
      change(key) { $0.answered += 1 }
      writeOver(key, place)
    }
  }

  /// All that a client has seen under a key is written over.
  private mutating func writeOver(_ key: String, _ place: Int) {
    let seen = clients[place].seen.filter { $0.key == key }
    clients[place].over += seen.filter { !clients[place].over.contains($0) }
    for item in written.indices
    where seen.contains(written[item].name) && !written[item].isRepeated {
      written[item].isOver = true
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
    if clients[place].own.contains(where: isMissing) || names.contains(where: { isOver($0, place) })
    {
      broken.insert(.readYourWrites)
    }
    if clients[place].seen.contains(where: isMissing)
      || names.contains(where: { isBack($0, place) })
    {
      broken.insert(.monotonicReads)
    }
    if clients[place].due.contains(where: isMissing) { broken.insert(.fresh) }
    clients[place].seen = clients[place].seen.filter { $0.key != key } + names
    clients[place].knew = clients[place].knows
    clients[place].past += names.filter { !clients[place].past.contains($0) }
    endsWithRead = clients[place].isQuiet
  }

  /// Whether a client has itself written over what it reads, or deleted it.
  private func isOver(_ name: Item.Name, _ place: Int) -> Bool {
    clients[place].over.contains(name) && written.contains { $0.name == name && $0.isOneWrite }
  }

  /// Whether a session knew of what its client reads, when the client read the key last and did not
  /// see it.
  private func isBack(_ name: Item.Name, _ place: Int) -> Bool {
    let view = clients[place]
    guard !view.seen.contains(name), !view.lostReads.contains(name.key),
      let known = view.knew.first(where: { $0.key == name.key })?.clock
    else { return false }
    return written.contains { $0.name == name && $0.isOneWrite && known.covers($0.dots[0]) }
  }

  /// Whether something else is read than was answered last by the only server.
  private func isLate(_ names: [Item.Name], _ place: Int) -> Bool {
    guard let last, clients[place].isQuiet, members.count(where: { $0.role == .replica }) == 1
    else { return false }
    return names != [last]
  }

  func role(of id: NodeID) -> Role? { members.first { $0.id == id }?.role }
}
