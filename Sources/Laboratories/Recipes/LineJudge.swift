import ZooKeeper
import ZooKeeperClient

/// Judges locks of all kinds: who holds what at the same time, and whether somebody waits in vain.
///
/// | property | what it says |
/// | --- | --- |
/// | exclusion | holders whose sessions live hold only what may be held together |
/// | order | who holds it later, in a session that lives, has a higher token; readers may not |
/// | fencing | what is guarded takes no write by a lower token than one that it has taken |
/// | lostIsLost | nobody writes who knows that his session is over |
/// | noIdling | while processes are only slow, nobody waits for what nobody has |
/// | termination | every program comes to its end |
/// | noOrphans | in the end no node is left in the line |
/// | noHerd | a node that goes wakes one client at most |
package struct LineJudge: Judge {
  /// What may be held together: the kinds that are held, and one more.
  private let mayJoin: @Sendable ([String], String) -> Bool
  private let path: String
  private let judgesHerd: Bool
  private let order: Order
  private var holders: [Int: (kind: String, session: SessionID)] = [:]
  private var waiting: [Int: String] = [:]
  private var highest = Zxid.zero
  private var highestAlone = Zxid.zero
  private var highestTaken = Zxid.zero
  /// What it has seen.
  package var violations: [Violation] = []

  /// Whose tokens grow.
  package enum Order: Sendable {
    /// Those of all who hold it, one behind the other.
    case all
    /// Those of a kind that holds it alone: each is higher than all before it, and others are
    /// higher than the last of them.
    case alone(String)
    /// Nobody's: tokens are not known, or several hold it in any order.
    case none
  }

  package init(
    path: String, judgesHerd: Bool = true, order: Order = .all,
    mayJoin: @escaping @Sendable ([String], String) -> Bool = { held, _ in held.isEmpty }
  ) {
    (self.path, self.mayJoin) = (path, mayJoin)
    (self.judgesHerd, self.order) = (judgesHerd, order)
  }

  package mutating func take(_ note: Note, _ truth: Truth) {
    let name = Fault.name(note.process)
    switch note.what {
    case .asks(let kind): waiting[note.process] = kind
    case .holds(let kind, let token):
      waiting[note.process] = nil
      hold(kind, token, note, truth)
    case .releases: holders[note.process] = nil
    case .writes(let token, let accepted):
      if note.knowsEnd {
        report("lostIsLost", "\(name) writes, and knows that its session is over")
      }
      guard accepted else { return }
      if token < highestTaken {
        report("fencing", "a write by \(token) is taken after one by \(highestTaken)")
      }
      highestTaken = max(highestTaken, token)
    case .fails:
      waiting[note.process] = nil
      holders[note.process] = nil
    case .puts, .gets, .finishes, .passes, .begins, .wrote, .reads, .told: break
    }
  }

  private mutating func hold(_ kind: String, _ token: Zxid, _ note: Note, _ truth: Truth) {
    let name = Fault.name(note.process)
    holders[note.process] = (kind, note.session)
    // Whose session has ended may believe that he holds it: nothing can prevent that.
    guard truth.server.isAlive(note.session) else { return }
    let others = alive(truth).filter { $0.key != note.process }
    if !mayJoin(others.map(\.value.kind), kind) {
      let names = others.keys.sorted().map(Fault.name).joined(separator: ", ")
      report("exclusion", "\(name) holds \(kind) while \(names) does, in a session that lives")
    }
    judgeOrder(kind, token, name)
  }

  private mutating func judgeOrder(_ kind: String, _ token: Zxid, _ name: String) {
    let least: Zxid?
    switch order {
    case .all: least = highest
    case .alone(kind):
      least = highest
      highestAlone = max(highestAlone, token)
    case .alone: least = highestAlone
    case .none: least = nil
    }
    if let least, token <= least { report("order", "\(name) has \(token) after \(least)") }
    highest = max(highest, token)
  }

  package mutating func rest(_ truth: Truth) {
    guard truth.isOnlySlow else { return }
    for (process, kind) in waiting.sorted(by: { $0.key < $1.key })
    where mayJoin(holders.values.map(\.kind), kind) && isNext(process) {
      report("noIdling", "\(Fault.name(process)) waits for \(kind) while it may have it")
    }
  }

  /// Whether nobody has waited longer who may not have it either.
  private func isNext(_ process: Int) -> Bool {
    waiting.allSatisfy { mayJoin(holders.values.map(\.kind), $0.value) }
  }

  package mutating func end(_ truth: Truth) {
    violations += truth.unended
    let left = truth.server.children(path)
    if !left.isEmpty, violations.isEmpty {
      report("noOrphans", "\(left.sorted().joined(separator: ", ")) is left in \(path)")
    }
    // Who gives up leaves a watch behind, which wakes nobody who waits.
    guard judgesHerd, !truth.faults.contains(where: { $0.kind == .cancel }) else { return }
    var woken: [String: Int] = [:]
    for (_, event) in truth.events() where event.type != .none {
      guard event.type == .nodeDeleted else { continue }
      woken[event.path, default: 0] += 1
    }
    let changes = truth.events().count { $0.event.type == .nodeChildrenChanged }
    if let (node, count) = woken.filter({ $0.value > 1 }).min(by: { $0.key < $1.key }) {
      report("noHerd", "\(count) clients are woken when \(node) goes")
    } else if changes > 0 {
      report("noHerd", "clients are woken \(changes) times by whatever node comes or goes")
    }
  }

  private func alive(_ truth: Truth) -> [Int: (kind: String, session: SessionID)] {
    holders.filter { truth.server.isAlive($0.value.session) }
  }
}
