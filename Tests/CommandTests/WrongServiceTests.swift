import Foundation
import Testing

/// What listens where a ZooKeeper server was expected.
@Suite struct `Wrong services` {
  /// A service that gives the same answer to whoever has said something, and hangs up.
  private struct Service {
    let port: UInt16
    private let descriptor: Int32

    init(answer: @escaping @Sendable ([UInt8]) -> [UInt8]) throws {
      let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
      var address = sockaddr_in()
      address.sin_family = sa_family_t(AF_INET)
      address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
      var length = socklen_t(MemoryLayout<sockaddr_in>.size)
      let isBound = withUnsafeMutablePointer(to: &address) { pointer in
        pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
          bind(descriptor, $0, length) == 0 && listen(descriptor, 16) == 0
            && getsockname(descriptor, $0, &length) == 0
        }
      }
      try #require(isBound)
      self.descriptor = descriptor
      port = UInt16(bigEndian: address.sin_port)
      Thread.detachNewThread {
        while true {
          let peer = accept(descriptor, nil, nil)
          guard peer >= 0 else { break }
          var bytes = [UInt8](repeating: 0, count: 4096)
          let count = read(peer, &bytes, bytes.count)
          let reply = answer(Array(bytes.prefix(max(count, 0))))
          _ = write(peer, reply, reply.count)
          close(peer)
        }
        // Here and nowhere else: its number may be another's as soon as it is closed.
        close(descriptor)
      }
    }

    var url: String { "zookeeper://127.0.0.1:\(port)" }

    func end() {
      shutdown(descriptor, Int32(SHUT_RDWR))
    }
  }

  private static let commands = [["verify"], ["diff"], ["probe"], ["replay", "ZK-STAT-017"]]

  private func told(_ command: [String], _ url: String) throws -> String {
    let fixtures =
      command == ["verify"] || command.count > 1 ? ["--fixtures", Quorate.few] : []
    let result = try Quorate.run(command + [url] + fixtures)
    #expect(result.code == 3)
    return result.errors
  }

  @Test(arguments: commands) func `A web server is told from a ZooKeeper server`(
    command: [String]
  ) throws {
    let web = try Service { bytes in
      bytes.starts(with: Array("GET ".utf8)) ? Array("HTTP/1.1 400 Bad Request\r\n".utf8) : []
    }
    defer { web.end() }
    let told = try told(command, web.url)
    #expect(told.contains("is no ZooKeeper server: it says 'HTTP/1.1 400 Bad Request'"), "\(told)")
  }

  @Test(arguments: commands) func `A port for TLS is told`(command: [String]) throws {
    let secure = try Service { bytes in
      bytes.starts(with: [0x16, 3]) ? [0x15, 3, 3, 0, 2, 2, 40] : []
    }
    defer { secure.end() }
    let told = try told(command, secure.url)
    #expect(told.contains(" speaks TLS; name the port for plain connections"), "\(told)")
  }

  @Test(arguments: commands) func `A host that nobody knows is no port where nothing listens`(
    command: [String]
  ) throws {
    let told = try told(command, "zookeeper://no-such-host.invalid:2181")
    #expect(told.contains("no such host: no-such-host.invalid"), "\(told)")
  }

  @Test func `A node below which nothing exists is told, and nothing is made`() throws {
    let server = try Serving()
    defer { server.end() }
    for command in Self.commands {
      let told = try told(command, server.url + "/open")
      #expect(
        told.contains(
          "/open does not exist on 127.0.0.1:\(server.port); create it, or leave it off"),
        "\(told)")
    }
  }
}
