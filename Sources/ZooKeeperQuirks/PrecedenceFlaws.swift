import ZooKeeper
import ZooKeeperServer
import ZooKeeperWire

/// When two things are wrong, the wrong one is told.
///
/// Source for all: Apache ZooKeeper, `PrepRequestProcessor.pRequest2TxnReq`, the order of checks.
extension Quirk {
  static let precedenceFlaws: [Quirk] = [
    swaps("delete-NotEmpty-before-BadVersion", .badVersion, .notEmpty) { asked, tree in
      guard case .delete(let path, _) = asked.request else { return false }
      return tree[path].map { $0.childCount > 0 } ?? false
    },
    swaps("delete-BadVersion-before-NoAuth", .noAuth, .badVersion) { asked, tree in
      guard case .delete(let path, let version) = asked.request else { return false }
      return version != .any && tree[path].map { $0.version != version } ?? false
    },
    swaps("delete-NotEmpty-before-NoAuth", .noAuth, .notEmpty) { asked, tree in
      guard case .delete(let path, _) = asked.request else { return false }
      return tree[path].map { $0.childCount > 0 } ?? false
    },
    swaps("set-BadVersion-before-NoAuth", .noAuth, .badVersion) { asked, tree in
      guard case .setData(let path, _, let version) = asked.request else { return false }
      return version != .any && tree[path].map { $0.version != version } ?? false
    },
    swaps("setACL-BadVersion-before-NoAuth", .noAuth, .badVersion) { asked, tree in
      guard case .setACL(let path, _, let version) = asked.request else { return false }
      return version != .any && tree[path].map { $0.aversion != version } ?? false
    },
    swaps("setACL-NoNode-before-InvalidACL", .invalidACL, .noNode) { asked, tree in
      guard case .setACL(let path, _, _) = asked.request else { return false }
      return tree[path] == nil
    },
    swaps("setACL-BadVersion-before-InvalidACL", .invalidACL, .badVersion) { asked, tree in
      guard case .setACL(let path, _, let version) = asked.request else { return false }
      return version != .any && tree[path].map { $0.aversion != version } ?? false
    },
    swaps("create-NodeExists-before-NoAuth", .noAuth, .nodeExists) { asked, tree in
      guard let create = asked.create, !create.mode.isSequential else { return false }
      return tree[create.path] != nil
    },
    swaps("create-NodeExists-before-InvalidACL", .invalidACL, .nodeExists) { asked, tree in
      guard let create = asked.create, !create.mode.isSequential else { return false }
      return tree[create.path] != nil
    },
    swaps("create-NoNode-before-InvalidACL", .invalidACL, .noNode) { asked, tree in
      guard let create = asked.create else { return false }
      return tree[Path.parent(of: create.path)] == nil
    },
    swaps("create-NoAuth-before-InvalidACL", .invalidACL, .noAuth) { asked, tree in
      guard let create = asked.create, let node = tree[Path.parent(of: create.path)] else {
        return false
      }
      return !node.acl.allows(.create, to: asked.author.identities)
    },
    swaps("create-BadArguments-before-NoNode", .noNode, .badArguments) { asked, _ in
      asked.create.map { hasBadName($0.path) } ?? false
    },
    swaps("create-BadArguments-before-NoAuth", .noAuth, .badArguments) { asked, _ in
      asked.create.map { hasBadName($0.path) } ?? false
    },
    swaps("create-NoChildren-before-NoAuth", .noAuth, .noChildrenForEphemerals) { asked, tree in
      guard let create = asked.create else { return false }
      return tree[Path.parent(of: create.path)]?.isEphemeral ?? false
    },
    swaps("create-NoNode-before-BadArguments", .badArguments, .noNode) { asked, tree in
      guard let create = asked.create, !(0...3).contains(create.mode.rawValue) else { return false }
      return tree[Path.parent(of: create.path)] == nil
    },
    .flaw(
      "reads-ask-for-READ-first", "Reading a missing node is NoAuth where its parent is closed.",
      "ACL-3"
    ) {
      $0.reply = { answered, asked, server in
        guard asked.isOne(of: .getData, .getChildren, .getChildren2), answered.code == .noNode,
          let path = asked.paths.first,
          let node = server.service.applied[Path.parent(of: path)],
          !node.acl.allows(.read, to: asked.author.identities)
        else { return }
        answered.code = .noAuth
      }
    },
  ]

  private static func swaps(
    _ name: String, _ told: ErrorCode, _ other: ErrorCode,
    _ holds: @escaping @Sendable (Asked, Tree) -> Bool
  ) -> Quirk {
    flaw(name, "Where both are true, \(other) is told and not \(told).", "the order of checks") {
      $0.reply = { answered, asked, server in
        guard answered.code == told, holds(asked, server.service.applied) else { return }
        answered.code = other
      }
    }
  }

  private static func hasBadName(_ path: String) -> Bool {
    [".", "..", ""].contains(lastName(of: path))
      || path.unicodeScalars.contains { $0.value < 0x20 || $0.value == 0x7f }
  }
}
