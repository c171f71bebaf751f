import Testing
import ZooKeeper

@Suite struct QuotaTests {
  @Test(arguments: [
    ("count=5,bytes=10", Quota(nodes: 5, bytes: 10)),
    (
      "count=-1,bytes=-1=;byteHardLimit=20;countHardLimit=3",
      Quota(nodes: -1, bytes: -1, hardNodes: 3, hardBytes: 20)
    ),
    ("count=-1,bytes=-1=;countHardLimit=0", Quota(nodes: -1, bytes: -1, hardNodes: 0)),
  ])
  func `Numbers are read as they are written`(text: String, quota: Quota) {
    #expect(Quota(Array(text.utf8)) == quota && quota.text == text)
  }

  @Test(arguments: ["", "count", "count=", "=;", "count=x,bytes=9", "bytes=99999999999999999999"])
  func `What is no number is no limit`(text: String) {
    #expect(Quota(Array(text.utf8)).nodes == -1)
    #expect(Quota(nil) == Quota())
  }

  /// As Debian's 3.8.0 takes them.
  @Test(arguments: [
    ("", Quota()), (",", Quota()), ("a=5", Quota()), ("=5", Quota()), ("count==5", Quota()),
    ("count=1", Quota(nodes: 1, bytes: -1)), ("count=+5,,bytes=5", Quota(nodes: 5, bytes: 5)),
    (" count=1,bytes=2;", Quota(nodes: -1, bytes: 2)), ("count=5=7", Quota(nodes: 5, bytes: -1)),
    ("count=1;countHardLimit=1", Quota(nodes: 1, bytes: -1, hardNodes: 1)),
  ])
  func `What Apache's server reads is read`(text: String, quota: Quota) {
    #expect(Quota(exactly: Array(text.utf8)) == quota && Quota(Array(text.utf8)) == quota)
  }

  @Test(arguments: [
    "garbage", "count=x", "count=", "count=-", "a=b=c", "count=5,bytes=5,extra=x", ",count=5",
    "count=-1 ,bytes=-1=;byteHardLimit= 2", "count=9223372036854775808", "=", "==", nil,
  ])
  func `What it cannot read forbids what is enforced, and the rest goes on`(text: String?) {
    var dialect = Dialect.reference
    dialect.enforcesQuotas = true
    var server = Standalone(dialect: dialect)
    let a = server.open(.anyone)
    let unreadable = text.map { Array($0.utf8) }
    let hard = Quota(nodes: -1, bytes: 99, hardNodes: 9)
    #expect(Quota(exactly: unreadable) == nil)
    server.given(
      a, .create("/q"), .create("/q/n"), .create("/zookeeper/quota/q"),
      .create(Quota.limits(of: "/q"), unreadable), .create(Quota.usage(of: "/q")))
    #expect(server.ask(a, .create("/q/m")) == failure(.marshallingError))
    #expect(server.ask(a, .set("/q/n", [1])) == failure(.marshallingError))
    #expect(
      server.ask(a, .multi([.create("/o"), .create("/q/m")])) == failure(.marshallingError))
    server.given(a, .create("/o"), .delete("/q/n"))
    // Nor is more made where nobody can read what is used; if no limit is compared it is not read.
    server.given(
      a, .set(Quota.limits(of: "/q"), Array(hard.text.utf8)),
      .set(Quota.usage(of: "/q"), unreadable))
    #expect(server.ask(a, .create("/q/m")) == failure(.marshallingError))
    #expect(server.ask(a, .set("/q", [1])) == failure(.marshallingError))
    server.given(a, .set("/q", []), .set(Quota.limits(of: "/q"), []), .create("/q/m"))
  }

  @Test func `What is used beyond all numbers does not trap`() {
    var dialect = Dialect.reference
    dialect.enforcesQuotas = true
    var server = Standalone(dialect: dialect)
    let a = server.open(.anyone)
    let (limits, usage) = (Quota(nodes: -1, bytes: -1, hardNodes: 3), "count=\(Int64.max)")
    server.given(
      a, .create("/q"), .create("/zookeeper/quota/q"),
      .create(Quota.limits(of: "/q"), Array(limits.text.utf8)), .create(Quota.usage(of: "/q")),
      .set(Quota.usage(of: "/q"), Array(usage.utf8)), .create("/q/n"))
  }

  @Test func `What a path uses is counted, and what a hard limit forbids is not made`() {
    var dialect = Dialect.reference
    dialect.enforcesQuotas = true
    var server = Standalone(dialect: dialect)
    let a = server.open(.anyone)
    let limits = Quota(nodes: -1, bytes: -1, hardNodes: 3, hardBytes: 10)
    server.given(
      a, .create("/q", Array("12".utf8)), .create("/q/n"), .create("/zookeeper/quota/q"),
      .create(Quota.limits(of: "/q"), Array(limits.text.utf8)), .create(Quota.usage(of: "/q")))
    func usage() -> String {
      String(decoding: server.service.applied[Quota.usage(of: "/q")]?.data ?? [], as: UTF8.self)
    }
    #expect(usage() == "count=2,bytes=2")
    server.given(a, .create("/q/m", Array("345".utf8)), .delete("/q/n"))
    #expect(usage() == "count=2,bytes=5")
    server.given(a, .create("/q/m/k"))
    #expect(server.ask(a, .create("/q/x")) == failure(.quotaExceeded))
    #expect(server.ask(a, .set("/q/m", Array("345678901".utf8))) == failure(.quotaExceeded))
    #expect(
      server.ask(a, .multi([.delete(path: "/q/m/k"), .create("/q/y"), .create("/q/z")]))
        == .success(
          .multi([.failed(.ok), .failed(.ok), .failed(.quotaExceeded)])))
    server.given(a, .set("/q/m", []))
    #expect(usage() == "count=3,bytes=2")
    let stat = server.stat(Quota.usage(of: "/q"))
    #expect(stat?.version == 0 && stat?.mzxid == stat?.czxid)
  }
}
