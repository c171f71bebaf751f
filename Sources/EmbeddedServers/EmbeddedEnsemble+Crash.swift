import Lab
import ProtocolCore
import ZAB
package import ZooKeeper
import ZooKeeperClient
import ZooKeeperEnsemble

// A leader is down for a while, and clients see to it themselves.

extension EmbeddedEnsemble {
  /// How long a server is down that stops, in milliseconds.
  private static let downTime: Milliseconds = 3000

  /// The leader stops, and starts again three seconds later with what is on its disk.
  ///
  /// Its clients lose their connections, and those of its followers too as soon as these look for
  /// another leader.
  package mutating func crashLeader() {
    guard let leader = servers.first(where: { hosts[$0]?.node?.zab.isEstablished == true }) else {
      return
    }
    take(.crash(losing: 0), at: leader)
    alarms[leader] = nil
    for stream in streams.sorted() where stream.near == leader || stream.far == leader {
      let other = stream.near == leader ? stream.far : stream.near
      disconnect(leader, from: other, stream.channel)
    }
    settle()
    restarts[leader] = now + Self.downTime
  }

  /// The servers start again whose time has come.
  mutating func restart() {
    for server in servers where restarts[server].map({ $0 <= now }) == true {
      restarts[server] = nil
      take(.start, at: server)
      settle()
    }
  }

  /// Whether the session is there, by the server that knows most.
  package func isAlive(_ session: SessionID) -> Bool {
    newest?.timeout(of: session) != nil
  }

  /// The names of a node's children, by the server that knows most.
  package func children(_ path: String) -> [String] { newest?[path]?.childNames ?? [] }

  /// A node, by the server that knows most; nil if there is none.
  package func node(_ path: String) -> Node? { newest?[path] }

  private var newest: Tree? {
    servers.compactMap { hosts[$0]?.node?.delivered }.max { $0.zxid < $1.zxid }
  }
}
