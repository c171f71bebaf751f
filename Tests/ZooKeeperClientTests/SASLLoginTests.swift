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

  @Test func `Whoever logs in is known`() async throws {
    let client = try client(network(["bob": "secret"]), bob)
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

  /// A client that has a session, and what it sends from then on.
  private func conversation(
    asking: [Request] = []
  ) throws -> (client: ClientCnxn, sent: [Request]) {
    var options = ClientOptions()
    options.login = bob
    var client = ClientCnxn(try ConnectString("a"), options, seed: 0)
    _ = client.step(.start, now: 0)
    _ = client.step(.opened(1), now: 0)
    for (number, request) in asking.enumerated() {
      _ = client.step(.ask(Ticket(number: number), .request(request), deadline: nil), now: 0)
    }
    let commands = client.step(.received(Says.hello(), 1), now: 0)
    return (client, sent(commands))
  }

  private func sent(_ commands: [ClientCnxn.Command]) -> [Request] {
    commands.flatMap { command -> [Request] in
      guard case .write(let bytes, _) = command else { return [] }
      return Heard.all(bytes).compactMap { heard in
        if case .request(_, let request) = heard { request } else { nil }
      }
    }
  }

  @Test func `Nothing else is sent before the login is done`() throws {
    let early = Request.getData(path: "/early")
    let late = Request.getData(path: "/late")
    var (client, first) = try conversation(asking: [early])
    #expect(first == [.sasl(token: [])])
    #expect(
      sent(client.step(.ask(Ticket(number: 9), .request(late), deadline: nil), now: 0)) == [])
    let challenge = DigestMD5.challenge(nonce: "n")
    let second = sent(client.step(.received(Says.reply(1, 0, .token(challenge)), 1), now: 0))
    guard case .sasl(let response?)? = second.first, second.count == 1 else {
      Issue.record("no response: \(second)")
      return
    }
    let proof = try #require(DigestMD5.proof(answering: response, password: "secret"))
    let third = client.step(.received(Says.reply(2, 0, .token(proof)), 1), now: 0)
    #expect(sent(third) == [early, late])
  }

  @Test func `A server that does not know the password is not believed`() throws {
    var (client, _) = try conversation()
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
