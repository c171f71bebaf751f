import ZooKeeper
import ZooKeeperClient

/// Judges how consumers divide partitions.
///
/// | property | what it says |
/// | --- | --- |
/// | oneOwner | no two consumers whose sessions live work on a partition at once |
/// | registered | whoever works on a partition, in a session that lives, owns its owner's node |
/// | stoppedOnce | work is ended that had begun, and once |
/// | order | who works on it later, in a session that lives, has a higher token |
/// | allOwned | when all are connected and nothing happens, each partition is worked on |
/// | balance | then no consumer has two partitions more than another |
/// | termination | every program comes to its end |
/// | noOrphans | in the end no owner's node is left |
package struct PartitionJudge: Judge {
  private struct Owner {
    let process: Int
    let session: SessionID
  }

  private let path: String
  private let partitions: [String]
  private var owners: [String: [Owner]] = [:]
  private var highest: [String: Zxid] = [:]
  /// What it has seen.
  package var violations: [Violation] = []

  package init(path: String, partitions: [String]) {
    (self.path, self.partitions) = (path, partitions)
  }

  package mutating func take(_ note: Note, _ truth: Truth) {
    switch note.what {
    case .holds(let partition, let token): start(partition, token, note, truth)
    case .releases(let partition):
      if owners[partition]?.contains(where: { $0.process == note.process }) != true {
        report("stoppedOnce", "\(Fault.name(note.process)) ends work on \(partition) again")
      }
      owners[partition]?.removeAll { $0.process == note.process }
    case .asks, .writes, .puts, .gets, .finishes, .passes, .fails, .begins, .wrote, .reads, .told:
      break
    }
    judgeNodes(truth)
  }

  private mutating func judgeNodes(_ truth: Truth) {
    guard truth.server.isTransparent else { return }
    for partition in partitions {
      for owner in owners[partition] ?? [] where truth.server.isAlive(owner.session) {
        let node = truth.server.node("\(path)/owners/\(partition)")
        guard node?.ephemeralOwner != owner.session else { continue }
        let name = Fault.name(owner.process)
        report("registered", "\(name) works on \(partition), and its node is not there")
      }
    }
  }

  private mutating func start(
    _ partition: String, _ token: Zxid, _ note: Note, _ truth: Truth
  ) {
    let name = Fault.name(note.process)
    let others = owners[partition, default: []]
    owners[partition, default: []].append(Owner(process: note.process, session: note.session))
    // Whose session has ended may not know it yet: nothing can prevent that.
    guard truth.server.isAlive(note.session) else { return }
    if let other = others.first(where: { truth.server.isAlive($0.session) }) {
      report("oneOwner", "\(name) works on \(partition) while \(Fault.name(other.process)) does")
    }
    if token <= highest[partition] ?? .zero { report("order", "\(name) has \(token) too late") }
    highest[partition] = max(highest[partition] ?? .zero, token)
  }

  package mutating func rest(_ truth: Truth) {
    judgeNodes(truth)
    let consumers = truth.server.children("\(path)/consumers")
    // Members that are no more are still there until their sessions end.
    guard truth.isCalm, !consumers.isEmpty,
      truth.server.children("\(path)/partitions") == partitions,
      consumers.allSatisfy({ isLiving($0, truth) })
    else { return }
    var counts: [Int: Int] = [:]
    for partition in partitions {
      let living = owners[partition, default: []].filter { truth.server.isAlive($0.session) }
      guard let owner = living.first else {
        report("allOwned", "nobody works on \(partition), while \(consumers.count) consume")
        return
      }
      counts[owner.process, default: 0] += 1
    }
    let most = counts.values.max() ?? 0
    let least = counts.count < consumers.count ? 0 : counts.values.min() ?? 0
    if most > least + 1 {
      report("balance", "one consumer has \(most) partitions, and another \(least)")
    }
  }

  /// Whether a consumer goes on; its name begins with its process's.
  private func isLiving(_ consumer: String, _ truth: Truth) -> Bool {
    let process = (0..<truth.processes).first { consumer.hasPrefix(Fault.name($0)) }
    guard let process, let node = truth.server.node("\(path)/consumers/\(consumer)") else {
      return false
    }
    return !truth.crashed.contains(process) && !truth.ended.contains(process)
      && truth.server.isAlive(node.ephemeralOwner)
  }

  package mutating func end(_ truth: Truth) {
    violations += truth.unended
    let left = truth.server.children("\(path)/owners")
    if !left.isEmpty, violations.isEmpty {
      report("noOrphans", "\(left.sorted().joined(separator: ", ")) is left")
    }
  }
}
