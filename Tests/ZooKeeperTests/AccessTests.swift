import Testing
import ZooKeeper

/// ACLs: who may do what, and which may be set (ACL-1 to ACL-3).
@Suite struct AccessTests {
  static let bob = Identity.digest("bob:secret")
  static let ann = Identity.digest("ann:secret")
  static let local = Identity(scheme: "ip", id: "127.0.0.1")

  /// `/n` with a child, where only bob may do what `permissions` say.
  static func stage(
    _ permissions: Permissions
  ) -> (Standalone, bob: SessionID, ann: SessionID, root: SessionID) {
    var server = Standalone()
    let (b, a) = (server.open(local, bob), server.open(local, ann))
    let root = server.open(local, .superuser)
    server.given(b, .create("/n"), .create("/n/c"), .setACL("/n", [ACL(permissions, bob)]))
    return (server, b, a, root)
  }

  /// Requests on `/n` or its child, and which permissions of `/n` each needs.
  static let needs: [(Request, Permissions)] = [
    (.create("/n/d"), .create), (.delete("/n/c"), .delete), (.set("/n"), .write),
    (.setACL("/n"), .admin), (.get("/n"), .read), (.exists("/n"), .read),
    (.children("/n"), .read), (.getACL(path: "/n"), .read), (.getACL(path: "/n"), .admin),
  ]

  @Test(arguments: needs)
  func `Each operation needs its permission, and no other`(request: Request, need: Permissions) {
    var (server, bob, ann, root) = Self.stage(need)
    #expect(server.ask(ann, request) == failure(.noAuth))
    #expect((try? server.ask(bob, request).get()) != nil)
    (server, bob, ann, root) = Self.stage([])
    #expect(server.ask(bob, request) == failure(.noAuth))
    #expect((try? server.ask(root, request).get()) != nil)
    let isGetACL = request == .getACL(path: "/n")
    let others = Permissions.all.subtracting(isGetACL ? [.read, .admin] : need)
    (server, bob, ann, root) = Self.stage(others)
    #expect(server.ask(bob, request) == failure(.noAuth))
  }

