public import Conformance
import Foundation
import NIOCore
import ZooKeeperClient
public import ZooKeeperConformance

/// A server that somebody else runs, over TCP and in real time.
public struct RemoteTarget: ServiceTarget {
  /// How it was named.
  public let url: String
  /// The node below which everything happens; the path of the URL.
  public let root: String
  private let hosts: [HostAddress]

  /// Not ours.
  public var about: String {
    let count = hosts.count == 1 ? "one server" : "\(hosts.count) servers"
    return "\(count), not started by us: no faults"
  }

  /// One server for all cases.
  public var isShared: Bool { true }

  /// The target of a URL `zookeeper://host:port,host:port/folder`.
  public init(url: String) throws(TargetError) {
    let text = String(url.dropFirst("zookeeper://".count))
    do throws(ClientError) {
      let string = try ConnectString(text)
      hosts = string.hosts
      root = string.chroot.path
    } catch {
      throw TargetError(url, .badURL("\(error)"))
    }
    self.url = url
  }

  /// The server; of an ensemble the first that answers.
  public func world() async throws(TargetError) -> any ServiceWorld {
    for host in hosts where !isKnown(host) {
      throw TargetError(url, .noSuchHost(host.host))
    }
    if hosts.count == 1 { return LinkWorld(link: NIOLink(), host: hosts[0]) }
    var failure = TargetError(url, .nothingListens)
    for host in hosts {
      let world = LinkWorld(link: NIOLink(), host: host)
      do throws(TargetError) {
        let (line, _) = try await world.dial(Greeting(timeout: 1), until: world.now + 5000)
        await line.hangUp()
        return world
      } catch {
        failure = error
      }
    }
    throw failure
  }

  /// Whether an address is known for a host's name.
  private func isKnown(_ host: HostAddress) -> Bool {
    var found: UnsafeMutablePointer<addrinfo>?
    defer { if found != nil { freeaddrinfo(found) } }
    let answer = getaddrinfo(host.host, nil, nil, &found)
    return answer != EAI_NONAME && answer != EAI_NODATA
  }

  /// EAI_NODATA, which the system's headers keep for those who ask for extensions.
  private var EAI_NODATA: Int32 { -5 }

  /// What answers an HTTP request or a TLS handshake, which most servers of other kinds do.
  public func otherVoice() async -> TargetError.Reason? {
    let web = await answer(to: ByteBuffer(string: "GET / HTTP/1.0\r\n\r\n"), enough: 12)
    let line = web.readableBytesView.prefix { 0x20...0x7e ~= $0 }.prefix(60)
    if line.count >= 4 { return .wrongKind("it says '\(String(decoding: line, as: UTF8.self))'") }
    if Self.isTLS(web) { return Self.speaksTLS }
    let handshake = await answer(to: ByteBuffer(bytes: Self.clientHello), enough: 5)
    return Self.isTLS(handshake) ? Self.speaksTLS : nil
  }

  private static let speaksTLS = TargetError.Reason.speaksTLS(
    hint: "name the port for plain connections (clientPort, not secureClientPort)")

  private func answer(to bytes: ByteBuffer, enough: Int) async -> ByteBuffer {
    let raw = RawConnection(to: hosts[0])
    raw.write(bytes)
    let taken = await raw.take(within: .seconds(1)) { $0.readableBytes > enough }
    raw.hangUp()
    return taken.bytes
  }

  /// Whether bytes begin as a TLS record does: an alert or a handshake, of version 3.
  private static func isTLS(_ bytes: ByteBuffer) -> Bool {
    let start = Array(bytes.readableBytesView.prefix(2))
    return start == [0x15, 3] || start == [0x16, 3]
  }

  /// A ClientHello of TLS 1.2 that offers four common suites.
  ///
  /// Source: RFC 5246, 7.4.1.2.
  private static let clientHello: [UInt8] = {
    let suites: [UInt8] = [0xc0, 0x2f, 0xc0, 0x30, 0x00, 0x9c, 0x00, 0x2f]
    let body: [UInt8] =
      [3, 3] + Array(repeating: 0x51, count: 32) + [0]
      + [0, UInt8(suites.count)] + suites + [1, 0]
    let handshake: [UInt8] = [1, 0, 0, UInt8(body.count)] + body
    return [0x16, 3, 1, 0, UInt8(handshake.count)] + handshake
  }()
}
