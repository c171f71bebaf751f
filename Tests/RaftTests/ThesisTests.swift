import ProtocolCore
import Raft
import ReplicatedLog
import Testing

/// The sentences of the thesis, sections 3.10, 6.2 to 6.4, 9.6 and 10.2, that say what a server
/// does, each a conversation with one server.
struct ThesisTests {
  private func leader(
    _ variant: Raft.Variant = .thesis, log: [Int] = []
  ) -> Conversation {
    var a = Conversation("a", variant, disk: log.isEmpty ? [] : disk(log))
    _ = a.leadsAsked()
    _ = a.stores()
    _ = a.hears(.appended(term: a.server.term, match: a.server.lastIndex, round: 0))
    return a
  }

  private let get = ReplicatedLog.Command("z", 1, .get("k"))

  private func asks(_ number: Int = 5) -> Event<Raft.Words> {
    .asked(.command(get), RequestID(number))
  }

  // MARK: Leadership transfer

  @Test func `3.10: the prior leader stops accepting new client requests`() {
    var a = leader()
    _ = a.hears(.asked(.transfer("b"), RequestID(0)))
    #expect(a.hears(.asked(.command(command(1)), RequestID(1))).replies == [.refused])
  }

  @Test func `3.10: it updates the target's log, and then sends TimeoutNow`() {
    var a = leader()
    _ = a.hears(.asked(.command(command(1)), RequestID(1)))
    #expect(a.hears(.asked(.transfer("b"), RequestID(0))).messages(to: "b") == [])
    let effects = a.hears(.appended(term: 1, match: 2, round: 0))
    #expect(effects.messages(to: "b") == [.timeoutNow(term: 1)])
  }

