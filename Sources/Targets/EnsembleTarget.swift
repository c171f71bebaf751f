public import Conformance
import EmbeddedServers
import RecipesLab
import Synchronization
import ZooKeeper
import ZooKeeperClient
public import ZooKeeperConformance
import ZooKeeperEnsemble
import ZooKeeperServer

/// An ensemble of reference servers, embedded: a new one for each case, in virtual time.
public struct EnsembleTarget: ServiceTarget {
  /// How it was named: `reference:ensemble/3`.
  public let url: String
  private let form: EnsembleForm
  /// The ensemble as each case has it in the beginning: a leader is elected; nil if none is.
  private let begun: EmbeddedEnsemble?
  /// Counts the leaders that have stopped.
  private let stops = LeaderStops()

  /// Embedded, in memory.
  public var about: String { "\(form.words); a new one for each case, in virtual time" }

  /// Each case has an ensemble of its own.
  public var isShared: Bool { false }

  /// How many servers there are.
  var size: Int { form.size }

  /// The ensemble as simulated clients use it; nil if no leader is elected.
  var simulated: EmbeddedEnsemble? { EmbeddedEnsemble.simulated(form) }

  /// How many leaders have stopped in all of its ensembles.
  public var leadersStopped: Int { stops.count.withLock(\.self) }

  /// The ensemble that a URL names: `reference:ensemble/3`, `reference:ensemble/3/2`; nil if it
  /// names none.
  public init?(url: String) {
    guard let form = EnsembleForm(url: url) else { return nil }
    self.init(url: url, form, Self.begin(form))
  }

  /// The same ensemble, whose leader stops behind so many requests of a case.
  public func stopping(after requests: Int) -> EnsembleTarget {
    var form = form
    form.stopsLeaderAfter = requests
    return EnsembleTarget(url: form.url, form, begun)
  }

  private init(url: String, _ form: EnsembleForm, _ begun: EmbeddedEnsemble?) {
    (self.url, self.form, self.begun) = (url, form, begun)
  }

  /// A new ensemble.
  public func world() async throws(TargetError) -> any ServiceWorld {
    guard var ensemble = begun else { throw TargetError(url, .nothingListens) }
    ensemble.stopsLeaderAfter = form.stopsLeaderAfter
    ensemble.stops = stops
    return LinkWorld(
      link: SteppedLink(network: MemoryNetwork(ensemble)), host: HostAddress(host: "ensemble"),
      epoch: ReferenceTarget.usual.epoch)
  }

  /// Servers that have elected a leader.
  private static func begin(_ form: EnsembleForm) -> EmbeddedEnsemble? {
    let reference = ReferenceTarget.usual
    var settings = ZooKeeperEnsemble.Settings()
    settings.authentication = reference.authentication
    settings.tick = Int(reference.tick)
    settings.reapingInterval = Int(reference.reapingInterval)
    settings.timeouts = 2 * reference.tick...20 * reference.tick
    var ensemble = EmbeddedEnsemble(form, epoch: reference.epoch, settings: settings)
    return ensemble.begin() ? ensemble : nil
  }
}
