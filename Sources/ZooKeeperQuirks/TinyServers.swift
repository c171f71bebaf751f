import ZooKeeper
import ZooKeeperServer
import ZooKeeperWire

/// Servers that are none: they shake hands and answer, and that is all.
///
/// A suite that such a one passes asks for nothing.
extension Quirk {
  static let tinyServers: [Quirk] = [
    Quirk(
      "answers-ok", .tinyServer, "Every request is answered with Ok and an empty body.",
      source: "nobody's server"
    ) {
      $0.request = { asked, _ in asked.doNothing() }
      $0.reply = { answered, _, _ in answered.answer = .done }
    },
    Quirk(
      "answers-no-node", .tinyServer, "Every request is answered with NoNode.",
      source: "nobody's server"
    ) {
      $0.request = { asked, _ in asked.doNothing() }
      $0.reply = { answered, _, _ in answered.code = .noNode }
    },
  ]
}

extension Asked {
  /// Becomes a request that changes nothing, with the number of the real one.
  fileprivate mutating func doNothing() {
    content = .request(.ping)
    header.opcode = .sync
  }
}
