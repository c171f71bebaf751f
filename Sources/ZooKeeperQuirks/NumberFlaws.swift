import ZooKeeper
package import ZooKeeperServer
import ZooKeeperWire

/// Numbers in a wrong unit, or of too few bits.
///
/// Source for all: ZooKeeper Programmer's Guide, "ZooKeeper Stat Structure", and `zookeeper.jute`;
/// ZNODE-6.
extension Quirk {
  package static let numberFlaws: [Quirk] = times + widths

  private static let times: [Quirk] = [
    flaw("mtime-in-microseconds", "mtime is counted in microseconds.", "etcd-io/zetcd#99") {
      $0.stat = { stat, _, _ in stat.mtime &*= 1000 }
    },
    flaw("multis-set-no-time", "A setData in a multi sets mtime to 0.", "ZNODE-6") {
      $0.tree = { service, done in
        guard case .multi = done.transaction.body else { return }
        for path in done.paths(.dataChanged) { service.amend(path) { $0.mtime = 0 } }
      }
    },
    flaw("create2-tells-no-time", "The Stat of create2 has no times.", "ZNODE-6") {
      $0.reply = { answered, _, _ in
        guard case .created(let path, var stat?)? = answered.answer else { return }
        (stat.ctime, stat.mtime) = (0, 0)
        answered.answer = .created(path: path, stat)
      }
    },
    flaw("deletes-move-the-parents-mtime", "Deleting a child moves its parent's mtime.", "ZNODE-6")
    {
      $0.tree = { service, done in
        for path in done.paths(.deleted) {
          service.amend(Path.parent(of: path)) { $0.mtime = done.transaction.time }
        }
      }
    },
    flaw("failed-sets-move-mtime", "A setData that fails moves mtime.", "ZNODE-6") {
      $0.tree = { service, done in
        guard case .setData(let path, _, _) = done.asked.request, done.transaction.code != nil
        else { return }
        service.amend(path) { $0.mtime = done.transaction.time }
      }
    },
  ]

  private static let widths: [Quirk] = [
    width("versions-are-bytes", "version has eight bits.") {
      $0.version = Int32(Int8(truncatingIfNeeded: $0.version))
    },
    width("cversions-are-bytes", "cversion has eight bits.") {
      $0.cversion = Int32(Int8(truncatingIfNeeded: $0.cversion))
    },
    width("aversions-are-bytes", "aversion has eight bits.") {
      $0.aversion = Int32(Int8(truncatingIfNeeded: $0.aversion))
    },
    width("numChildren-is-a-byte", "numChildren has eight bits.") {
      $0.numChildren = Int32(UInt8(truncatingIfNeeded: $0.numChildren))
    },
    width("dataLength-has-sixteen-bits", "dataLength has sixteen bits.") {
      $0.dataLength = Int32(UInt16(truncatingIfNeeded: $0.dataLength))
    },
    flaw("the-protocol-is-version-one", "The connect response names version 1.", "ConnectResponse")
    {
      $0.response = { response, _, _ in response.protocolVersion = 1 }
    },
  ]

  private static func width(
    _ name: String, _ summary: String, _ change: @escaping @Sendable (inout Stat) -> Void
  ) -> Quirk {
    flaw(name, summary, "ZNODE-6") { $0.stat = { stat, _, _ in change(&stat) } }
  }
}
