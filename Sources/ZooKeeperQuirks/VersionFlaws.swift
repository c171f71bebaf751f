import ZooKeeper
import ZooKeeperServer
import ZooKeeperWire

/// Conditions on versions that are not conditions.
///
/// Source for all: ZooKeeper Programmer's Guide, "Conditional Updates"; ZNODE-6.
extension Quirk {
  static let versionFlaws: [Quirk] = [
    ignores("set", .setData), ignores("delete", .delete), ignores("setACL", .setACL),
    versions("multi-set-ignores-the-version", "setData in a multi changes data of any version.") {
      operation in
      guard case .setData(let path, let data, _) = operation else { return operation }
      return .setData(path: path, data: data)
    },
    versions("multi-delete-ignores-the-version", "delete in a multi deletes any version.") {
      operation in
      guard case .delete(let path, _) = operation else { return operation }
      return .delete(path: path)
    },
    versions("check-ignores-the-version", "check holds for a node of any version.") { operation in
      guard case .check(let path, _) = operation else { return operation }
      return .check(path: path, version: .any)
    },
    .flaw("any-version-is-a-number", "Version -1 is compared like any other.", "ZNODE-6") {
      // No node has this version, and no client asks for it.
      $0.request = { asked, _ in
        asked.request = asked.request?.mappingVersions { $0 == .any ? .min : $0 }
      }
    },
    .flaw("negative-versions-match-any", "Every negative version matches.", "ZNODE-6") {
      $0.request = { asked, _ in
        asked.request = asked.request?.mappingVersions { $0 < 0 ? .any : $0 }
      }
    },
    .flaw("version-zero-matches-any", "Version 0 matches every version.", "ZNODE-6") {
      $0.request = { asked, _ in
        asked.request = asked.request?.mappingVersions { $0 == 0 ? .any : $0 }
      }
    },
    .flaw("newer-versions-match", "A version newer than the node's matches too.", "ZNODE-6") {
      $0.request = { asked, server in
        guard let path = asked.paths.first, let node = server.service.applied[path] else { return }
        let current = asked.header.opcode == .setACL ? node.aversion : node.version
        asked.request = asked.request?.mappingVersions { $0 > current ? .any : $0 }
      }
    },
    .flaw("older-versions-match", "A version older than the node's matches too.", "ZNODE-6") {
      $0.request = { asked, server in
        guard let path = asked.paths.first, let node = server.service.applied[path] else { return }
        let current = asked.header.opcode == .setACL ? node.aversion : node.version
        asked.request = asked.request?.mappingVersions {
          (0..<max(current, 0)).contains($0) ? .any : $0
        }
      }
    },
    .flaw(
      "setACL-compares-the-data-version", "setACL compares with version, not aversion.", "ZNODE-6"
    ) {
      $0.request = { asked, server in
        guard case .setACL(let path, let acl, let version) = asked.request, version != .any,
          let node = server.service.applied[path]
        else { return }
        let matches = version == node.version
        asked.request = .setACL(path: path, acl: acl, version: matches ? .any : .min)
      }
    },
    .flaw("set-compares-the-cversion", "setData compares with cversion, not version.", "ZNODE-6") {
      $0.request = { asked, server in
        guard case .setData(let path, let data, let version) = asked.request, version != .any,
          let node = server.service.applied[path]
        else { return }
        let matches = version == node.stat.cversion
        asked.request = .setData(path: path, data: data, version: matches ? .any : .min)
      }
    },
    .flaw(
      "versions-survive-deletion", "A node made where one was deleted begins with version 1.",
      "ZNODE-6"
    ) {
      // The parent's counter stands for the memory of what was there.
      $0.tree = { service, done in
        for path in done.paths(.created) {
          let earlier = done.before[Path.parent(of: path)]?.childrenCreated ?? 0
          let alive = done.before[Path.parent(of: path)]?.childCount ?? 0
          if Int(earlier) > alive { service.amend(path) { $0.version = 1 } }
        }
      }
    },
  ]

  private static func ignores(_ verb: String, _ opcode: Opcode) -> Quirk {
    flaw("\(verb)-ignores-the-version", "\(opcode) takes a node of any version.", "ZNODE-6") {
      $0.request = { asked, _ in
        if asked.header.opcode == opcode {
          asked.request = asked.request?.mappingVersions { _ in .any }
        }
      }
    }
  }

  private static func versions(
    _ name: String, _ summary: String, _ change: @escaping @Sendable (Operation) -> Operation
  ) -> Quirk {
    flaw(name, summary, "ZNODE-6") {
      $0.request = { asked, _ in
        if let operations = asked.operations { asked.request = .multi(operations.map(change)) }
      }
    }
  }
}
