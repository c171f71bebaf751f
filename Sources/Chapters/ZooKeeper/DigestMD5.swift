/// SASL's mechanism DIGEST-MD5, as ZooKeeper's servers and clients speak it: who knows a password
/// shows that without sending it, and the server shows that it knows it too.
///
///     client  an empty token
///     server  realm, nonce                                 the challenge
///     client  username, nonce, cnonce, response, authzid   what only the password's owner can know
///     server  rspauth                                      or it refuses, and ends the connection
///
/// For whom the client wants to act, the authzid, may stand in its response; Java's clients send
/// their own name. It is part of both proofs, and changes nothing else: who it is is the username,
/// whatever the authzid says.
///
/// Source: RFC 2831; ZooKeeper's realm and service are `zk-sasl-md5` and `zookeeper`; Apache
/// ZooKeeper, `SaslServerCallbackHandler.handleAuthorizeCallback`.
public enum DigestMD5 {
  /// The realm, and the host in the digest's address.
  static let realm = "zk-sasl-md5"
  /// For which service and host a response is made.
  static let address = "zookeeper/zk-sasl-md5"

  /// The server's challenge with this nonce.
  public static func challenge(nonce: String) -> [UInt8] {
    Array("realm=\"\(realm)\",nonce=\"\(nonce)\",charset=utf-8,algorithm=md5-sess".utf8)
  }

  /// A nonce that nobody guesses who does not know the seed.
  public static func nonce(_ seed: String) -> String { base64(md5(Array(seed.utf8))) }

  /// A user's response to a challenge; nil if that is none.
  ///
  /// - Parameters:
  ///   - challenge: What the server has sent.
  ///   - user: Who responds.
  ///   - password: Their password.
  ///   - cnonce: The client's nonce.
  ///   - authzid: For whom they want to act; nil to say nothing of that.
  public static func response(
    to challenge: [UInt8], user: String, password: String, cnonce: String, authzid: String? = nil
  ) -> [UInt8]? {
    let fields = fields(of: challenge)
    guard let nonce = fields["nonce"] else { return nil }
    let realm = fields["realm"] ?? ""
    let exchange = Exchange(
      user: user, realm: realm, nonce: nonce, cnonce: cnonce, count: "00000001", address: address,
      authzid: authzid)
    let proof = exchange.proof(of: password, "AUTHENTICATE")
    let actingFor = authzid.map { ",authzid=\"\($0)\"" } ?? ""
    return Array(
      """
      charset=utf-8,username="\(user)",realm="\(realm)",nonce="\(nonce)",nc=00000001,\
      cnonce="\(cnonce)",digest-uri="\(address)",maxbuf=65536,response=\(proof),qop=auth\(actingFor)
      """.utf8)
  }

  /// What the server makes of a response: who it is, and what to answer; nil for a refusal.
  ///
  /// - Parameters:
  ///   - response: The client's token.
  ///   - nonce: That of the challenge.
  ///   - passwords: Each user's password.
  ///   - borrowed: The password of everybody else, if there is one.
  static func accepted(
    _ response: [UInt8], nonce: String, passwords: [String: String], borrowed: String?
  ) -> (user: String, answer: [UInt8])? {
    let fields = fields(of: response)
    guard let user = fields["username"], let password = passwords[user] ?? borrowed,
      let cnonce = fields["cnonce"], let count = fields["nc"], let proof = fields["response"],
      fields["nonce"] == nonce, fields["realm"] ?? "" == realm, count == "00000001",
      fields["digest-uri"] == address, fields["qop"] ?? "auth" == "auth"
    else { return nil }
    let exchange = Exchange(
      user: user, realm: realm, nonce: nonce, cnonce: cnonce, count: count, address: address,
      authzid: fields["authzid"])
    guard proof == exchange.proof(of: password, "AUTHENTICATE") else { return nil }
    return (user, Array("rspauth=\(exchange.proof(of: password, ""))".utf8))
  }

  /// The server's last word, if it knows the password too; nil if that was no response.
  public static func proof(answering response: [UInt8], password: String) -> [UInt8]? {
    let fields = fields(of: response)
    guard let user = fields["username"], let nonce = fields["nonce"],
      let cnonce = fields["cnonce"]
    else { return nil }
    let exchange = Exchange(
      user: user, realm: fields["realm"] ?? "", nonce: nonce, cnonce: cnonce, count: "00000001",
      address: address, authzid: fields["authzid"])
    return Array("rspauth=\(exchange.proof(of: password, ""))".utf8)
  }

  /// What both sides have said.
  struct Exchange {
    var user: String
    var realm: String
    var nonce: String
    var cnonce: String
    var count: String
    var address: String
    var authzid: String?

    /// The digest that only who knows the password can tell (RFC 2831, section 2.1.2.1).
    ///
    /// - Parameter method: `AUTHENTICATE` for the client's, nothing for the server's.
    func proof(of password: String, _ method: String) -> String {
      let secret =
        md5(Array("\(user):\(realm):\(password)".utf8))
        + Array(":\(nonce):\(cnonce)\(authzid.map { ":" + $0 } ?? "")".utf8)
      let (a1, a2) = (hex(md5(secret)), hex(md5(Array("\(method):\(address)".utf8))))
      return hex(md5(Array("\(a1):\(nonce):\(count):\(cnonce):auth:\(a2)".utf8)))
    }

    private func hex(_ bytes: [UInt8]) -> String {
      let digits = Array("0123456789abcdef")
      return String(bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] })
    }
  }

  /// The fields of a token: `name=value` or `name="value"`, with commas between them.
  private static func fields(of token: [UInt8]) -> [String: String] {
    var fields: [String: String] = [:]
    var rest = String(decoding: token, as: UTF8.self)[...]
    while let mark = rest.firstIndex(of: "=") {
      let name = rest[..<mark].filter { $0 != " " && $0 != "," }
      rest = rest[rest.index(after: mark)...]
      let isQuoted = rest.first == "\""
      if isQuoted { rest.removeFirst() }
      let end = rest.firstIndex(of: isQuoted ? "\"" : ",") ?? rest.endIndex
      fields[name] = String(rest[..<end])
      rest = end < rest.endIndex ? rest[rest.index(after: end)...] : rest[end...]
    }
    return fields
  }
}
