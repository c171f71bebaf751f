import ZooKeeper
import ZooKeeperServer
import ZooKeeperWire

/// Sequence numbers that are used again, left out, or written otherwise.
///
/// Source for all: ZooKeeper Programmer's Guide, "Sequence Nodes"; ZNODE-5.
extension Quirk {
  static let sequenceFlaws: [Quirk] = [
    numbers("numbers-are-reused", "The number is that of the children there are.") {
      _, parent, _ in parent.childCount
    },
    numbers("numbers-count-deletions", "A deletion too takes a number.") { _, parent, _ in
      Int(parent.stat.cversion)
    },
    numbers("numbers-count-a-prefix", "Every prefix counts for itself.") { prefix, _, names in
      (names.filter { $0.hasPrefix(prefix) }.compactMap { Int($0.dropFirst(prefix.count)) }.max()
        ?? -1) + 1
    },
    numbers("numbers-count-sequential-nodes", "Only sequential nodes are counted.") {
      _, _, names in names.count { $0.count >= 10 && Int($0.suffix(10)) != nil }
    },
    numbers("numbers-begin-with-one", "The first number is 1.") { _, parent, _ in
      Int(parent.childrenCreated) + 1
    },
    numbers("numbers-count-the-tree", "One counter serves all parents.", global: true) { _, _, _ in
      0
    },
    suffixes("numbers-are-not-padded", "Numbers are written without zeros before them.") {
      String($0)
    },
    suffixes("numbers-have-nine-digits", "Numbers are written in nine digits.") {
      String(repeating: "0", count: max(0, 9 - String($0).count)) + String($0)
    },
    suffixes("numbers-are-hexadecimal", "Numbers are written in hexadecimal.") {
      let digits = String($0, radix: 16)
      return String(repeating: "0", count: max(0, 10 - digits.count)) + digits
    },
    flaw("sequential-is-ignored", "A sequential node is created without a number.", "ZNODE-5") {
      $0.request = { asked, _ in
        guard var create = asked.create, create.mode.isSequential else { return }
        create.mode = create.mode.isEphemeral ? .ephemeral : .persistent
        asked.request = .create(create)
      }
    },
    flaw("ephemeral-sequential-stays", "An ephemeral sequential node is persistent.", "ZNODE-4") {
      $0.request = { asked, _ in
        guard var create = asked.create, create.mode == .ephemeralSequential else { return }
        create.mode = .persistentSequential
        asked.request = .create(create)
      }
    },
    flaw("the-number-is-not-told", "The reply to a sequential create lacks the number.", "ZNODE-5")
    {
      $0.reply = { answered, asked, _ in
        guard let create = asked.create, case .created(_, let stat)? = answered.answer else {
          return
        }
        answered.answer = .created(path: create.path, stat)
      }
    },
    flaw("counters-wrap", "After the largest number the smallest follows.", "ZNODE-5") {
      $0.transactions = { transactions, asked, server in
        guard let create = asked.create, create.mode.isSequential, let last = transactions.last,
          last.code == .nodeExists,
          server.service.applied[Path.parent(of: create.path)]?.childrenCreated == .max
        else { return }
        let creation = Transaction.Creation(
          path: create.path + "-2147483648", data: create.data, acl: create.acl,
          isEphemeral: create.mode.isEphemeral, parentCVersion: .min, withStat: create.withStat)
        transactions = [last.with(.create(creation))]
      }
    },
  ]

  private static func numbers(
    _ name: String, _ summary: String, global: Bool = false,
    _ number: @escaping @Sendable (_ prefix: String, Node, _ siblings: [String]) -> Int
  ) -> Quirk {
    flaw(name, summary, "ZNODE-5") {
      $0.transactions = { transactions, asked, server in
        let tree = server.service.applied
        guard let create = asked.create, create.mode.isSequential,
          let node = tree[Path.parent(of: create.path)]
        else { return }
        let next =
          global
          ? Int(tree.zxid.rawValue) : number(lastName(of: create.path), node, node.childNames)
        let digits = String(next)
        transactions.editCreations { creation, _ in
          creation.path =
            create.path + String(repeating: "0", count: max(0, 10 - digits.count)) + digits
        }
      }
    }
  }

  private static func suffixes(
    _ name: String, _ summary: String, _ written: @escaping @Sendable (Int) -> String
  ) -> Quirk {
    flaw(name, summary, "ZNODE-5") {
      $0.transactions = { transactions, asked, _ in
        guard let create = asked.create, create.mode.isSequential else { return }
        transactions.editCreations { creation, _ in
          guard let number = Int(creation.path.suffix(10)) else { return }
          creation.path = create.path + written(number)
        }
      }
    }
  }
}
