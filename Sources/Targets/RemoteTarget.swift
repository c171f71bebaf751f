public import Conformance
import NIOCore
import ZooKeeperClient

/// A server that somebody else runs, over TCP and in real time.
public struct RemoteTarget: ServiceTarget {
  /// How it was named.
  public let url: String
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
    } catch {
      throw TargetError(url, .badURL("\(error)"))
    }
    self.url = url
  }

  /// The server; of an ensemble the first that answers.
  public func world() async throws(TargetError) -> any ServiceWorld {
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

  /// What answers an HTTP request, which most servers of other kinds do.
  public func otherVoice() async -> String? {
    let raw = RawConnection(to: hosts[0])
    raw.write(ByteBuffer(string: "GET / HTTP/1.0\r\n\r\n"))
    let taken = await raw.take(within: .seconds(1)) { $0.readableBytes > 12 }
    raw.hangUp()
    let line = taken.bytes.readableBytesView.prefix { 0x20...0x7e ~= $0 }.prefix(60)
    return line.isEmpty ? nil : "it says '\(String(decoding: line, as: UTF8.self))'"
  }
}
