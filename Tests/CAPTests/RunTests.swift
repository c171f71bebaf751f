import CAP
import Histories
import Lab
import Testing

/// What a run that somebody writes is told.
struct RunTests {
  private func play(
    _ acts: String, variant: String = "both-answer"
  ) throws -> Playback<CAPModel> {
    let head = "run CAP-900 a test\nnodes a replica, b replica\nvariant \(variant)\n"
    return try Playback<CAPModel>(RunFile(head + acts, path: "test.run"))
  }

  @Test func `A value that is written again leaves the model`() throws {
    let again = try play("> ask x→a write x 1 ; store a ; ask y→b write x 1")
    #expect(again.departure?.reason == .sameValueAgain)
    #expect(again.departure?.place.line == 4)
    // Another value, and the same under another key, can be told apart.
    #expect(try play("> ask x→a write x 1 ; store a ; ask y→b write x 2").departure == nil)
    #expect(try play("> ask x→a write x 1 ; store a ; ask y→b write y 1").departure == nil)
    #expect(try play("> ask x→a read x ; ask y→b read x").departure == nil)
  }

  @Test func `What was refused may be asked again, and what was done or lost may not`() throws {
    func reason(_ acts: String) throws -> Playback<CAPModel>.Departure.Reason? {
      let playback = try play(acts, variant: "synchronous")
      #expect(playback.failures.map(\.description) == [])
      return playback.departure?.reason
    }
    // A backup refuses at once.
    let refused = "> ask x→b write x 1 ; "
    #expect(try reason(refused + "ask x→a write x 1") == nil)
    #expect(try reason(refused + "ask y→b write x 1 ; ask x→a write x 1") == nil)
    #expect(try reason(refused + "ask x→a write x 1 ; ask y→a write x 1") == .sameValueAgain)
    // A primary that crashes may have written it.
    #expect(
      try reason("> ask x→a write x 1 ; crash a ; restart a ; ask x→b write x 1")
        == .sameValueAgain)
  }

  @Test func `What its clients saw is judged as any history`() throws {
    let acts = "> cut a | b ; ask x→a write x 1 ; store a ; ask y→b read x\n"
    let playback = try play(acts)
    let seen = ClientHistory(of: playback.acts, in: playback.cluster)
    #expect(seen.count == 4)
    let history = try HistoryReader().read(seen.text)
    #expect("\(history.judge(.linearizable).verdict)".hasPrefix("refuted"))
    #expect("\(history.judge(.pram).verdict)".hasPrefix("holds"))
  }
}
