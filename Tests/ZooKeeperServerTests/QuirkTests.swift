import Testing
import ZooKeeper
import ZooKeeperServer

@Suite struct `Quirks` {
  static let reference = Examination.record([])

  static let limits = Set(Quirk.limitFlaws.map(\.name))

  @Test(arguments: Quirk.all.map(\.name).filter { $0 != "3.9" && !limits.contains($0) })
  func `Each shows in a conversation that touches everything`(name: String) throws {
    #expect(Examination.differs([try Quirk.named(name)], from: Self.reference))
  }

  @Test func `Each wrong limit shows where limits are tried`() {
    let reference = Examination.record([], isLong: true)
    for quirk in Quirk.limitFlaws {
      #expect(Examination.differs([quirk], from: reference, isLong: true), "\(quirk.name)")
    }
  }

  @Test func `The edition that the reference follows is the reference`() throws {
    #expect(!Examination.differs([try Quirk.named("3.9")], from: Self.reference))
  }

  @Test func `The conversation is the same each time`() {
    #expect(!Examination.differs([], from: Self.reference))
  }

  @Test func `Names are unique, and each has a sentence and a source`() {
    let names = Quirk.all.map(\.name)
    #expect(Set(names).count == names.count)
    for quirk in Quirk.all {
      #expect(quirk.summary.hasSuffix(".") && !quirk.source.isEmpty)
      #expect(quirk.name.allSatisfy { $0.isLetter || $0.isNumber || $0 == "-" || $0 == "." })
    }
  }

  @Test func `A name that is nearly right is put right`() {
    #expect(throws: UnknownQuirk(name: "ephemeral-stay")) { try Quirk.named("ephemeral-stay") }
    #expect(
      UnknownQuirk(name: "ephemeral-stay").description
        == "unknown quirk 'ephemeral-stay'; did you mean 'ephemerals-stay'?")
    #expect(UnknownQuirk(name: "no such thing at all").suggestions.isEmpty)
  }
}
