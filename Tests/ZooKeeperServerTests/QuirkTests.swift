import Testing
import ZooKeeper
import ZooKeeperQuirks
import ZooKeeperServer

@Suite struct `Quirks` {
  /// Where a quirk is likely to show, by what it violates.
  static func likely(_ quirk: Quirk) -> [Examination.Part] {
    let likely: [(String, [Examination.Part])] = [
      ("ACL", [.acls, .access]), ("WATCH", [.watches, .restoring]), ("GUAR-2", [.multis]),
      ("MultiResponse", [.multis]), ("ZNODE-5", [.numbers]), ("ZNODE-2", [.limits]),
      ("SESS", [.handshakes, .endings]), ("ZNODE-4", [.endings]), ("GUAR-1", [.nodes, .order]),
      ("the order of checks", [.access, .acls]),
    ]
    return likely.first { quirk.source.hasPrefix($0.0) }?.1 ?? []
  }

  /// The narrow ones are for the suite's cases, which are replayed on them.
  static let narrow = Set(
    (Quirk.narrowFlaws + Quirk.cornerFlaws + Quirk.survivorFlaws + Quirk.slowReaderFlaws
      + Quirk.pipelineFlaws + Quirk.togetherFlaws + Quirk.rootFlaws + Quirk.nullFlaws
      + Quirk.endedFlaws + Quirk.numberFlaws + Quirk.wordFlaws + Quirk.replyFlaws
      + Quirk.laterFlaws)
      .map(\.name))

  @Test(arguments: Quirk.all.map(\.name).filter { $0 != "3.9" && !narrow.contains($0) })
  func `Each shows in a conversation`(name: String) throws {
    let quirk = try Quirk.named(name)
    #expect(Examination.difference([quirk], first: Self.likely(quirk)) != nil)
  }

  @Test func `The edition that the reference follows is the reference`() throws {
    #expect(Examination.difference([try Quirk.named("3.9")]) == nil)
  }

  @Test func `The reference does the same each time`() {
    #expect(Examination.difference([]) == nil)
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
