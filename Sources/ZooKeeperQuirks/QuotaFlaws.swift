import ZooKeeper
package import ZooKeeperServer
import ZooKeeperWire

/// Quotas that are counted or enforced wrongly.
///
/// Source for all: ZooKeeper Administrator's Guide, "Quotas"; ZOOKEEPER-3301; ZNODE-8.
extension Quirk {
  package static let quotaFlaws: [Quirk] = [
    counts("quotas-count-nothing", "What a quota's nodes use is counted once and for all.") { _ in
      true
    },
    counts("quotas-count-no-deletions", "What is deleted is still counted.") { done in
      !done.paths(.deleted).isEmpty
    },
    counts("quotas-count-no-creations", "What is created is not counted.") { done in
      !done.paths(.created).isEmpty
    },
    counts("quotas-count-no-new-data", "Data that is set is not counted.") { done in
      !done.paths(.dataChanged).isEmpty
    },
    counts("quotas-miss-multis", "What a multi does is not counted.") { done in
      if case .multi = done.transaction.body { true } else { false }
    },
    counts("quotas-miss-endings", "What goes with its session is still counted.") { done in
      if case .closeSession = done.transaction.body { true } else { false }
    },
    counts("quotas-count-no-own-data", "The data of the quota's node itself is not counted.") {
      done in done.quotaSubjects.contains { done.paths(.dataChanged).contains($0) }
    },
    usage("quotas-forget-themselves", "The quota's node itself is not counted.") { usage, done in
      if done.createsUsage { usage.nodes -= 1 }
    },
    usage("quotas-count-from-nothing", "What was there before the quota is not counted.") {
      usage, done in if done.createsUsage { usage = Quota(nodes: 0, bytes: 0) }
    },
    usage("quotas-count-nodes-as-bytes", "A node without data counts for a byte.") { usage, done in
      usage.bytes += Int64(done.paths(.created).count { !$0.hasPrefix(Quota.folder) })
    },
    quota("quotas-count-names-alike", "A node whose name begins alike is counted.") {
      $0.tree = { service, done in
        for subject in done.quotaSubjects {
          let alike = done.paths(.created).filter {
            $0.hasPrefix(subject) && !$0.hasPrefix(subject + "/") && $0 != subject
          }
          service.editUsage(of: subject) { $0.nodes += Int64(alike.count) }
        }
      }
    },
    quota("quotas-count-above-too", "Of quotas one within the other both count.") {
      $0.tree = { service, done in
        let subjects = done.quotaSubjects
        for path in done.paths(.created) where !path.hasPrefix(Quota.folder) {
          let over = subjects.filter { path.hasPrefix($0 + "/") }.sorted { $0.count > $1.count }
          for subject in over.dropFirst() { service.editUsage(of: subject) { $0.nodes += 1 } }
        }
      }
    },
    quota("quotas-count-failures", "What a multi that fails does not make is counted.") {
      $0.tree = { service, done in
        guard case .multi(let parts) = done.transaction.body, parts.contains(.error(.ok)) else {
          return
        }
        for subject in done.quotaSubjects { service.editUsage(of: subject) { $0.nodes += 1 } }
      }
    },
    quota("usage-moves-its-Stat", "Counting moves the version of the node that tells it.") {
      $0.tree = { service, done in
        for subject in done.quotaSubjects {
          let path = Quota.usage(of: subject)
          guard let before = done.before[path], service.applied[path]?.data != before.data else {
            continue
          }
          service.amend(path) { $0.version += 1 }
        }
      }
    },
    quota("usage-fires-watches", "Counting fires the watches of the node that tells it.") {
      $0.events = { told, watches, done in
        for subject in done.quotaSubjects where !done.changes.isEmpty {
          let path = Quota.usage(of: subject)
          guard !done.paths(.created).contains(path) else { continue }
          told += watches.trigger([Change(.dataChanged, path, acl: [])])
        }
      }
    },
    quota("hard-quotas-are-soft", "No quota is enforced.") {
      $0.settings = { $0.dialect.enforcesQuotas = false }
    },
    limits("soft-quotas-are-hard", "A soft quota is enforced.") { limits in
      (limits.hardNodes, limits.hardBytes) = (limits.nodes, limits.bytes)
    },
    limits("hard-quotas-let-one-more-pass", "A hard quota lets one node more pass.") { limits in
      if limits.hardNodes >= 0 { limits.hardNodes += 1 }
    },
    limits("hard-quotas-refuse-one-early", "A hard quota refuses a node that would do.") { limits in
      if limits.hardNodes >= 0 { limits.hardNodes -= 1 }
    },
    limits("hard-quotas-are-of-nodes", "A hard quota on bytes is not enforced.") { limits in
      limits.hardBytes = -1
    },
    limits("hard-quotas-are-of-bytes", "A hard quota on nodes is not enforced.") { limits in
      limits.hardNodes = -1
    },
    limits("unreadable-quotas-are-none", "Limits that cannot be read are none.") { _ in },
    says("unreadable-quotas-fail-in-part", "Limits nobody can read fail one part of a multi.") {
      answered, asked, _ in
      guard let operations = asked.operations, answered.code == .marshallingError else { return }
      let others = operations.dropFirst().map { _ in OperationResult.failed(.ok) }
      answered.answer = .multi(others + [.failed(.marshallingError)])
    },
    quota("hard-quotas-miss-multis", "In a multi no quota is enforced.") {
      $0.transactions = { transactions, asked, server in
        guard let operations = asked.operations,
          case .multi(let parts)? = transactions.first?.body, parts.contains(.error(.quotaExceeded))
        else { return }
        var free = server.settings.dialect
        free.enforcesQuotas = false
        var service = Service(server.service.applied, dialect: free)
        transactions = transactions.map { transaction in
          let made = service.prepare(
            .multi(operations), by: asked.author, cxid: transaction.cxid, zxid: transaction.zxid,
            time: transaction.time)
          return transaction.with(made.body)
        }
      }
    },
    says("quotas-after-versions", "A hard quota is looked at after the version.") {
      answered, asked, server in
      guard case .setData(let path, _, let version) = asked.request,
        answered.code == .quotaExceeded, let node = server.service.applied[path], version != .any,
        version != node.version
      else { return }
      answered.code = .badVersion
    },
    says("exceeded-is-no-permission", "What exceeds a quota is not permitted.") {
      answered, _, _ in if answered.code == .quotaExceeded { answered.code = .noAuth }
    },
    quota("quotas-outlive-their-limits", "A quota whose limits are deleted is counted on.") {
      $0.tree = { service, done in
        let path = done.paths(.created).first { !$0.hasPrefix(Quota.folder) }
        guard let parent = path.map({ Path.parent(of: $0) }),
          service.applied[Quota.limits(of: parent)] == nil
        else { return }
        service.editUsage(of: parent) { $0.nodes += 1 }
      }
    },
  ]

