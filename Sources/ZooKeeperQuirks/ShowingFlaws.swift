import ZooKeeper
package import ZooKeeperServer
import ZooKeeperWire

/// Who is believed that should not be, who is not, and reconfigurations.
///
/// Source: RFC 2831; ZooKeeper and SASL; ACL-4, RECONF-1.
extension Quirk {
  package static let showingFlaws: [Quirk] = [
    shows("sasl-believes-everybody", "Whoever responds to a challenge is believed to be bob.") {
      identities, scheme, _ in
      if scheme == "sasl" { identities = identities ?? [Identity(scheme: "sasl", id: "bob")] }
    },
    shows("sasl-gains-nothing", "Who has shown a password is nobody all the same.") {
      identities, scheme, _ in
      if scheme == "sasl", identities != nil { identities = [] }
    },
    shows("sasl-makes-superusers", "Whom SASL knows is the superuser.") { identities, scheme, _ in
      if scheme == "sasl" { identities? += [.superuser] }
    },
    shows("auth-takes-sasl", "An auth of the scheme sasl is believed.") {
      identities, scheme, shown in
      let isResponse = shown.map { String(decoding: $0, as: UTF8.self).contains("=") } ?? true
      if scheme == "sasl", !isResponse { identities = [Identity(scheme: "sasl", id: "bob")] }
    },
    shows("auth-takes-x509", "An auth of the scheme x509 is believed.") { identities, scheme, _ in
      if scheme == "x509" { identities = [Identity(scheme: "x509", id: "CN=bob")] }
    },
    shows("auth-takes-super", "An auth of the scheme super is believed.") { identities, scheme, _ in
      if scheme == "super" { identities = [.superuser] }
    },
    flaw("sasl-forgets-authzids", "For whom a response is to act is left out of it.", "ACL-4") {
      $0.request = { asked, _ in
        guard case .sasl(let token?) = asked.request, let range = authzid(in: token) else { return }
        asked.request = .sasl(token: Array(token[..<range.lowerBound]))
      }
    },
    shows("sasl-believes-authzids", "Who responds is for whom the response is to act.") {
      identities, scheme, shown in
      guard scheme == "sasl", identities != nil, let token = shown, let range = authzid(in: token)
      else { return }
      let name = String(decoding: token[range].dropFirst(10).dropLast(), as: UTF8.self)
      identities = [Identity(scheme: "sasl", id: name)]
    },
    flaw("sasl-takes-any-name", "SASL takes the last password for an unknown name's.", "ACL-4") {
      $0.settings = { $0.dialect.refusesUnknownNames = false }
    },
    flaw("sasl-proves-nothing", "The server does not show that it knows the password.", "ACL-4") {
      $0.reply = { answered, asked, _ in
        guard case .token(let token?)? = answered.answer,
          String(decoding: token, as: UTF8.self).hasPrefix("rspauth=")
        else { return }
        answered.answer = .token(Array("rspauth=".utf8))
      }
    },
    flaw("sasl-refusals-leave-it-open", "Who is refused by SASL keeps the connection.", "SESS-3") {
      $0.reply = { answered, asked, _ in
        if case .sasl = asked.request { answered.closes = false }
      }
    },
    flaw("sasl-has-no-acl", "ACLs do not name whom SASL knows.", "ACL-1") {
      $0.settings = { $0.dialect.hasSASL = false }
    },
    flaw("sasl-acl-takes-any-name", "An ACL names for SASL what is no name.", "ACL-1") {
      $0.request = { asked, _ in
        asked.request = asked.request?.mappingACL { acl in
          acl.map { $0.identity.id.contains("@") ? ACL($0.permissions, .anyone) : $0 }
        }
      }
    },
    flaw("acl-takes-the-superuser", "An ACL may name the superuser.", "ACL-1") {
      $0.request = { asked, _ in
        asked.request = asked.request?.mappingACL { acl in
          acl.map { $0.identity.scheme == "super" ? ACL($0.permissions, .anyone) : $0 }
        }
      }
    },
    flaw("acl-takes-certificates", "An ACL may name whom a certificate names.", "ACL-1") {
      $0.request = { asked, _ in
        asked.request = asked.request?.mappingACL { acl in
          acl.map { $0.identity.scheme == "x509" ? ACL($0.permissions, .anyone) : $0 }
        }
      }
    },
    flaw("sasl-acl-is-of-everybody", "An ACL that names whom SASL knows is for all.", "ACL-1") {
      $0.reply = { answered, asked, server in
        guard answered.code == .noAuth, case .getData(let path, _) = asked.request,
          let node = server.service.applied[path],
          node.acl.contains(where: { $0.identity.scheme == "sasl" })
        else { return }
        answered.answer = .data(node.data, node.stat)
      }
    },
    flaw("sasl-is-forgotten", "Who has shown a password is nobody at the next request.", "ACL-4") {
      $0.request = { asked, _ in
        asked.author.identities.removeAll { $0.scheme == "sasl" }
      }
    },
    flaw("reconfig-is-granted", "A reconfiguration is granted, and changes nothing.", "RECONF-1") {
      $0.reply = { answered, asked, _ in
        if case .reconfig = asked.request { answered.answer = .data([], Stat()) }
      }
    },
    flaw("reconfig-takes-no-zxid", "A reconfiguration that is refused takes no zxid.", "GUAR-1") {
      $0.transactions = { transactions, asked, _ in
        if case .reconfig = asked.request { transactions = [] }
      }
    },
    flaw("reconfig-ends-the-connection", "A reconfiguration ends its connection.", "RECONF-1") {
      $0.reply = { answered, asked, _ in
        if asked.header.opcode == .reconfig { answered.closes = true }
      }
    },
    flaw("short-reconfigs-are-fine", "A reconfiguration that is cut short is answered.", "SESS-3") {
      $0.request = { asked, _ in
        guard asked.header.opcode == .reconfig, case .malformed = asked.content else { return }
        asked.content = .request(.ping)
      }
    },
  ]

  /// Where a token says for whom it is to act: `,authzid="…"`, which comes last.
  private static func authzid(in token: [UInt8]) -> Range<Int>? {
    let mark = Array(",authzid=\"".utf8)
    return token.indices.first { token[$0...].starts(with: mark) }.map { $0..<token.count }
  }

  private static func shows(
    _ name: String, _ summary: String,
    _ change: @escaping @Sendable (inout [Identity]?, String, Payload) -> Void
  ) -> Quirk { flaw(name, summary, "ACL-4") { $0.identities = change } }
}
