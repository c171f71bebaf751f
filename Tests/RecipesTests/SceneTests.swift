import EmbeddedServers
import Testing
import ZooKeeper
import ZooKeeperClient

@testable import RecipesLab

/// What processes of a demo say to whoever directs it, and what the director makes of it.
@Suite struct SceneTests {
  private static let whats: [Note.What] = [
    .asks("lock"), .holds("a b", token: Zxid(7)), .releases("lock"),
    .writes(token: Zxid(7), accepted: true), .writes(token: Zxid(8), accepted: false),
    .puts("50 %"), .gets("b 25 %, c 0 %"), .passes("m1 to b, m2 to c"), .begins("a2"), .told,
    .wrote(Zxid(9)), .reads(Zxid(9), isSynced: true, leavesWatch: false),
    .fails(.sessionExpired), .fails(.timedOut(sent: true)), .fails(.cancelled(sent: true)),
    .fails(.closed),
  ]

  @Test(arguments: whats) func aNoteIsReadAsItWasSaid(what: Note.What) {
    let line = SceneLine.note(session: SessionID(-72), knowsEnd: true, what)
    #expect(SceneLine(line.text) == line)
  }

  @Test func aWriteAndAnEventAreReadAsTheyWereSaid() {
    let write = SceneLine.write(Zxid(12))
    #expect(SceneLine(write.text) == write)
    let event = SceneLine.event(WatchEvent(.nodeDeleted, "/lock/a b"))
    #expect(SceneLine(event.text) == event)
  }

  @Test(
    arguments: [
      "", "note", "note 1 true", "note x true asks lock", "note 1 true sings lock",
      "note 1 true holds lock", "note 1 true writes 7", "note 1 true reads 7 true", "write",
      "write x", "event", "event x /a",
    ])
  func anythingElseIsNoLine(text: String) { #expect(SceneLine(text) == nil) }

  private func note(_ process: Int, _ what: Note.What, at time: Int64) -> Note {
    Note(process: process, session: SessionID(1), knowsEnd: false, time: time, what: what)
  }

  @Test func aProcessGoesOnWhenItsTimeHasComeAndItsConditionIsMet() {
    var book = SceneBook([
      .stop(0, for: 100, when: .init(0, .asks("x")), until: .init(1, .gets("y")))
    ])
    book.isVirtual = false
    #expect(book.hear(note(1, .asks("x"), at: 0)).isEmpty)
    let due = book.hear(note(0, .asks("x"), at: 5))
    #expect(due.count == 1)
    book.strike(due[0], at: 5)
    #expect(book.mayGoOn(at: 200).isEmpty)
    #expect(book.hear(note(1, .gets("y"), at: 50)).isEmpty)
    #expect(book.mayGoOn(at: 50).isEmpty && book.mayGoOn(at: 105) == [0])
    book.goOn(0, at: 105)
    #expect(book.mayGoOn(at: 200).isEmpty)
    // A cue is met once.
    #expect(book.hear(note(0, .asks("x"), at: 210)).isEmpty)
  }

  @Test func theEndOfASessionIsToldOnceAndOfThoseWhoWereStruck() {
    var book = SceneBook([.kill(0, when: .init(0, .asks("x")))])
    let due = book.hear(note(0, .asks("x"), at: 5))
    book.look(at: Survey(), now: 6)
    book.strike(due[0], at: 6)
    var survey = Survey()
    book.look(at: survey, now: 7)
    survey.ended = [SessionID(1)]
    for time in [8, 9] as [Int64] { book.look(at: survey, now: time) }
    let ends = book.moments.filter { if case .sessionEnds = $0.what { true } else { false } }
    #expect(ends.map(\.time) == [8])
  }
}
