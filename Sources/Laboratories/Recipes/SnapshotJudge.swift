import ZooKeeper
import ZooKeeperClient

/// Judges what followers of a state see of it.
///
/// | property | what it says |
/// | --- | --- |
/// | membership | who has joined, in a session that lives, is there, and nobody else by its name |
/// | follows | when all are connected and nothing happens, each follower has seen the last state |
/// | tellsOnce | no follower is told the same state twice in a row |
/// | goesOn | no follower is told a state that is older than one before |
/// | termination | every program comes to its end |
/// | noOrphans | in the end nobody is left who has joined |
package struct SnapshotJudge: Judge {
  /// The state that followers should have seen; nil while there is none.
  private let state: @Sendable (any JudgedServer) -> String?
  /// The node below which each member has its own, if there are members.
  private let members: String?
  /// Whether states are numbers, which grow.
  private let areNumbers: Bool
  private var joined: [Int: (path: String, session: SessionID, token: Zxid)] = [:]
  private var followers: Set<Int> = []
  private var seen: [Int: String] = [:]
  /// What it has seen.
  package var violations: [Violation] = []

  package init(
    members: String? = nil, areNumbers: Bool = false,
    state: @escaping @Sendable (any JudgedServer) -> String?
  ) {
    (self.members, self.areNumbers, self.state) = (members, areNumbers, state)
  }

  package mutating func take(_ note: Note, _ truth: Truth) {
    let name = Fault.name(note.process)
    switch note.what {
    case .asks:
      followers.insert(note.process)
      // Who begins anew with a list is told the whole of it; of numbers he is to remember the last.
      if !areNumbers { seen[note.process] = nil }
    case .passes: (followers, seen[note.process]) = (followers.subtracting([note.process]), nil)
    case .gets(let state):
      let before = seen.updateValue(state, forKey: note.process)
      if before == state { report("tellsOnce", "\(name) is told \(state) twice") }
      if areNumbers, let before, Int(before) ?? 0 > Int(state) ?? 0 {
        report("goesOn", "\(name) is told \(state) after \(before)")
      }
    case .holds(let member, let token):
      joined[note.process] = ("\(members ?? "")/\(member)", note.session, token)
      judgeMembers(truth)
    case .releases: joined[note.process] = nil
    case .fails:
      joined[note.process] = nil
      followers.remove(note.process)
    case .puts, .writes, .finishes, .begins, .wrote, .reads, .told: break
    }
  }

  package mutating func rest(_ truth: Truth) {
    judgeMembers(truth)
    guard truth.isCalm, let state = state(truth.server) else { return }
    for follower in followers.sorted()
    where !truth.crashed.contains(follower) && !truth.ended.contains(follower)
      && seen[follower] != state
    {
      let words = seen[follower].map { "has seen \($0)" } ?? "has seen nothing"
      report("follows", "\(Fault.name(follower)) \(words) while there is \(state)")
    }
  }

  private mutating func judgeMembers(_ truth: Truth) {
    guard truth.server.isTransparent else { return }
    for (process, member) in joined.sorted(by: { $0.key < $1.key })
    where truth.server.isAlive(member.session) {
      let node = truth.server.node(member.path)
      if node?.ephemeralOwner == member.session, node?.czxid == member.token { continue }
      let words = node == nil ? "there is no such node" : "the node is another's"
      report("membership", "\(Fault.name(process)) has joined as \(member.path), and \(words)")
    }
  }

  package mutating func end(_ truth: Truth) {
    violations += truth.unended
    guard let members, violations.isEmpty else { return }
    let left = truth.server.children(members)
    if !left.isEmpty {
      report("noOrphans", "\(left.sorted().joined(separator: ", ")) is left in \(members)")
    }
  }
}
