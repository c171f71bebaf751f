package import EmbeddedServers
package import ZooKeeperClient
import ZooKeeperEnsemble
import ZooKeeperServer

/// A server, or an ensemble, that simulated clients use, and what a judge may look up in it.
package protocol SimulatedServer: MemoryServer, JudgedServer {
  /// The leader stops, if there is one that can.
  mutating func stopLeader(now: Milliseconds)
}

extension EmbeddedServer: SimulatedServer {
  package mutating func stopLeader(now: Milliseconds) {}
}

extension EmbeddedEnsemble: SimulatedServer {
  package mutating func stopLeader(now: Milliseconds) {
    advance(to: now)
    crashLeader()
  }
}

extension EmbeddedEnsemble {
  /// Three servers that have a leader, as simulated runs use them.
  package static let simulated: EmbeddedEnsemble = {
    var settings = ZooKeeperEnsemble.Settings()
    settings.tick = 1000
    settings.timeouts = 4000...40_000
    var ensemble = EmbeddedEnsemble(
      EnsembleForm(size: 3), epoch: ZooKeeperServer.Settings().epoch, settings: settings)
    let isServing = ensemble.begin()
    precondition(isServing, "three servers without faults elect a leader")
    return ensemble
  }()
}

extension EmbeddedServer {
  /// A server alone, as simulated runs use it: sessions of four seconds and more.
  package static var simulated: EmbeddedServer {
    var settings = Settings()
    settings.tick = 1000
    settings.timeouts = 4000...40_000
    return EmbeddedServer(Server(settings))
  }
}
