import ProtocolCore
import ReplicatedLog
import Testing
import ZAB

struct ZxidTests {
  @Test func `A zxid is an epoch in the high 32 bits and a counter in the low 32`() {
    #expect(Zxid(2, 3).value == 0x2_0000_0003)
    #expect((Zxid(2, 3).epoch, Zxid(2, 3).counter) == (2, 3))
    #expect(Zxid(1, .max) < Zxid(2, 0))
    #expect("\(Zxid(2, 31))" == "2.1f")
  }

  @Test func `Behind the last counter the next epoch begins, which is ZOOKEEPER-1277`() {
    #expect(Zxid(1, .max).next == Zxid(2, 0))
    #expect(Zxid(2, 0).isNewEpoch)
  }
}

struct VoteTests {
  @Test(arguments: [
    (ZAB.Vote("a", Zxid(1, 1), 2), ZAB.Vote("c", Zxid(1, 9), 1)),
    (ZAB.Vote("a", Zxid(1, 2), 1), ZAB.Vote("c", Zxid(1, 1), 1)),
    (ZAB.Vote("c", Zxid(1, 1), 1), ZAB.Vote("a", Zxid(1, 1), 1)),
  ])
  func `The better vote is of the greater epoch, then zxid, then sid`(
    better: ZAB.Vote, worse: ZAB.Vote
  ) {
    #expect(better.isBetter(than: worse))
    #expect(!worse.isBetter(than: better))
    #expect(!better.isBetter(than: better))
  }
}

struct QuorumTests {
  @Test func `A majority is more than half of those that vote`() {
    let three = ZAB.Ensemble(voters: ["a", "b", "c"].map { ZAB.Ensemble.Voter($0) })
    #expect(!three.isQuorum { $0 == "a" })
    #expect(three.isQuorum { $0 != "a" })
    let four = ZAB.Ensemble(
      voters: ["a", "b", "c", "d"].map { ZAB.Ensemble.Voter($0) }, observers: ["o"])
    #expect(!four.isQuorum { ["a", "b", "o"].contains($0) })
    #expect(four.isQuorum { ["a", "b", "c"].contains($0) })
  }

  @Test func `A hierarchical quorum is a majority of groups, in each of weights`() {
    let groups = ZAB.Ensemble(voters: [
      .init("a", group: 1), .init("b", group: 1), .init("c", group: 1),
      .init("d", group: 2, weight: 3), .init("e", group: 2),
      .init("f", group: 3), .init("g", group: 4, weight: 0),
    ])
    #expect(groups.isQuorum { ["a", "b", "d"].contains($0) })
    #expect(!groups.isQuorum { ["a", "b", "e"].contains($0) })
    #expect(!groups.isQuorum { ["a", "d", "g"].contains($0) })
    #expect(groups.isQuorum { ["d", "f"].contains($0) })
  }
}
