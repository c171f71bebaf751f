import Testing
import ZooKeeper

/// The editions that were asked.
@Suite struct DialectTests {
  @Test func `The newest is the reference`() {
    #expect(Dialect(edition: "3.9.5") == .reference)
    #expect(Dialect() == .reference)
  }

  @Test(arguments: Dialect.editions.map(\.edition))
  func `An edition is found by its number, the newest first`(edition: String) {
    let names = Dialect.editions.map(\.edition)
    #expect(Dialect(edition: edition) != nil)
    #expect(names == Set(names).sorted(by: >))
  }

  @Test func `Others were not asked`() {
    #expect(Dialect(edition: "3.9") == nil)
    #expect(Dialect(edition: "") == nil)
  }

  @Test func `Debian's 3_8_0 filters events and lets exists read`() {
    let dialect = Dialect(edition: "3.8.0")
    #expect(dialect?.eventsNeedRead == true)
    #expect(dialect?.existsNeedsRead == false)
    #expect(Dialect(edition: "3.7.2")?.eventsNeedRead == false)
  }
}
