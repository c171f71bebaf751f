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

  @Test func `A line stands for the newest of it that was asked`() {
    #expect(Dialect.number(of: "3.9") == "3.9.5" && Dialect.number(of: "3.7") == "3.7.2")
    #expect(Dialect(edition: "3.8") == Dialect(edition: "3.8.0"))
  }

  @Test(arguments: ["", "3", "3.", "3.9.", "3.3", "3.9.9", "3.10"])
  func `Others were not asked`(edition: String) {
    #expect(Dialect(edition: edition) == nil)
  }

  @Test func `Debian's 3_8_0 filters events and lets exists read`() {
    let dialect = Dialect(edition: "3.8.0")
    #expect(dialect?.eventsNeedRead == true)
    #expect(dialect?.existsNeedsRead == false)
    #expect(Dialect(edition: "3.7.2")?.eventsNeedRead == false)
  }
}
