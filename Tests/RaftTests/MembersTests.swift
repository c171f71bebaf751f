import ProtocolCore
import Raft
import ReplicatedLog
import Testing

/// The sentences of section 6 of the paper and of chapter 4 of the thesis, each a conversation with
/// one server, and the tables of joint majorities.
struct MembersTests {
  private func leader(_ variant: Raft.Variant, _ id: NodeID = "a") -> Conversation {
    var a = Conversation(id, variant)
    _ = variant == .paper ? a.leads() : a.leadsAsked()
    _ = a.stores()
    _ = a.hears(.appended(term: 1, match: 1, round: 0))
    return a
  }

  private func members(_ names: NodeID...) -> Event<Raft.Words> {
    .asked(.members(names), RequestID(0))
  }

  /// Who of the servers 1 to 5 votes, and whether that is a majority of 1, 2, 3, of 3, 4, 5, and of
  /// both together.
  @Test(arguments: [
    ("1 2", true, false, false), ("3 4", false, true, false), ("2 3 4", true, true, true),
    ("1 2 4 5", true, true, true), ("1 2 3", true, false, false), ("3", false, false, false),
    ("1 3 5", true, true, true), ("1 4", false, false, false), ("4 5", false, true, false),
    ("1 2 3 4 5", true, true, true), ("", false, false, false),
  ])
  func `6: agreement requires separate majorities of the old and of the new`(
    voters: String, isOfOld: Bool, isOfNew: Bool, isOfBoth: Bool
  ) {
    let some = voters.split(separator: " ").map { NodeID(String($0)) }
    let (old, new): ([NodeID], [NodeID]) = (["1", "2", "3"], ["3", "4", "5"])
    #expect(Configuration(old).isMajority { some.contains($0) } == isOfOld)
    #expect(Configuration(new).isMajority { some.contains($0) } == isOfNew)
    #expect(Configuration(old, next: new).isMajority { some.contains($0) } == isOfBoth)
  }

  @Test func `6: the leader first switches to a joint consensus`() {
    var a = leader(.paper)
    let effects = a.hears(members("a", "b"))
    let joint = Configuration(["a", "b", "c"], next: ["a", "b"])
    #expect(effects.records == [.entry(LogEntry(2, 1, .configuration(joint)))])
    #expect(a.server.configuration == joint)
  }

  @Test func `6: once it has been committed the leader creates an entry with the new`() {
    var a = leader(.paper)
    _ = a.hears(members("a", "b"))
    let written = a.stores()
    #expect(written.records == [])
    let effects = a.hears(.appended(term: 1, match: 2, round: 0))
    #expect(effects.records == [.entry(LogEntry(3, 1, .configuration(Configuration(["a", "b"]))))])
    #expect(a.stores().replies == [])
    #expect(a.hears(.appended(term: 1, match: 3, round: 0)).replies == [.done])
  }

  @Test func `6: a server uses the latest configuration in its log, committed or not`() {
    var c = Conversation("c")
    let members = Configuration(["b", "c"])
    _ = c.hears(append(1, after: .zero, [LogEntry(1, 1, .configuration(members))]))
    #expect(c.server.configuration == members)
    #expect(c.server.commitIndex == 0)
    // And goes back to the one before, when that entry is deleted.
    _ = c.hears(append(2, after: .zero, [LogEntry(1, 2, .noop)]))
    #expect(c.server.configuration == Configuration(["a", "b", "c"]))
  }

  @Test func `6: the leader steps down once it has committed the new, of which it is none`() {
    var a = leader(.paper)
    _ = a.hears(members("b", "c"))
    _ = a.stores()
    _ = a.hears(.appended(term: 1, match: 2, round: 0))
    _ = a.hears(.appended(term: 1, match: 2, round: 0), from: "c")
    _ = a.stores()
    // It does not count itself in majorities.
    #expect(a.hears(.appended(term: 1, match: 3, round: 0)).applied == [])
    #expect(a.server.isLeading)
    let effects = a.hears(.appended(term: 1, match: 3, round: 0), from: "c")
    #expect(effects.replies == [.done])
    #expect(!a.server.isLeading)
    #expect(effects.timers == [])
  }

  @Test func `6: a RequestVote within the minimum election timeout of a leader is not heeded`() {
    var a = Conversation("a", .thesis, disk: disk([1]))
    _ = a.hears(append(1, after: Position(1, 1)))
    let ask = Raft.Words.Message.requestVote(term: 9, last: Position(9, 8), .usual)
    #expect(a.hears(ask, from: "c") == [])
    #expect(a.server.term == 1)
    _ = a.hears(.expired(.heard))
    #expect(a.hears(ask, from: "c").messages(to: "c") == [.vote(term: 9, granted: true, .usual)])
  }

