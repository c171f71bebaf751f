import ProtocolCore
import ReplicatedLog
import Testing
import ZAB

/// What a learner does that is told to go back behind its own snapshot.
struct GoingBackTests {
  /// Of three servers the one with the snapshot could elect, in turn, two others that no quorum
  /// followed without it, and each had it go back: looking for a leader anew, it never came to one.
  @Test func `It connects to that leader anew, without an election, and asks for everything`() {
    var settings = ZAB.Settings()
    settings.election = .any
    let ensemble = ZAB.Ensemble(voters: ["a", "b", "c"].map { ZAB.Ensemble.Voter($0) })
    var c = ZABModel.Node("c", of: ensemble, settings: settings)
    _ = c.step(
      .started([
        .acceptedEpoch(2), .currentEpoch(2), .snapshot(Snapshot(Zxid(2, 0), KeyValueStore())),
      ]))
    _ = c.step(.expired(.elected("a")))
    let accepted = c.step(.received(.leaderInfo(Zxid(3, 0)), from: "a"))
    #expect(accepted.messages(to: "a") == [.ackEpoch(Zxid(2, 0), currentEpoch: 2)])
    let told = c.step(.received(.trunc(Zxid(1, 4)), from: "a"))
    #expect(told.contains(.disconnect("a")) && told.contains(.connect("a")))
    #expect(told.messages(to: "a") == [.followerInfo(Zxid(3, 0))])
    #expect(!c.isLooking)
    let again = c.step(.received(.leaderInfo(Zxid(3, 0)), from: "a"))
    #expect(again.messages(to: "a") == [.ackEpoch(.zero, currentEpoch: nil)])
  }

  @Test func `Another leader is told how far it has come`() {
    var settings = ZAB.Settings()
    settings.election = .any
    let ensemble = ZAB.Ensemble(voters: ["a", "b", "c"].map { ZAB.Ensemble.Voter($0) })
    var c = ZABModel.Node("c", of: ensemble, settings: settings)
    _ = c.step(.started([.currentEpoch(2), .snapshot(Snapshot(Zxid(2, 0), KeyValueStore()))]))
    _ = c.step(.expired(.elected("a")))
    _ = c.step(.received(.leaderInfo(Zxid(3, 0)), from: "a"))
    _ = c.step(.received(.trunc(Zxid(1, 4)), from: "a"))
    _ = c.step(.expired(.initLimit))
    _ = c.step(.expired(.elected("b")))
    let accepted = c.step(.received(.leaderInfo(Zxid(4, 0)), from: "b"))
    #expect(accepted.messages(to: "b") == [.ackEpoch(Zxid(2, 0), currentEpoch: 2)])
  }
}
