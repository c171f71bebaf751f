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
