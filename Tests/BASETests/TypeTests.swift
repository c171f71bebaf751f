import BASE
import BASELab
import ProtocolCore
import Testing

/// Shapiro and others 2011: the laws, over 100,000 cases each.
struct LawTests {
  @Test(arguments: LawBook.entries.map(\.name))
  func `Copies come to the same, however they are merged`(name: String) throws {
    let entry = try #require(LawBook.entries.first { $0.name == name })
    #expect(entry.broken(100_000).map(\.law) == [])
    for bug in entry.bugs { #expect(!bug.broken(2_000).isEmpty, "\(bug.sentence)") }
  }

  @Test(arguments: Law.allCases)
  func `Each law catches a bug`(law: Law) {
    #expect(
      LawBook.entries.flatMap(\.bugs).contains { $0.broken(2_000).contains { $0.law == law } })
  }

  @Test(arguments: [Law.upper, .alone])
  func `This law catches a bug that no other catches`(law: Law) {
    #expect(LawBook.entries.flatMap(\.bugs).contains { $0.broken(2_000).map(\.law) == [law] })
  }

  @Test func `A merge can be commutative and idempotent and not associative`() {
    #expect(
      LawBook.entries.flatMap(\.bugs).contains { bug in
        let broken = bug.broken(2_000).map(\.law)
        return broken.contains(.associative) && !broken.contains(.commutative)
          && !broken.contains(.idempotent)
      })
  }

  @Test func `With one vector for all values a merge is not associative`() {
    let laws = Laws<UndottedCell>(
      changing: { $0.below(5) }, showing: { changes in (changes.last ?? nil).map { [$0] } ?? [] })
    let broken = laws.broken(cases: 2_000).map(\.law)
    #expect(broken.contains(.associative))
    #expect(!broken.contains(.commutative) && !broken.contains(.alone))
  }

  @Test func `What was added, doubled and in any order, comes to the whole`() {
    #expect(LawBook.brokenDeltas(cases: 100_000) == nil)
  }
}

/// The scenarios of data that merge.
struct TypeTests {
  @Test func `In an OR-Set a putting in beside a taking out wins`() {
    var a = ObservedRemoveSet()
    a.apply(.add(1), at: 0)
    var b = a
    b.apply(.remove(1), at: 1)
    a.apply(.add(1), at: 0)
    #expect(a.merged(with: b).shown == [1])
  }

  @Test func `In a 2P-Set what was taken out cannot come back`() {
    var set = TwoPhaseSet()
    set.apply(.add(1), at: 0)
    set.apply(.remove(1), at: 0)
    set.apply(.add(1), at: 0)
    #expect(set.shown == [])
  }

  @Test func `A PN-Counter is not moved by gossip that is doubled`() {
    var a = Counter()
    a.apply(true, at: 0)
    a.apply(true, at: 0)
    var b = Counter()
    b.apply(false, at: 1)
    #expect(a.merged(with: b).merged(with: b).merged(with: a).shown == 1)
  }

  @Test func `Without dots a value that was seen stays when anything else was not`() {
    // Two clients of one server, of which each writes over what it has seen itself.
    var dotted = Cell()
    var plain = Cell()
    dotted.write(1, over: VersionVector(), at: "a")
    plain.writeWithoutDots(1, over: VersionVector(), at: "a")
    let seen = dotted.clock
    dotted.write(2, over: VersionVector(), at: "a")
    plain.writeWithoutDots(2, over: VersionVector(), at: "a")
    dotted.write(3, over: seen, at: "a")
    plain.writeWithoutDots(3, over: seen, at: "a")
    #expect(dotted.values == [2, 3])
    #expect(plain.values == [1, 2, 3])
  }

  /// DeCandia and others 2007, figure 3.
  @Test func `D3 and D4 are siblings, and D5 is over both`() {
    var x = Cell()
    x.write(1, over: VersionVector(), at: "x")
    x.write(2, over: x.clock, at: "x")
    var (y, z) = (x, x)
    y.write(3, over: x.clock, at: "y")
    z.write(4, over: x.clock, at: "z")
    x.merge(y)
    x.merge(z)
    #expect(x.values == [3, 4])
    x.write(5, over: x.clock, at: "x")
    #expect(x.values == [5])
    #expect("\(x.clock)" == "x3 y1 z1")
    y.merge(x)
    #expect(y == x)
  }
}