  @Test func `A check needs READ`() {
    for permissions in [Permissions.read, .all.subtracting(.read)] {
      var (server, bob, _, _) = Self.stage(permissions)
      let isAllowed = permissions == .read
      #expect(
        server.ask(bob, .multi([.check(path: "/n", version: 0)]))
          == .success(.multi([isAllowed ? .checked : .failed(.noAuth)])))
    }
  }

  @Test func `Nothing is inherited: a closed node's child is as open as its own ACL`() {
    var (server, _, ann, _) = Self.stage([])
    #expect(server.ask(ann, .set("/n/c")) == server.stat("/n/c").map { .success(.stat($0)) })
    server.given(ann, .create("/n/c/d"), .delete("/n/c/d"))
  }

  @Test func `Whoever may read only does not see a digest's hash`() {
    var (server, bob, ann, _) = Self.stage(.all)
    server.given(bob, .setACL("/n", [ACL(.all, Self.bob), ACL(.read, Self.ann)]))
    let stat = server.stat("/n") ?? Stat()
    #expect(
      server.ask(bob, .getACL(path: "/n"))
        == .success(.acl([ACL(.all, Self.bob), ACL(.read, Self.ann)], stat)))
    #expect(
      server.ask(ann, .getACL(path: "/n"))
        == .success(
          .acl(
            [
              ACL(.all, Identity(scheme: "digest", id: "bob:x")),
              ACL(.read, Identity(scheme: "digest", id: "ann:x")),
            ], stat)))
  }

  @Test func `auth stands for all that the connection has proved, its address is not proved`() {
    var server = Standalone()
    let both = server.open(Self.local, Self.bob, Self.ann)
    server.given(both, .create("/n", acl: [ACL(.read, Identity(scheme: "auth", id: "any"))]))
    #expect(server.service.applied["/n"]?.acl == [ACL(.read, Self.bob), ACL(.read, Self.ann)])
    let none = server.open(Self.local, .superuser)
    #expect(server.ask(none, .create("/m", acl: .creator)) == failure(.invalidACL))
    #expect(server.ask(none, .create("/m", acl: .creator + .open)) == failure(.invalidACL))
  }

  @Test func `An entry that stands twice is kept once, in its place`() {
    var server = Standalone()
    let a = server.open()
    let acl = [ACL(.read, Self.bob), ACL(.all, .anyone), ACL(.read, Self.bob), ACL(.all, Self.bob)]
    server.given(a, .create("/n", acl: acl))
    #expect(
      server.service.applied["/n"]?.acl
        == [ACL(.read, Self.bob), ACL(.all, .anyone), ACL(.all, Self.bob)])
  }

  @Test func `Bits without a meaning are kept`() {
    var server = Standalone()
    let a = server.open()
    let acl = [ACL(Permissions(rawValue: .max), .anyone), ACL([], Self.bob)]
    server.given(a, .create("/n", acl: acl))
    #expect(server.ask(a, .getACL(path: "/n")) == .success(.acl(acl, server.stat("/n") ?? Stat())))
  }

  @Test(arguments: [
    ("world", "anyone"), ("digest", "bob:" + "x"), ("digest", ":x"), ("digest", "a:b:"),
    ("ip", "10.0.0.1"), ("ip", "10.0.0.0/8"), ("ip", "0.0.0.0/0"), ("ip", "1.2.3.4/32"),
    ("ip", "::1"), ("ip", "2001:db8::/32"), ("ip", "1:2:3:4:5:6:7:8/128"), ("ip", "::"),
  ])
  func `What may stand in an ACL`(scheme: String, id: String) {
    var server = Standalone()
    let a = server.open()
    let acl = [ACL(.all, Identity(scheme: scheme, id: id))]
    #expect(server.ask(a, .create("/n", acl: acl)) == created("/n"))
    #expect(server.service.applied["/n"]?.acl == acl)
  }

  @Test(arguments: [
    ("world", "everybody"), ("world", ""), ("digest", "bob"), ("digest", "bob:"), ("digest", ""),
    ("digest", ":"), ("digest", "a:b:c"), ("super", ""), ("sasl", "bob"), ("", ""), ("ip", ""),
    ("ip", "10.0.0"), ("ip", "10.0.0.0.0"), ("ip", "10.0.0.256"), ("ip", "10.0.0.-1"),
    ("ip", "10.0.0.x"), ("ip", "10.0.0.0/33"), ("ip", "10.0.0.0/-1"), ("ip", "10.0.0.0/"),
    ("ip", "10.0.0.0/8/8"), ("ip", "::1/129"), ("ip", "1:2:3:4:5:6:7"), ("ip", "1::2::3"),
    ("ip", "1:2:3:4:5:6:7:8:9"), ("ip", "::1:2:3:4:5:6:7:8"), ("ip", "12345::"), ("ip", "g::"),
    ("ip", ":::"), ("ip", "00001::"), ("ip", "localhost"),
  ])
  func `What may not`(scheme: String, id: String) {
    var server = Standalone()
    let a = server.open(Self.bob)
    let acl = [ACL(.all, Self.bob), ACL(.all, Identity(scheme: scheme, id: id))]
    #expect(server.ask(a, .create("/n", acl: acl)) == failure(.invalidACL))
    #expect(server.ask(a, .setACL("/", acl)) == failure(.invalidACL))
  }

  @Test(arguments: [
    ("CN=bob,OU=Tests,O=Quorate", true), ("", true), ("cn = bob, o=b", true),
    ("CN=a\\,b+2.5.4.12=#0c024472", true), ("O=\"a, b\";C=DE", true), ("bob", false),
    ("name=bob", false), ("CN=bob,", false), ("CN=bob,x", false), ("O=\"a", false), ("=b", false),
  ])
  func `A certificate's subject may, where certificates are shown`(id: String, isGood: Bool) {
    let acl = [ACL(.all, Identity(scheme: "x509", id: id))]
    var dialect = Dialect.reference
    #expect(ask(.create("/n", acl: acl), dialect) == failure(.invalidACL))
    dialect.hasX509 = true
    let answer = isGood ? created("/n") : failure(.invalidACL)
    #expect(ask(.create("/n", acl: acl), dialect) == answer)
  }

  private func ask(_ request: Request, _ dialect: Dialect) -> Result<Answer, ErrorCode> {
    var server = Standalone(dialect: dialect)
    let a = server.open()
    return server.ask(a, request)
  }

  @Test func `A certificate is whose subject it is, and auth means that`() {
    var dialect = Dialect.reference
    dialect.hasX509 = true
    let bob = Identity(scheme: "x509", id: "CN=bob")
    var server = Standalone(dialect: dialect)
    let (a, b) = (server.open(bob), server.open(Identity(scheme: "x509", id: "CN=eve")))
    let acl = [ACL(.all, Identity(scheme: "auth", id: ""))]
    #expect(server.ask(a, .create("/n", acl: acl)) == created("/n"))
    #expect(server.service.applied["/n"]?.acl == [ACL(.all, bob)])
    #expect(server.ask(b, .set("/n")) == failure(.noAuth))
    #expect(server.ask(a, .delete("/n")) == .success(.done))
  }

  @Test(arguments: [
    ("10.0.0.0/8", "10.255.0.1", true), ("10.0.0.0/8", "11.0.0.1", false),
    ("192.168.129.0/20", "192.168.143.255", true), ("192.168.129.0/20", "192.168.144.0", false),
    ("0.0.0.0/0", "8.8.8.8", true), ("127.0.0.1", "127.0.0.1", true),
    ("127.0.0.1", "127.0.0.2", false), ("2001:db8::/32", "2001:db8:1:2:3:4:5:6", true),
    ("2001:db8::/32", "2001:db9::1", false), ("::1", "0:0:0:0:0:0:0:1", true),
    ("0.0.0.0/0", "::1", false), ("::/0", "127.0.0.1", false), ("::1", "no address", false),
  ])
  func `An address is compared by its leading bits`(range: String, address: String, isIn: Bool) {
    let acl = [ACL(.read, Identity(scheme: "ip", id: range))]
    #expect(acl.allows(.read, to: [Identity(scheme: "ip", id: address)]) == isIn)
  }

  @Test func `An empty list is open, and one entry is enough`() {
    #expect([ACL]().allows(.admin, to: []))
    let acl = [ACL(.read, Self.ann), ACL(.write, Self.bob)]
    #expect(acl.allows(.write, to: [Self.ann, Self.bob]))
    #expect(!acl.allows(.write, to: [Self.ann]))
    #expect(!acl.allows(.read, to: []))
    let sameText = Identity(scheme: "ip", id: Self.ann.id)
    #expect(!acl.allows(.read, to: [sameText]))
    let address = [ACL(.read, Self.local)]
    #expect(!address.allows(.read, to: [Identity(scheme: "digest", id: Self.local.id)]))
  }

  @Test func `Older editions know neither prefixes nor IPv6`() {
    var old = Dialect.reference
    old.ipVersion6 = false
    old.ipPrefixes = false
    var server = Standalone(dialect: old)
    let a = server.open()
    for (id, result) in [
      ("::1", failure(.invalidACL)), ("10.0.0.0/8", failure(.invalidACL)),
      ("10.0.0.1", created("/n")),
    ] {
      let acl = [ACL(.all, Identity(scheme: "ip", id: id))]
      #expect(server.ask(a, .create("/n", acl: acl)) == result)
    }
  }
}

