import ZooKeeper
package import ZooKeeperServer
import ZooKeeperWire

/// Two sessions that write at once: what the second asks is taken for what the first has asked.
///
/// A server that joins requests which wait for the same disk, and looks only at what they are
/// about, does so; it shows only while the first is not answered.
///
/// Source for all: ZooKeeper Programmer's Guide, "Consistency Guarantees"; GUAR-1, ZNODE-6.
extension Quirk {
  package static let togetherFlaws: [Quirk] = [
    together("sets-at-once-are-one", "Of two setData of one version at once one is done.") {
      guard case .setData(let path, _, let version)? = $0.request,
        case .setData(path, _, version)? = $1.request
      else { return false }
      return version != .any
    },
    together("creates-at-once-are-one", "Of two creates of a path at once both succeed.") {
      guard let a = $0.create, let b = $1.create else { return false }
      return a.path == b.path && !a.mode.isSequential && !b.mode.isSequential
    },
    together("numbers-at-once-are-one", "Two sequential creates at once get one number.") {
      guard let a = $0.create, let b = $1.create else { return false }
      return a.path == b.path && a.mode.isSequential && b.mode.isSequential
    },
    together("multis-at-once-are-one", "Of two multis with one check at once one is done.") {
      guard case .check(let path, let version)? = $0.operations?.first,
        case .check(path, version)? = $1.operations?.first
      else { return false }
      return true
    },
  ]

  private static func together(
    _ name: String, _ summary: String,
    _ isSame: @escaping @Sendable (_ first: Asked, _ second: Asked) -> Bool
  ) -> Quirk {
    flaw(name, summary, "GUAR-1") {
      @Sendable func first(_ asked: Asked, _ server: Server) -> Answered? {
        server.underWay.first { other in
          other.asked.author.session != asked.author.session && other.answered.code == nil
            && isSame(other.asked, asked)
        }?.answered
      }
      $0.transactions = { transactions, asked, server in
        if first(asked, server) != nil { transactions.removeAll() }
      }
      $0.reply = { answered, asked, server in
        if let first = first(asked, server)?.reply { answered.reply?.result = first.result }
      }
    }
  }
}
