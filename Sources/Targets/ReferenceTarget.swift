public import Conformance
import ZooKeeperClient
public import ZooKeeperConformance
public import ZooKeeperServer

/// The reference server, embedded: a new one for each case, in virtual time.
public struct ReferenceTarget: ServiceTarget {
  /// How it was named: `reference:`.
  public let url: String
  private let settings: Settings
  private let quirks: [Quirk]

  /// Embedded, in memory.
  public var about: String {
    let with = quirks.isEmpty ? "" : ", with \(quirks.map(\.name).joined(separator: ", "))"
    return "the reference server, embedded\(with); a new one for each case, in virtual time"
  }

  /// Each case has a server of its own.
  public var isShared: Bool { false }

  /// A server of which `super:admin` is the superuser.
  public static var usual: Settings {
    var settings = Settings()
    settings.authentication.superDigest = "super:xQJmxLMiHGwaqBvst5y6rkB6HQs="
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

  func advance(to time: Int64) { network.advance(by: .milliseconds(max(time - now, 0))) }
}
