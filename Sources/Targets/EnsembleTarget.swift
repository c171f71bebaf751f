import Conformance
import ZooKeeper
import ZooKeeperClient
import ZooKeeperConformance
import ZooKeeperEnsemble
import ZooKeeperServer

/// An ensemble of reference servers, embedded: a new one for each case, in virtual time.
struct EnsembleTarget: ServiceTarget {
  /// How it was named: `reference:ensemble/3`.
  let url: String
  /// How many servers there are.
  let size: Int
  /// The server to which all clients go, from 1 on; nil if they go to each in turn.
  let only: Int?

  var about: String {
    let place = only.map { "clients of server \($0)" } ?? "clients of each in turn"
    return "an ensemble of \(size) reference servers, embedded, \(place); a new one for each case,"
      + " in virtual time"
  }

  /// Each case has an ensemble of its own.
  var isShared: Bool { false }

  /// The ensemble that a URL names: `reference:ensemble/3`, `reference:ensemble/3/2`.
  init?(url: String) {
    let parts = url.split(separator: "/", omittingEmptySubsequences: false)
    guard parts.first == "reference:ensemble", (2...3).contains(parts.count),
      let size = Int(parts[1]), (1...9).contains(size)
    else { return nil }
    var only: Int?
    if parts.count == 3 {
      guard let server = Int(parts[2]), (1...size).contains(server) else { return nil }
      only = server
    }
    (self.url, self.size, self.only) = (url, size, only)
  }

  func world() async throws(TargetError) -> any ServiceWorld {
    let reference = ReferenceTarget.usual
    var settings = ZooKeeperEnsemble.Settings()
    settings.authentication = reference.authentication
    settings.tick = Int(reference.tick)
    settings.reapingInterval = Int(reference.reapingInterval)
    settings.timeouts = 2 * reference.tick...20 * reference.tick
    var ensemble = EmbeddedEnsemble(
      size, epoch: reference.epoch, settings: settings, only: only.map { $0 - 1 })
    guard ensemble.begin() else { throw TargetError(url, .nothingListens) }
    let network = MemoryNetwork(ensemble)
    return LinkWorld(
      link: SteppedLink(network: network), host: HostAddress(host: "ensemble"),
      epoch: reference.epoch)
  }
}
