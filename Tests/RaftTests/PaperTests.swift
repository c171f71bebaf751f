import ProtocolCore
import Raft
import ReplicatedLog
import Testing

/// The sentences of figure 2 and of sections 5.1 to 5.4 of the paper that say what a server does,
/// each a conversation with one server.
struct FigureTwoTests {
  // MARK: AppendEntries

  @Test func `AppendEntries 1: reply false if term < currentTerm`() {
    var a = Conversation(disk: disk([1, 2]))
    #expect(a.hears(append(1, after: .zero)) == [.send(.outdated(term: 2), to: "b")])
    #expect(a.server.log.map(\.term) == [1, 2])
  }

  @Test func `AppendEntries 2: reply false if log has no entry at prevLogIndex of prevLogTerm`() {
    var short = Conversation(disk: disk([1]))
    #expect(
      short.hears(append(1, after: Position(3, 1))).messages(to: "b")
        == [.rejected(term: 1, after: 3, conflict: Position(2, 0), round: 0)])
    var other = Conversation(disk: disk([1, 2, 2, 2], term: 3))
    #expect(
      other.hears(append(3, after: Position(4, 3))).messages(to: "b")
        == [.rejected(term: 3, after: 4, conflict: Position(2, 2), round: 0)])
    #expect(other.server.log.count == 4)
  }

  @Test func `AppendEntries 3: an entry that conflicts is deleted, and all that follow it`() {
    var a = Conversation(disk: disk([1, 2, 2, 2], term: 3))
    let effects = a.hears(append(3, after: Position(1, 1), [entry(2, 3)]))
    #expect(effects.records == [.entry(entry(2, 3))])
    #expect(a.server.log.map(\.term) == [1, 3])
    #expect(effects.messages(to: "b") == [.appended(term: 3, match: 2, round: 0)])
  }

  @Test func `AppendEntries 4: append any new entries not already in the log`() {
    var a = Conversation(disk: disk([1, 1, 1]))
    let sent = [entry(2, 1), entry(3, 1), entry(4, 1)]
    let effects = a.hears(append(1, after: Position(1, 1), sent))
    #expect(effects.records == [.entry(entry(4, 1))])
    // What is late, and brings less than is there, deletes nothing.
    #expect(a.hears(append(1, after: .zero, [entry(1, 1)])).records == [])
    #expect(a.server.log.map(\.index) == [1, 2, 3, 4])
  }

  @Test func `AppendEntries 5: commitIndex = min(leaderCommit, index of last new entry)`() {
    var a = Conversation(disk: disk([1, 1, 1]))
    _ = a.hears(append(1, after: Position(1, 1), [entry(2, 1)], commit: 3))
    #expect(a.server.commitIndex == 2)
    _ = a.hears(append(1, after: Position(2, 1), commit: 1))
    #expect(a.server.commitIndex == 2)
  }

  // MARK: RequestVote

  @Test func `RequestVote 1: reply false if term < currentTerm`() {
    var a = Conversation(disk: [.term(3, votedFor: nil)])
    #expect(
      a.hears(.requestVote(term: 2, last: .zero, .usual))
        == [.send(.vote(term: 3, granted: false, .usual), to: "b")])
  }

  @Test func `RequestVote 2: grant the vote if votedFor is null or candidateId`() {
    var a = Conversation()
    let first = a.hears(.requestVote(term: 1, last: .zero, .usual))
    #expect(first.first == .persist(.term(1, votedFor: "b")))
    #expect(first.messages(to: "b") == [.vote(term: 1, granted: true, .usual)])
    let again = a.hears(.requestVote(term: 1, last: .zero, .usual))
    #expect(again.records == [])
    #expect(again.messages(to: "b") == [.vote(term: 1, granted: true, .usual)])
    #expect(
      a.hears(.requestVote(term: 1, last: .zero, .usual), from: "c").messages(to: "c")
        == [.vote(term: 1, granted: false, .usual)])
  }

  /// The candidate's last entry, and whether one whose log is of terms 1, 2 and 2 votes for it.
  @Test(arguments: [
    (Position(4, 2), true), (Position(3, 2), true), (Position(2, 2), false),
    (Position(9, 1), false), (Position(1, 3), true), (Position.zero, false),
  ])
  func `5.4.1: the later term is more up to date, of one term the longer log`(
    last: Position, isGranted: Bool
  ) {
    var a = Conversation(disk: disk([1, 2, 2]))
    let effects = a.hears(.requestVote(term: 5, last: last, .usual))
    let answer = Raft.Words.Message.vote(term: 5, granted: isGranted, .usual)
    #expect(effects.messages(to: "b") == [answer])
    #expect(a.server.term == 5)
    #expect(a.server.votedFor == (isGranted ? "b" : nil))
  }

  @Test func `State: updated on stable storage before responding to RPCs`() {
    var a = Conversation()
    #expect(
      a.hears(.requestVote(term: 1, last: .zero, .usual)).release(to: "b") == .whenStored)
    #expect(
      a.hears(append(1, after: .zero, [entry(1, 1)]), from: "c").release(to: "c") == .whenStored)
  }

  // MARK: All servers, followers, candidates

  @Test func `All servers: if commitIndex > lastApplied, apply in order`() {
    var a = Conversation(disk: disk([1, 1, 1]))
    let effects = a.hears(append(1, after: Position(3, 1), commit: 3))
    #expect(effects.applied.map(\.index) == [1, 2, 3])
    #expect(a.server.store["k"] == "aaa")
  }

  @Test(arguments: [
    Raft.Words.Message.requestVote(term: 7, last: .zero, .usual),
    .vote(term: 7, granted: false, .usual), append(7, after: .zero),
    .appended(term: 7, match: 0, round: 0), .outdated(term: 7),
    .rejected(term: 7, after: 1, conflict: Position(1, 0), round: 0),
    .installed(term: 7, last: Position(4, 1), pieces: 1),
  ])
  func `All servers: a term T > currentTerm in a request or response makes a follower of T`(
    message: Raft.Words.Message
  ) {
    var a = Conversation()
    _ = a.leads()
    #expect(a.server.isLeading)
    let effects = a.hears(message)
    #expect(!a.server.isLeading)
    #expect(a.server.term == 7)
    #expect(effects.records.first.map { "\($0)".hasPrefix("term 7") } == true)
    #expect(effects.contains(.cancel(.beat)))
  }

  @Test func `Followers: the timer is set anew by the leader's word and by a vote given`() {
    var a = Conversation(disk: disk([1]))
    #expect(a.hears(append(1, after: .zero)).timers == [.election])
    #expect(a.hears(.requestVote(term: 2, last: Position(1, 1), .usual)).timers == [.election])
    #expect(a.hears(.requestVote(term: 3, last: .zero, .usual)).timers == [])
    #expect(a.hears(append(1, after: .zero)).timers == [])
  }

  @Test func `Candidates: increment term, vote for self, reset timer, send RequestVote to all`() {
    var a = Conversation(disk: disk([1, 1], term: 4))
    let asked = Raft.Words.Message.requestVote(term: 5, last: Position(2, 1), .usual)
    #expect(
      a.hears(.expired(.election)) == [
        .send(asked, to: "b"), .send(asked, to: "c"), .persist(.term(5, votedFor: "a")),
        .set(.election, after: 70...140),
      ])
  }

  @Test func `Candidates: votes from a majority make a leader, its own when it is on disk`() {
    var a = Conversation()
    _ = a.hears(.expired(.election))
    #expect(a.hears(.vote(term: 1, granted: true, .usual)) == [])
    #expect(a.hears(.vote(term: 1, granted: true, .usual)) == [])
    #expect(!a.server.isLeading)
    let effects = a.hears(.stored([.term(1, votedFor: "a")]))
    #expect(effects.first == .note(.leads(1)))
    #expect(a.server.isLeading)
  }

  @Test func `Candidates: AppendEntries from a leader of this term makes a follower`() {
    var a = Conversation()
    _ = a.hears(.expired(.election))
    _ = a.hears(append(1, after: .zero))
    #expect(!a.server.isCandidate)
    #expect(a.server.leader == "b")
    #expect(a.server.votedFor == "a")
  }

  @Test func `Candidates: if the election timeout elapses, start a new election`() {
    var a = Conversation()
    _ = a.hears(.expired(.election))
    _ = a.hears(.expired(.election))
    #expect(a.server.term == 2)
    // A vote of the election before does not count.
    _ = a.stores()
    #expect(a.hears(.vote(term: 1, granted: true, .usual)) == [])
    #expect(!a.server.isLeading)
  }

  // MARK: Leaders

  @Test func `Leaders: upon election AppendEntries to each, and heartbeats when idle`() {
    var a = Conversation()
    let effects = a.leads()
    let first = LogEntry(1, 1, .noop)
    #expect(effects.messages(to: "b") == [append(1, after: .zero, [first])])
    #expect(effects.messages(to: "c") == [append(1, after: .zero, [first])])
    #expect(effects.timers == [.beat])
    let beat = a.hears(.expired(.beat))
    #expect(beat.messages(to: "b") == [append(1, after: .zero)])
    #expect(beat.timers == [.beat])
  }

  @Test func `Leaders: a command is appended, and answered when it is applied`() {
    var a = Conversation()
    _ = a.leads()
    _ = a.stores()
    _ = a.hears(.appended(term: 1, match: 1, round: 0))
    let asked = a.hears(.asked(.command(command(1)), RequestID(0)))
    let taken = LogEntry(2, 1, .command(command(1)))
    #expect(asked.records == [.entry(taken)])
    #expect(asked.messages(to: "b") == [append(1, after: Position(1, 1), [taken], commit: 1)])
    #expect(asked.replies == [])
    _ = a.hears(.appended(term: 1, match: 2, round: 0))
    #expect(a.server.commitIndex == 1)
    let stored = a.hears(.stored([.entry(taken)]))
    #expect(stored.replies == [.value("a")])
  }

  @Test func `Leaders: a failed AppendEntries makes nextIndex less, and is retried`() {
    var a = Conversation(disk: disk([1, 1, 2, 2, 2], term: 2))
    _ = a.leads()
    // b's entries of term 1 begin at 1 and end where a has term 2.
    let effects = a.hears(.rejected(term: 3, after: 5, conflict: Position(1, 1), round: 0))
    #expect(
      effects.messages(to: "b")
        == [append(3, after: Position(2, 1), [entry(3, 2), entry(4, 2)])])
    let short = a.hears(
      .rejected(term: 3, after: 5, conflict: Position(2, 0), round: 0), from: "c")
    #expect(
      short.messages(to: "c") == [append(3, after: Position(1, 1), [entry(2, 1), entry(3, 2)])])
    // What is late is not heeded.
    #expect(a.hears(.rejected(term: 3, after: 5, conflict: Position(1, 1), round: 0)) == [])
  }

  @Test func `Leaders: commit N if a majority of matchIndex is N and log N is of currentTerm`() {
    var a = Conversation(disk: disk([1, 1]))
    _ = a.leads()
    _ = a.stores()
    #expect(a.hears(.appended(term: 2, match: 2, round: 0)).applied == [])
    #expect(
      a.hears(.appended(term: 2, match: 3, round: 0)).applied.map(\.index) == [1, 2, 3])
  }

  @Test func `nextIndex begins at the leader's last index + 1, matchIndex at 0`() {
    var a = Conversation(disk: disk([1, 1, 1]))
    _ = a.leads()
    guard case .leader(let leading) = a.server.role else {
      Issue.record("it does not lead")
      return
    }
    #expect(leading.peers.map(\.next) == [4, 4])
    #expect(leading.peers.map(\.match) == [0, 0])
  }

  @Test func `matchIndex never goes back`() {
    var a = Conversation(disk: disk([1, 1, 1]))
    _ = a.leads()
    _ = a.hears(.appended(term: 2, match: 3, round: 0))
    _ = a.hears(.appended(term: 2, match: 1, round: 0))
    _ = a.hears(.rejected(term: 2, after: 2, conflict: Position(1, 1), round: 0))
    guard case .leader(let leading) = a.server.role else {
      Issue.record("it does not lead")
      return
    }
    #expect(leading.peers.first?.match == 3)
    #expect(leading.peers.first?.next == 5)
  }

  @Test func `5.2: a vote of its own for an earlier term, stable late, counts in none`() {
    var a = Conversation()
    let first = a.hears(.expired(.election))
    let second = a.hears(.expired(.election))
    _ = a.hears(.vote(term: 2, granted: true, .usual))
    _ = a.hears(.stored(first.records))
    #expect(!a.server.isLeading)
    _ = a.hears(.stored(second.records))
    #expect(a.server.isLeading)
  }
}