/// What a connection shows, and who it is then.
@Suite struct AuthenticationTests {
  let authentication = Authentication(superDigest: "super:xQJmxLMiHGwaqBvst5y6rkB6HQs=")

  func shown(_ scheme: String, _ credentials: Payload) -> [Identity]? {
    authentication.identities(scheme: scheme, credentials: credentials, address: "10.0.0.9")
  }

  @Test(arguments: [
    ("super:admin", "super:xQJmxLMiHGwaqBvst5y6rkB6HQs="),
    ("u:p", "u:Jq7wMyA/w2Vd5WIDAKdu4OIIFEQ="), ("abc", "abc:qZk+NkcGgWq6PiVxeFDCbJzQ2J0="),
    ("", ":2jmj7l5rSw0yVb/vlWAYkK/YBwk="),
  ])
  func `A digest is the name and a hash of name and password`(credentials: String, id: String) {
    #expect(Identity.digest(credentials) == Identity(scheme: "digest", id: id))
  }

  @Test func `Each scheme adds its identities, the superuser's digest one more`() {
    #expect(
      shown("digest", Array("u:p".utf8))
        == [Identity(scheme: "digest", id: "u:Jq7wMyA/w2Vd5WIDAKdu4OIIFEQ=")])
    let root = Identity(scheme: "digest", id: "super:xQJmxLMiHGwaqBvst5y6rkB6HQs=")
    #expect(shown("digest", Array("super:admin".utf8)) == [.superuser, root])
    #expect(shown("ip", nil) == [Identity(scheme: "ip", id: "10.0.0.9")])
    #expect(
      Authentication().identities(
        scheme: "digest", credentials: Array("super:admin".utf8), address: "") == [root])
  }

  @Test func `No credentials, and no such scheme, are refused`() {
    #expect(shown("digest", nil) == nil)
    for scheme in ["world", "sasl", "x509", "super", "auth", ""] {
      #expect(shown(scheme, [1]) == nil)
    }
  }

  @Test func `Bytes that are no UTF-8 are somebody, too`() {
    #expect(shown("digest", [0xff])?.count == 1)
    #expect(shown("digest", [0xff]) == shown("digest", Array("\u{fffd}".utf8)))
  }
}
