import NIOCore
import Testing
import ZooKeeperClient
import ZooKeeperWire

/// Grants sessions and then says nothing.
private struct SilentServer: MemoryServer {
  private var output: [MemoryServerOutput] = []
  private var greeted: Set<Int> = []
  var deadline: Milliseconds? { nil }

  mutating func open(_ connection: Int, now: Milliseconds) {}
  mutating func close(_ connection: Int, now: Milliseconds) {}
  mutating func advance(to now: Milliseconds) {}

  mutating func receive(_ bytes: ByteBuffer, on connection: Int, now: Milliseconds) {
    if greeted.insert(connection).inserted { output.append(.send(Says.hello(), connection)) }
  }

  mutating func takeOutput() -> [MemoryServerOutput] {
    defer { output = [] }
    return output
  }
}

@Suite struct SilentServerTests {
  private let network = MemoryNetwork(SilentServer())

  @Test func `A cancelled task waits no more`() async throws {
    let client = try await Client.connect(to: "memory", over: network.link)
    let task = Task { () -> ClientError? in
      do throws(ClientError) {
        _ = try await client.exists("/")
        return nil
      } catch {
        return error
      }
    }
    task.cancel()
    #expect(await task.value == ClientError(.cancelled(sent: true)))
  }

  @Test func `A request has its time`() async throws {
    let client = try await Client.connect(to: "memory", over: network.link)
    client.keepAlive(false)
    let pending = client.ask(.exists(path: "/"), timeout: .seconds(3))
    network.advance(by: .seconds(3))
    await #expect(throws: ClientError(.timedOut(sent: true))) { try await pending.answer() }
  }

  @Test func `Silence breaks the connection, and the session is asked for again`() async throws {
    let client = try await Client.connect(to: "memory", over: network.link)
    let pending = client.ask(.exists(path: "/"))
    network.advance(by: .seconds(4))
    await #expect(throws: ClientError(.connectionLost(.silence, sent: true))) {
      try await pending.answer()
    }
    #expect(client.state == .connected && client.connectionCount == 2)
  }
}