  @Test func `4.1: only one server is added or removed at a time`() {
    var a = leader(.thesis)
    #expect(a.hears(members("a", "d", "e")).replies == [.refused])
    #expect(a.hears(members("a")).replies == [.refused])
    #expect(
      a.hears(members("a", "b")).records
        == [.entry(LogEntry(2, 1, .configuration(Configuration(["a", "b"]))))])
  }

  @Test(arguments: [Raft.Variant.paper, .thesis])
  func `4.1: the next change begins when the one before is committed`(variant: Raft.Variant) {
    var a = leader(variant)
    _ = a.hears(members("a", "b"))
    #expect(a.hears(members("a", "b", "c")).replies == [.refused])
  }

  @Test(arguments: [Raft.Variant.paper, .thesis])
  func `July 2015: no change before the leader has committed an entry of its term`(
    variant: Raft.Variant
  ) {
    var a = Conversation("a", variant, disk: disk([1]))
    _ = variant == .paper ? a.leads() : a.leadsAsked()
    _ = a.stores()
    #expect(a.hears(members("a", "b")).replies == [.refused])
    _ = a.hears(.appended(term: 2, match: 2, round: 0))
    #expect(a.hears(members("a", "b")).replies == [])
  }

  @Test func `4.2.1: a new server catches up in rounds before it is added`() {
    var a = leader(.thesis)
    let asked = a.hears(members("a", "b", "c", "d"))
    #expect(asked.records == [])
    #expect(asked.messages(to: "d") == [append(1, after: Position(1, 1), commit: 1)])
    _ = a.hears(.asked(.command(command(1)), RequestID(1)))
    // A round ends, and there is more by then: another.
    #expect(a.hears(.appended(term: 1, match: 1, round: 0), from: "d").records == [])
    let effects = a.hears(.appended(term: 1, match: 2, round: 0), from: "d")
    let members = Configuration(["a", "b", "c", "d"])
    #expect(effects.records == [.entry(LogEntry(3, 1, .configuration(members)))])
  }

  @Test func `4.2.1: a new server that is not there is not waited for without end`() {
    var a = leader(.thesis)
    _ = a.hears(members("a", "b", "c", "d"))
    var replies: [ReplicatedLog.Reply] = []
    for _ in 0..<20 { replies += a.hears(.expired(.beat)).replies }
    #expect(replies == [.refused])
    #expect(a.hears(.expired(.beat)).messages(to: "d") == [])
  }

  @Test func `4.2.2: a server that is to go still stands, until that is committed`() {
    var c = Conversation("c", disk: disk([1]))
    let without = LogEntry(2, 1, .configuration(Configuration(["a", "b"])))
    _ = c.hears(append(1, after: Position(1, 1), [without]), from: "a")
    #expect(!c.hears(.expired(.election)).records.isEmpty)
    var told = Conversation("c", disk: disk([1]))
    _ = told.hears(append(1, after: Position(1, 1), [without], commit: 2), from: "a")
    #expect(told.hears(.expired(.election)) == [])
  }

  @Test func `4.1: a server votes for a candidate and follows a leader that it has no member`() {
    var a = Conversation()
    let vote = a.hears(.requestVote(term: 1, last: .zero, .usual), from: "z")
    #expect(vote.messages(to: "z") == [.vote(term: 1, granted: true, .usual)])
    let followed = a.hears(append(2, after: .zero), from: "y")
    #expect(followed.messages(to: "y") == [.appended(term: 2, match: 0, round: 0)])
  }

  @Test func `6: reads, too, want separate majorities of the old and of the new`() {
    var a = leader(.paper)
    _ = a.hears(members("a"))
    let get = ReplicatedLog.Command("z", 1, .get("k"))
    #expect(a.hears(.asked(.command(get), RequestID(1))).replies == [])
    #expect(a.hears(.appended(term: 1, match: 1, round: 1)).replies == [.value(nil)])
  }

  @Test func `6: a candidate asks the old members and the new`() {
    let joint = Configuration(["a", "b", "c"], next: ["a", "d", "e"])
    var a = Conversation(disk: disk([1]) + [.entry(LogEntry(2, 1, .configuration(joint)))])
    let effects = a.hears(.expired(.election))
    for other: NodeID in ["b", "c", "d", "e"] { #expect(effects.messages(to: other).count == 1) }
  }

  @Test func `6: who is elected when the joint consensus is committed leaves it`() {
    let joint = Configuration(["a", "b", "c"], next: ["a", "b"])
    var a = Conversation(disk: disk([1]) + [.entry(LogEntry(2, 1, .configuration(joint)))])
    _ = a.hears(append(1, after: Position(2, 1), commit: 2))
    let effects = a.leads()
    let alone = LogEntry(4, 2, .configuration(Configuration(["a", "b"])))
    #expect(effects.records == [.entry(LogEntry(3, 2, .noop)), .entry(alone)])
  }

  @Test func `4.2.1: while a new server catches up no other change begins`() {
    var a = leader(.thesis)
    _ = a.hears(members("a", "b", "c", "d"))
    #expect(a.hears(members("a", "b")).replies == [.refused])
  }
}