  private static func quota(
    _ name: String, _ summary: String, _ change: (inout Quirk) -> Void
  ) -> Quirk { flaw(name, summary, "ZNODE-8", change) }

  /// What is not counted.
  private static func counts(
    _ name: String, _ summary: String, _ isMissed: @escaping @Sendable (Committed) -> Bool
  ) -> Quirk {
    quota(name, summary) {
      $0.tree = { service, done in
        guard isMissed(done) else { return }
        for subject in done.quotaSubjects {
          service.restore(\.data, at: Quota.usage(of: subject), from: done.before)
        }
      }
    }
  }

  private static func usage(
    _ name: String, _ summary: String,
    _ change: @escaping @Sendable (inout Quota, Committed) -> Void
  ) -> Quirk {
    quota(name, summary) {
      $0.tree = { service, done in
        for subject in done.quotaSubjects(in: service.applied) {
          service.editUsage(of: subject) { change(&$0, done) }
        }
      }
    }
  }

  /// Limits that are taken for others when they are written.
  private static func limits(
    _ name: String, _ summary: String, _ change: @escaping @Sendable (inout Quota) -> Void
  ) -> Quirk {
    quota(name, summary) {
      $0.tree = { service, done in
        for path in done.paths(.created) + done.paths(.dataChanged)
        where path.hasSuffix("/zookeeper_limits") {
          service.amend(path) { node in
            var limits = Quota(node.data)
            change(&limits)
            node.data = Array(limits.text.utf8)
          }
        }
      }
    }
  }

  private static func says(
    _ name: String, _ summary: String,
    _ change: @escaping @Sendable (inout Answered, Asked, Server) -> Void
  ) -> Quirk { quota(name, summary) { $0.reply = change } }
}

extension Committed {
  /// The paths that have had a quota before.
  fileprivate var quotaSubjects: [String] { quotaSubjects(in: before) }

  fileprivate func quotaSubjects(in tree: Tree) -> [String] {
    tree.paths.filter { $0.hasPrefix(Quota.folder) && lastName(of: $0) == "zookeeper_limits" }
      .map { String(Path.parent(of: $0).dropFirst(Quota.folder.count)) }
  }

  /// Whether it makes the node that tells what is used.
  fileprivate var createsUsage: Bool {
    paths(.created).contains { lastName(of: $0) == "zookeeper_stats" }
  }
}

extension Service {
  fileprivate mutating func editUsage(of subject: String, _ change: (inout Quota) -> Void) {
    amend(Quota.usage(of: subject)) { node in
      var usage = Quota(node.data)
      change(&usage)
      node.data = Array(usage.text.utf8)
    }
  }
}
