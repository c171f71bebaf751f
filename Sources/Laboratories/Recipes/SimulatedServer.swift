package import EmbeddedServers
package import ZooKeeperClient
package import ZooKeeperEnsemble
import ZooKeeperServer

/// A server, or an ensemble, that simulated clients use, and what a judge may look up in it.
package protocol SimulatedServer: MemoryServer, JudgedServer {
  /// The server at this place, from 1, hears nothing of the others for a while, if there are any.
  mutating func lag(_ place: Int, for time: Milliseconds, now: Milliseconds)
  /// The leader stops, if there is one that can.
  mutating func stopLeader(now: Milliseconds)
}

extension EmbeddedServer: SimulatedServer {
  package mutating func lag(_ place: Int, for time: Milliseconds, now: Milliseconds) {}
  package mutating func stopLeader(now: Milliseconds) {}
}

extension EmbeddedEnsemble: SimulatedServer {
  package mutating func lag(_ place: Int, for time: Milliseconds, now: Milliseconds) {
    advance(to: now)
    lag(place - 1, for: time)
  }

  package mutating func stopLeader(now: Milliseconds) {
    advance(to: now)
    crashLeader()
  }
}

extension EmbeddedEnsemble {
  /// Three servers that have a leader, as simulated runs use them.
  package static let simulated = simulated(without: [])

  /// The same, whose servers do not obey these rules of their chapter.
  package static func simulated(without rules: Set<ZooKeeperEnsemble.Rule>) -> EmbeddedEnsemble {
    var form = EnsembleForm(size: 3)
    form.without = rules
    guard let ensemble = simulated(form) else {
      preconditionFailure("three servers without faults elect a leader")
    }
    return ensemble
  }

  /// An ensemble of this form that has a leader; nil if none is elected.
  package static func simulated(_ form: EnsembleForm) -> EmbeddedEnsemble? {
    var settings = ZooKeeperEnsemble.Settings()
    settings.tick = 1000
    settings.timeouts = 4000...40_000
    var ensemble = EmbeddedEnsemble(
      form, epoch: ZooKeeperServer.Settings().epoch, settings: settings)
    return ensemble.begin() ? ensemble : nil
  }
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