  @Test func `3.10: the target starts an election at once, and says that it is a transfer`() {
    var b = Conversation("b", .thesis)
    _ = b.hears(append(1, after: .zero, [entry(1, 1)]), from: "a")
    let effects = b.hears(.timeoutNow(term: 1), from: "a")
    #expect(
      effects.messages(to: "c")
        == [.requestVote(term: 2, last: Position(1, 1), .transferred)])
  }

  @Test func `3.10: those who hear the leader vote in a transfer`() {
    var c = Conversation("c", .thesis)
    _ = c.hears(append(1, after: .zero, [entry(1, 1)]), from: "a")
    let ask = Raft.Words.Message.requestVote(term: 2, last: Position(1, 1), .transferred)
    #expect(c.hears(ask).messages(to: "b") == [.vote(term: 2, granted: true, .usual)])
  }

  @Test func `3.10: if it takes longer than an election timeout, the prior leader resumes`() {
    var a = leader()
    _ = a.hears(.asked(.transfer("b"), RequestID(0)))
    #expect(a.hears(.expired(.transfer)).replies == [])  // it may happen yet
    #expect(!a.hears(.asked(.command(command(1)), RequestID(1))).records.isEmpty)
    let effects = a.hears(append(2, after: Position(1, 1)), from: "b")
    #expect(effects.replies == [.done])
  }

  @Test func `3.10: a transfer of which the target was not told is refused`() {
    var a = leader()
    _ = a.hears(.asked(.command(command(1)), RequestID(1)))
    _ = a.hears(.asked(.transfer("b"), RequestID(0)))
    var other = a
    #expect(a.hears(.expired(.transfer)).replies == [.refused])
    #expect(other.hears(.outdated(term: 2)).replies == [.refused])
  }

  @Test func `3.10: a TimeoutNow of an earlier term begins no election`() {
    var b = Conversation("b", .thesis, disk: [.term(2, votedFor: nil)])
    #expect(b.hears(.timeoutNow(term: 1), from: "a") == [.send(.outdated(term: 2), to: "a")])
    #expect(b.server.term == 2)
  }

  // MARK: CheckQuorum

  @Test func `6.2: a leader steps down if an election timeout elapses without a majority`() {
    var a = leader()
    _ = a.hears(.expired(.quorum))
    #expect(a.server.isLeading)
    _ = a.hears(.appended(term: 1, match: 1, round: 0), from: "c")
    _ = a.hears(.expired(.quorum))
    #expect(a.server.isLeading)
    _ = a.hears(.expired(.quorum))
    #expect(!a.server.isLeading)
    #expect(a.server.term == 1)
  }

  // MARK: Sessions

  @Test func `6.3: a command that was executed already is answered, not executed again`() {
    var a = leader()
    _ = a.hears(.asked(.command(command(1)), RequestID(0)))
    _ = a.stores()
    _ = a.hears(.appended(term: 1, match: 2, round: 0))
    let again = a.hears(.asked(.command(command(1)), RequestID(1)))
    #expect(again == [.reply(.value("a"), to: RequestID(1))])
  }

  @Test func `6.3: a command that comes twice in the log is executed once`() {
    var a = leader()
    _ = a.hears(.asked(.command(command(1)), RequestID(0)))
    var written = a.said.records
    _ = a.hears(.asked(.command(command(1)), RequestID(1)))
    written += a.said.records
    _ = a.hears(.stored(written))
    let effects = a.hears(.appended(term: 1, match: 3, round: 0))
    #expect(effects.applied.count == 2)
    #expect(a.server.store["k"] == "a")
  }

  // MARK: Reads

  @Test func `6.4, 1: the leader waits until it has committed an entry of its term`() {
    var a = Conversation("a", .thesis, disk: disk([1, 1]))
    _ = a.leadsAsked()
    let noop = a.said.records
    #expect(a.hears(asks()).messages(to: "b").count == 1)
    #expect(a.hears(.rejected(term: 2, after: 2, conflict: Position(1, 0), round: 1)).replies == [])
    _ = a.hears(.stored(noop))
    #expect(
      a.hears(.appended(term: 2, match: 3, round: 1)).replies == [.value("aa")])
  }

  @Test func `6.4, 3: it makes sure by a round of heartbeats that it was not superseded`() {
    var a = leader()
    let asked = a.hears(asks())
    #expect(asked.messages(to: "b") == [append(1, after: Position(1, 1), commit: 1, round: 1)])
    #expect(asked.replies == [])
    // An answer to what was sent before does not count.
    #expect(a.hears(.appended(term: 1, match: 1, round: 0)).replies == [])
    #expect(a.hears(.appended(term: 1, match: 1, round: 1)).replies == [.value(nil)])
  }

  @Test func `6.4: a leader that is deposed refuses its reads`() {
    var a = leader()
    _ = a.hears(asks())
    #expect(a.hears(.outdated(term: 4)).replies == [.refused])
  }

  @Test func `6.4: a follower asks the leader for the read index, and waits until it is applied`() {
    var b = Conversation("b", .thesis, disk: disk([1, 1]))
    _ = b.hears(append(2, after: Position(2, 1), commit: 1), from: "a")
    #expect(b.hears(asks()).messages(to: "a") == [.readIndex(term: 2, number: 1)])
    #expect(b.hears(.readAt(term: 2, number: 1, index: 2), from: "a").replies == [])
    let effects = b.hears(append(2, after: Position(2, 1), commit: 2), from: "a")
    #expect(effects.replies == [.value("aa")])
  }

  @Test func `6.4: the leader gives the read index after a round of heartbeats`() {
    var a = leader()
    _ = a.hears(.readIndex(term: 1, number: 3))
    #expect(
      a.hears(.appended(term: 1, match: 1, round: 1), from: "c").messages(to: "b")
        == [.readAt(term: 1, number: 3, index: 1)])
  }

  @Test func `6.4: what the leader answers to an earlier asking answers no later one`() {
    var b = Conversation("b", .thesis)
    _ = b.hears(append(1, after: .zero, [entry(1, 1)], commit: 1), from: "a")
    _ = b.hears(asks(0))
    #expect(b.hears(.expired(.election)).replies == [])  // it hears the leader
    _ = b.hears(.expired(.heard))
    #expect(b.hears(.expired(.election)).replies == [.refused])
    _ = b.hears(append(1, after: Position(1, 1), commit: 1), from: "a")
    #expect(b.hears(asks(0)).messages(to: "a") == [.readIndex(term: 1, number: 2)])
    #expect(b.hears(.readAt(term: 1, number: 1, index: 1), from: "a").replies == [])
    #expect(b.hears(.readAt(term: 1, number: 2, index: 1), from: "a").replies == [.value("a")])
  }

  @Test func `6.4: a server that has restarted asks for nothing in the same term`() {
    var b = Conversation("b", .thesis, disk: disk([1]))
    _ = b.hears(append(1, after: Position(1, 1), commit: 1), from: "a")
    #expect(b.hears(asks()).replies == [.refused])
    _ = b.hears(append(2, after: Position(1, 1), commit: 1), from: "a")
    #expect(b.hears(asks()).messages(to: "a") == [.readIndex(term: 2, number: 1)])
  }

  @Test func `6.4.1: a lease lasts from the start of the round, and reads need no other`() {
    var a = leader(.lease)
    let beat = a.hears(.expired(.beat))
    #expect(beat.contains(.set(.lease(1), after: 50...50)))
    #expect(!a.server.isLeased)
    _ = a.hears(.appended(term: 1, match: 1, round: 1))
    #expect(a.hears(asks()) == [.reply(.value(nil), to: RequestID(5))])
    _ = a.hears(.expired(.lease(1)))
    #expect(a.hears(asks(6)).replies == [])
  }

  @Test func `6.4.1: an answer that comes when the lease is over gives none`() {
    var a = leader(.lease)
    _ = a.hears(.expired(.beat))
    _ = a.hears(.expired(.lease(1)))
    _ = a.hears(.appended(term: 1, match: 1, round: 1))
    #expect(!a.server.isLeased)
  }

  // MARK: PreVote

  @Test func `9.6: a candidate increments its term only if a majority would vote`() {
    var a = Conversation("a", .thesis, disk: disk([1]))
    let asked = a.hears(.expired(.election))
    #expect(asked.records == [])
    #expect(asked.messages(to: "b") == [.requestVote(term: 2, last: Position(1, 1), .pre)])
    #expect(a.server.term == 1)
    let effects = a.hears(.vote(term: 2, granted: true, .pre))
    #expect(a.server.term == 2)
    #expect(
      effects.messages(to: "c") == [.requestVote(term: 2, last: Position(1, 1), .usual)])
  }

  @Test func `9.6: a pre-vote moves no term and binds nobody`() {
    var a = Conversation("a", .thesis, disk: disk([1]))
    for sender: NodeID in ["b", "c"] {
      let effects = a.hears(.requestVote(term: 5, last: Position(1, 1), .pre), from: sender)
      #expect(effects == [.send(.vote(term: 5, granted: true, .pre), to: sender)])
    }
    #expect(a.server.term == 1)
  }

  @Test func `9.6: no pre-vote for a log that is not up to date, or by one that hears a leader`() {
    var a = Conversation("a", .thesis, disk: disk([1]))
    #expect(
      a.hears(.requestVote(term: 2, last: .zero, .pre)).messages(to: "b")
        == [.vote(term: 1, granted: false, .pre)])
    _ = a.hears(append(1, after: Position(1, 1)))
    #expect(a.hears(.requestVote(term: 2, last: Position(1, 1), .pre), from: "c") == [])
  }

  // MARK: Performance

  @Test func `10.2.1: the leader writes to its disk in parallel with the followers`() {
    var a = leader()
    let effects = a.hears(.asked(.command(command(1)), RequestID(0)))
    #expect(effects.release(to: "b") == .atOnce)
  }

  @Test func `10.2.1: it may commit before its own disk has written, if a majority has`() {
    var a = leader()
    _ = a.hears(.appended(term: 1, match: 1, round: 0), from: "c")
    _ = a.hears(.asked(.command(command(1)), RequestID(0)))
    #expect(a.hears(.appended(term: 1, match: 2, round: 0)).applied == [])
    #expect(
      a.hears(.appended(term: 1, match: 2, round: 0), from: "c").applied == [Position(2, 1)])
  }

  @Test func `10.2.2: entries are sent on without waiting for acknowledgements, in batches`() {
    var a = leader()
    let first = a.hears(.asked(.command(command(1)), RequestID(0)))
    let second = a.hears(.asked(.command(command(2)), RequestID(1)))
    #expect(first.messages(to: "b").count == 1)
    #expect(
      second.messages(to: "b")
        == [append(1, after: Position(2, 1), [LogEntry(3, 1, .command(command(2)))], commit: 1)])
    // Of c nothing is known: it is sent two at a time when it has answered.
    #expect(second.messages(to: "c") == [])
    let told = a.hears(.appended(term: 1, match: 1, round: 0), from: "c").messages(to: "c")
    #expect(told.count == 1)
    guard case .appendEntries(let sent)? = told.first else { return }
    #expect(sent.entries.map(\.index) == [2, 3])
  }

  @Test func `10.2.2: no more are under way than the window holds`() {
    var a = leader()
    let counts = (1...6).map { serial in
      a.hears(.asked(.command(command(serial)), RequestID(serial))).messages(to: "b").count
    }
    #expect(counts == [1, 1, 1, 1, 0, 0])
    let effects = a.hears(.appended(term: 1, match: 2, round: 0))
    #expect(effects.messages(to: "b").count == 1)
  }

  @Test func `6.4.1: the lease is over when another was told to take over, for the whole term`() {
    var a = leader(.lease)
    _ = a.hears(.expired(.beat))
    _ = a.hears(.appended(term: 1, match: 1, round: 1))
    #expect(a.server.isLeased)
    _ = a.hears(.asked(.transfer("b"), RequestID(0)))
    #expect(!a.server.isLeased)
    _ = a.hears(.expired(.transfer))
    _ = a.hears(.expired(.beat))
    _ = a.hears(.appended(term: 1, match: 1, round: 2))
    #expect(!a.server.isLeased)
  }

  @Test func `6.4.1: a lease ends before belief does, however clocks go within their bounds`() {
    let rates = RaftModel.clockRates(of: .lease) ?? 100...100
    let lease = Raft.Words.Timer.lease(1).patience.upperBound.count
    for timer in [Raft.Words.Timer.heard, .election] {
      #expect(lease * rates.upperBound < timer.patience.lowerBound.count * rates.lowerBound)
    }
  }

  @Test func `4.2.3: who was elected and gives up votes again`() {
    var b = Conversation("b", .thesis)
    _ = b.hears(append(1, after: .zero, [entry(1, 1)]), from: "a")
    _ = b.hears(.timeoutNow(term: 1), from: "a")
    _ = b.stores()
    _ = b.hears(.vote(term: 2, granted: true, .usual), from: "c")
    #expect(b.server.isLeading)
    _ = b.hears(.outdated(term: 3), from: "c")
    let ask = Raft.Words.Message.requestVote(term: 4, last: Position(9, 3), .usual)
    #expect(b.hears(ask, from: "c").messages(to: "c") == [.vote(term: 4, granted: true, .usual)])
  }
}
