import Testing

@testable import ZooKeeper

@Suite struct DigestMD5Tests {
  /// RFC 1321, appendix A.5.
  @Test(arguments: [
    ("", "d41d8cd98f00b204e9800998ecf8427e"), ("a", "0cc175b9c0f1b6a831c399e269772661"),
    ("abc", "900150983cd24fb0d6963f7d28e17f72"),
    ("message digest", "f96b697d7cb7938d525a2f31aaf161d0"),
    (String(repeating: "1234567890", count: 8), "57edf4a22be3c955ac49da2e2107b67a"),
  ])
  func `A message has the digest of the standard`(message: String, digest: String) {
    #expect(DigestTests.hex(md5(Array(message.utf8))) == digest)
  }

  /// RFC 2831, section 4.
  @Test func `A response and its answer are those of the standard`() {
    let exchange = DigestMD5.Exchange(
      user: "chris", realm: "elwood.innosoft.com", nonce: "OA6MG9tEQGm2hh",
      cnonce: "OA6MHXh6VqTrRk", count: "00000001", address: "imap/elwood.innosoft.com")
    #expect(
      exchange.proof(of: "secret", "AUTHENTICATE") == "d388dad90d4bbd760a152321f2143af7")
    #expect(exchange.proof(of: "secret", "") == "ea40f60335c427b5527b84dbabcdfffd")
  }

  /// zkCli.sh of 3.8.0, which sends its own name as the one for whom it acts.
  @Test func `A response that says for whom it is to act is accepted`() throws {
    let response = Array(
      """
      charset=utf-8,username="bob",realm="zk-sasl-md5",nonce="g4YnufGwUpONh3i83Ni4Aw==",\
      nc=00000001,cnonce="mKhWYFIno+UKoeVQt88GPBkjHvfKHyLY1tWp62ZB",\
      digest-uri="zookeeper/zk-sasl-md5",maxbuf=65536,\
      response=ce715c7e68e1ecd933fa683d6745d835,qop=auth,authzid="bob"
      """.utf8)
    let accepted = try #require(
      DigestMD5.accepted(
        response, nonce: "g4YnufGwUpONh3i83Ni4Aw==", passwords: ["bob": "bobsecret"], borrowed: nil)
    )
    #expect(accepted.user == "bob")
    #expect(accepted.answer == DigestMD5.proof(answering: response, password: "bobsecret"))
    var exchange = DigestMD5.Exchange(
      user: "bob", realm: DigestMD5.realm, nonce: "g4YnufGwUpONh3i83Ni4Aw==",
      cnonce: "mKhWYFIno+UKoeVQt88GPBkjHvfKHyLY1tWp62ZB", count: "00000001",
      address: DigestMD5.address)
    let without = exchange.proof(of: "bobsecret", "AUTHENTICATE")
    #expect(without.hasPrefix("6693c0f0"), "what a server takes it for that does not look")
    exchange.authzid = "bob"
    #expect(
      exchange.proof(of: "bobsecret", "AUTHENTICATE") == "ce715c7e68e1ecd933fa683d6745d835")
  }

  @Test func `Who acts for another is who has responded`() throws {
    var exchange = SASLExchange.begins
    guard case .goesOn(let challenge?) = exchange.receive([], Self.known, nonce: "n") else {
      return #expect(Bool(false), "no challenge")
    }
    let response = DigestMD5.response(
      to: challenge, user: "bob", password: "secret", cnonce: "c", authzid: "alice")
    guard case .knows("bob", _) = exchange.receive(response, Self.known, nonce: "n") else {
      return #expect(Bool(false), "bob is refused")
    }
  }

  private static let known = Authentication(saslUsers: ["bob": "secret"])

  private static func response(
    _ outcome: SASLExchange.Outcome, _ user: String, _ password: String
  ) -> Payload {
    guard case .goesOn(let challenge?) = outcome else { return nil }
    return DigestMD5.response(to: challenge, user: user, password: password, cnonce: "c")
  }

  @Test func `Who knows the password shows it, and is shown that the server does`() {
    var exchange = SASLExchange.begins
    let challenge = exchange.receive([], Self.known, nonce: "n=,\"")
    let response = Self.response(exchange.receive([], Self.known, nonce: "n"), "bob", "secret")
    #expect(challenge != .refused && response == nil, "a challenge is sent once")
    exchange = .begins
    let token = Self.response(exchange.receive([], Self.known, nonce: "n"), "bob", "secret")
    let outcome = exchange.receive(token, Self.known, nonce: "another")
    let proof = token.flatMap { DigestMD5.proof(answering: $0, password: "secret") }
    #expect(outcome == .knows(user: "bob", proof) && proof != nil)
    #expect(exchange.receive(token, Self.known, nonce: "n") == .refused)
  }

  @Test(arguments: [("bob", "wrong"), ("nobody", "secret"), ("", "")])
  func `Who does not is refused`(user: String, password: String) {
    var exchange = SASLExchange.begins
    let token = Self.response(exchange.receive([], Self.known, nonce: "n"), user, password)
    #expect(exchange.receive(token, Self.known, nonce: "n") == .refused)
  }

  @Test func `A response to another challenge is refused`() {
    var (first, second) = (SASLExchange.begins, SASLExchange.begins)
    let token = Self.response(first.receive([], Self.known, nonce: "1"), "bob", "secret")
    _ = second.receive([], Self.known, nonce: "2")
    #expect(second.receive(token, Self.known, nonce: "3") == .refused)
  }

  @Test func `A server that knows nobody has nothing to say`() {
    var exchange = SASLExchange.begins
    #expect(exchange.receive([1, 2], Authentication(), nonce: "n") == .goesOn(nil))
  }

  @Test(arguments: ["", "=", "\"", "username=\"bob", "username=bob,,,=", "nonce=\"n\",response="])
  func `What is no response is refused, and nothing traps`(text: String) {
    var exchange = SASLExchange.begins
    _ = exchange.receive([], Self.known, nonce: "n")
    #expect(exchange.receive(Array(text.utf8), Self.known, nonce: "n") == .refused)
    #expect(
      DigestMD5.response(to: Array(text.utf8), user: "a", password: "b", cnonce: "c") == nil
        || text.contains("nonce"))
  }
}
