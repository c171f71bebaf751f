import NIOCore
import Testing
import ZooKeeper
import ZooKeeperServer
import ZooKeeperWire

@testable import ZooKeeperClient

/// A client that logs in by SASL, on the whole server in virtual time.
@Suite struct SASLLoginTests {
  /// A network to a server that knows these.
  private func network(_ users: [String: String]) -> MemoryNetwork<ReferenceServer> {
    var settings = Settings()
    settings.authentication.saslUsers = users
    settings.dialect.hasSASL = true
    return MemoryNetwork(ReferenceServer(settings))
  }

  private func client(
    _ network: MemoryNetwork<ReferenceServer>, _ login: SASLLogin
  ) throws -> Client {
    var options = ClientOptions()
    options.seed = 1
    options.reading = .strict
    options.login = login
    return try Client("memory", options: options, over: network.link)
  }

  private let bob = SASLLogin(user: "bob", password: "secret")

  @Test func `Whoever logs in is known before anything is asked`() async throws {
    let client = try client(network(["bob": "secret"]), bob)
    // It is asked before there is a connection, and answered as bob is.
    #expect(try await client.whoAmI().contains { $0.scheme == "sasl" && $0.user == "bob" })
    let own = [ACL(.all, Identity(scheme: "sasl", id: "bob"))]
    try await client.create("/own", acl: own)
    #expect(try await client.getACL("/own").acl == own)
    await client.close()
  }

  @Test func `A new connection begins with a login`() async throws {
    let client = try client(network(["bob": "secret"]), bob)
    _ = try await client.whoAmI()
    let events = client.events
    client.drop(reconnecting: true)
    #expect(try await client.whoAmI().contains { $0.user == "bob" })
    await client.close()
    var states: [KeeperState] = []
    for await event in events { states.append(event.state) }
    #expect(states == [.disconnected, .syncConnected, .saslAuthenticated, .closed])
  }

  @Test func `A server that does not know the password is not believed`() throws {
    var options = ClientOptions()
    options.login = bob
    var client = ClientCnxn(try ConnectString("a"), options, seed: 0)
    _ = client.step(.start, now: 0)
    _ = client.step(.opened(1), now: 0)
    _ = client.step(.received(Says.hello(), 1), now: 0)
    let challenge = DigestMD5.challenge(nonce: "n")
    _ = client.step(.received(Says.reply(1, 0, .token(challenge)), 1), now: 0)
    #expect(client.end == nil)
    let lie = Array("rspauth=00000000000000000000000000000000".utf8)
    _ = client.step(.received(Says.reply(2, 0, .token(lie)), 1), now: 0)
    #expect(client.end == .authFailed)
  }

  @Test(arguments: [["bob": "other"], ["alice": "secret"], [:]])
  func `Whoever is not accepted learns it`(users: [String: String]) async throws {
    let client = try client(network(users), bob)
    await #expect(throws: ClientError.self) { try await client.exists("/") }
    #expect(client.state == .authFailed)
  }
}
