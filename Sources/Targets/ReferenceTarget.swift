public import Conformance
import EmbeddedServers
import ZooKeeperClient
public import ZooKeeperConformance
import ZooKeeperQuirks
public import ZooKeeperServer

/// The reference server, embedded: a new one for each case, in virtual time.
public struct ReferenceTarget: ServiceTarget {
  /// How it was named: `reference:`.
  public let url: String
  private let settings: Settings
  private let quirks: [Quirk]

  /// Embedded, in memory.
  public var about: String {
    let reads = settings.isReadOnly ? ", without its ensemble, so that it only reads" : ""
    let with = quirks.isEmpty ? "" : ", with \(quirks.map(\.name).joined(separator: ", "))"
    return "the reference server, embedded\(with)\(reads); a new one for each case, in virtual time"
  }

  /// Each case has a server of its own.
  public var isShared: Bool { false }

  /// A server with all switched on that an operator can switch on: `super:admin` is the superuser,
  /// SASL knows bob with the password `secret`, hard quotas are enforced; and it looks every other
  /// second for nodes whose time has come.
  public static var usual: Settings {
    var settings = Settings()
    settings.authentication = Authentication(
      superDigest: "super:xQJmxLMiHGwaqBvst5y6rkB6HQs=", saslUsers: ["bob": "secret"])
    settings.dialect.hasSASL = true
    settings.dialect.enforcesQuotas = true
    settings.reapingInterval = 2000
    return settings
  }

  /// The reference with these settings and quirks.
  public init(
    url: String = "reference:", settings: Settings = Self.usual, quirks: [Quirk] = []
  ) {
    self.url = url
    self.settings = settings
    self.quirks = quirks
  }

  /// One of each line, the newest first, and one that only reads.
  public func editions() async -> [(service: any ServiceTarget, profile: Profile)] {
    guard !quirks.contains(where: { $0.group == .edition }), !settings.isReadOnly else { return [] }
    let editions = await Self.profiles.value.map { edition, profile in
      let target = ReferenceTarget(
        url: "\(url)\(edition.name)", settings: settings, quirks: [edition] + quirks)
      return (target as any ServiceTarget, profile)
    }
    guard let profile = await Self.readOnlyProfile.value else { return editions }
    return editions + [(reading, profile)]
  }

  /// The same without its ensemble, so that it only reads.
  var reading: ReferenceTarget {
    var settings = settings
    settings.isReadOnly = true
    return ReferenceTarget(
      url: url + Self.readOnly, settings: settings, quirks: quirks)
  }

  /// What names it behind `reference:`.
  static let readOnly = "read-only"

  /// What probing finds of it: asked once.
  private static let readOnlyProfile = Task {
    try? await Probe.profile(of: ReferenceTarget().reading)
  }

  /// What probing finds of each edition that is not the reference's own: asked once.
  private static let profiles = Task { () -> [(edition: Quirk, profile: Profile)] in
    var profiles: [(edition: Quirk, profile: Profile)] = []
    for edition in Quirk.all.reversed() where edition.group == .edition && edition.name != "3.9" {
      let target = ReferenceTarget(quirks: [edition])
      if let profile = try? await Probe.profile(of: target) { profiles.append((edition, profile)) }
    }
    return profiles
  }

  /// A new server.
  public func world() async throws(TargetError) -> any ServiceWorld {
    let network = MemoryNetwork(EmbeddedServer(Server(settings, quirks: quirks)))
    return LinkWorld(
      link: SteppedLink(network: network), host: HostAddress(host: "reference"),
      epoch: settings.epoch)
  }
}

/// A link in memory whose time passes in steps, so that whoever waits can look in between.
struct SteppedLink<Server: MemoryServer>: Link, VirtualTime {
  let network: MemoryNetwork<Server>

  /// A step in milliseconds: what happens within is stamped with its own time all the same.
  private static var step: Int64 { 20 }

  var now: Milliseconds { network.now }

  func dial(_ host: HostAddress, _ number: Int, for receiver: any LinkReceiver) -> any Line {
    network.link.dial(host, number, for: receiver)
  }

  func wake(at time: Milliseconds, _ receiver: any LinkReceiver) {
    network.link.wake(at: time, receiver)
  }

  func advance(upTo deadline: Int64) {
    network.advance(by: .milliseconds(min(Self.step, max(deadline - now, 1))))
  }

  func together(_ send: () -> Void) { network.together(send) }

  func advance(to time: Int64) { network.advance(by: .milliseconds(max(time - now, 0))) }
}
