import ProtocolCore
import Raft
import ReplicatedLog
import Testing

/// The sentences of figure 13 and of section 7 of the paper, each a conversation with one server.
struct FigureThirteenTests {
  private static let members = Configuration(["a", "b", "c"])
  private static let store: KeyValueStore = {
    var store = KeyValueStore()
    for serial in 1...3 { _ = store.apply(command(serial)) }
    return store
  }()

  private func chunk(
    _ term: Int, last: Position = Position(4, 1), _ range: Range<Int>? = nil
  ) -> Chunk {
    let pieces = Self.store.pieces
    let range = range ?? pieces.indices
    return Chunk(
      term: term, last: last, configuration: Self.members, offset: range.lowerBound,
      pieces: Array(pieces[range]), isLast: range.upperBound == pieces.count)
  }

  @Test func `1: reply immediately if term < currentTerm`() {
    var a = Conversation(disk: [.term(5, votedFor: nil)])
    #expect(a.hears(.installSnapshot(chunk(4))) == [.send(.outdated(term: 5), to: "b")])
    #expect(a.server.snapshot.last == .zero)
  }

  @Test func `2 to 4: chunks are put behind each other, and more are waited for`() {
    var a = Conversation(disk: [.term(1, votedFor: nil)])
    let first = a.hears(.installSnapshot(chunk(1, 0..<1)))
    #expect(first.messages(to: "b") == [.installed(term: 1, last: Position(4, 1), pieces: 1)])
    // Doubled, it is not taken twice.
    let again = a.hears(.installSnapshot(chunk(1, 0..<1)))
    #expect(again.messages(to: "b") == [.installed(term: 1, last: Position(4, 1), pieces: 1)])
    #expect(a.server.snapshot.last == .zero)
    let second = a.hears(.installSnapshot(chunk(1, 1..<2)))
    #expect(second.messages(to: "b") == [.appended(term: 1, match: 4, round: 0)])
    #expect(a.server.store == Self.store)
  }

  @Test func `5: the snapshot is saved, and the reply waits for that`() {
    var a = Conversation(disk: [.term(1, votedFor: nil)])
    let effects = a.hears(.installSnapshot(chunk(1)))
    let saved = Snapshot(last: Position(4, 1), configuration: Self.members, store: Self.store)
    #expect(effects.records == [.snapshot(saved)])
    #expect(effects.release(to: "b") == .whenStored)
  }

  @Test func `6: if an entry has its index and term, what follows is retained`() {
    var a = Conversation(disk: disk([1, 1, 1, 1, 1, 1]))
    _ = a.hears(.installSnapshot(chunk(1)))
    #expect(a.server.log.map(\.index) == [5, 6])
    #expect(a.server.commitIndex == 4)
  }

  @Test func `7: otherwise the entire log is discarded`() {
    var a = Conversation(disk: disk([1, 1, 1, 2, 2, 2]))
    _ = a.hears(.installSnapshot(chunk(3, last: Position(4, 3))))
    #expect(a.server.log == [])
    #expect(a.server.last == Position(4, 3))
  }

  @Test func `8: the state machine is reset, and the configuration loaded`() {
    var d = Conversation("d", of: [], disk: [])
    _ = d.hears(.installSnapshot(chunk(1)))
    #expect(d.said.contains(.note(.restored(Position(4, 1)))))
    #expect(d.server.store == Self.store)
    #expect(d.server.configuration == Self.members)
  }

  @Test func `7: each server takes snapshots of what it has committed, and discards the log`() {
    var a = Conversation(disk: disk([1, 1, 1, 1, 1]))
    let effects = a.hears(append(1, after: Position(5, 1), commit: 5))
    #expect(a.server.snapshot.last == Position(4, 1))
    #expect(a.server.log.map(\.index) == [5])
    #expect(effects.records.count == 1)
  }

  @Test func `7: the snapshot has the latest configuration as of its last entry`() {
    let joint = Configuration(["a", "b", "c"], next: ["a", "b", "d"])
    var log = disk([1])
    log.append(.entry(LogEntry(2, 1, .configuration(joint))))
    log += [.entry(entry(3, 1)), .entry(entry(4, 1))]
    log.append(.entry(LogEntry(5, 1, .configuration(Configuration(["a", "b", "d"])))))
    var a = Conversation(disk: log)
    _ = a.hears(append(1, after: Position(5, 1), commit: 4))
    #expect(a.server.snapshot.configuration == joint)
    #expect(a.server.configuration == Configuration(["a", "b", "d"]))
  }

  @Test func `7: a server restarts from its snapshot, members and sessions with it`() {
    let members = Configuration(["a", "d"])
    let saved = Snapshot(last: Position(4, 2), configuration: members, store: Self.store)
    let a = Conversation(
      disk: [.term(2, votedFor: nil), .entry(entry(5, 2)), .snapshot(saved)])
    #expect(a.said.contains(.note(.restored(Position(4, 2)))))
    #expect(a.server.configuration == members)
    #expect(a.server.store.answer(to: command(3)) == .value("aaa"))
    #expect(a.server.log.map(\.index) == [5])
    #expect(a.server.commitIndex == 4)
  }

  @Test func `7: a leader sends it to a follower that needs what it has discarded`() {
    let saved = Snapshot(
      last: Position(4, 1), configuration: Self.members, store: Self.store)
    var a = Conversation(disk: [.term(1, votedFor: nil), .snapshot(saved)])
    _ = a.leads()
    let effects = a.hears(.rejected(term: 2, after: 4, conflict: Position(1, 0), round: 0))
    #expect(effects.messages(to: "b") == [.installSnapshot(chunk(2))])
  }

  @Test func `7: a snapshot that is older than what is committed is ignored`() {
    var a = Conversation(disk: disk([1, 1, 1, 1, 1]))
    _ = a.hears(append(1, after: Position(5, 1), commit: 5))
    let effects = a.hears(.installSnapshot(chunk(1)))
    #expect(effects.records == [])
    #expect(a.server.applied == Position(5, 1))
    #expect(effects.messages(to: "b") == [.appended(term: 1, match: 4, round: 0)])
  }

  @Test func `2 to 4: what came of an older snapshot is no part of a newer one`() {
    var a = Conversation(disk: [.term(1, votedFor: nil)])
    _ = a.hears(.installSnapshot(chunk(1, 0..<1)))
    let effects = a.hears(.installSnapshot(chunk(1, last: Position(8, 1), 1..<2)))
    #expect(effects.messages(to: "b") == [.installed(term: 1, last: Position(8, 1), pieces: 0)])
    #expect(a.server.snapshot.last == .zero)
  }

  @Test func `3: a follower that has forgotten what came is sent it again`() {
    let saved = Snapshot(last: Position(4, 1), configuration: Self.members, store: Self.store)
    var a = Conversation(disk: [.term(1, votedFor: nil), .snapshot(saved)])
    _ = a.leads()
    _ = a.hears(.rejected(term: 2, after: 4, conflict: Position(1, 0), round: 0))
    let next = a.hears(.installed(term: 2, last: Position(4, 1), pieces: 1))
    #expect(next.messages(to: "b") == [.installSnapshot(chunk(2, 1..<2))])
    let again = a.hears(.installed(term: 2, last: Position(4, 1), pieces: 0))
    #expect(again.messages(to: "b") == [.installSnapshot(chunk(2))])
  }

  @Test func `7: it is sent with the members as of its last entry, not with later ones`() {
    let saved = Snapshot(last: Position(4, 1), configuration: Self.members, store: Self.store)
    var a = Conversation(disk: [.term(1, votedFor: nil), .snapshot(saved)])
    _ = a.leads()
    _ = a.stores()
    _ = a.hears(.appended(term: 2, match: 5, round: 0))
    _ = a.hears(.asked(.members(["a", "b"]), RequestID(0)))
    #expect(a.server.configuration.next == ["a", "b"])
    let effects = a.hears(
      .rejected(term: 2, after: 4, conflict: Position(1, 0), round: 0), from: "c")
    #expect(effects.messages(to: "c") == [.installSnapshot(chunk(2))])
  }

  @Test func `6: members that stand in what is retained are not forgotten`() {
    var log = disk([1, 1, 1, 1])
    let members = Configuration(["a", "b", "d"])
    log.append(.entry(LogEntry(5, 1, .configuration(members))))
    var a = Conversation(disk: log)
    _ = a.hears(.installSnapshot(chunk(1)))
    #expect(a.server.log.map(\.index) == [5])
    #expect(a.server.configuration == members)
  }

  @Test func `6 and 7: on disk, too, what follows stays, and what conflicts goes`() {
    let saved = Snapshot(last: Position(4, 1), configuration: Self.members, store: Self.store)
    var kept = disk([1, 1, 1, 1, 2])
    Raft.Words.settle(.snapshot(saved), on: &kept)
    #expect(kept == [.term(2, votedFor: nil), .entry(entry(5, 2)), .snapshot(saved)])
    var discarded = disk([1, 1, 2, 2, 2])
    Raft.Words.settle(.snapshot(saved), on: &discarded)
    #expect(discarded == [.term(2, votedFor: nil), .snapshot(saved)])
  }

  @Test func `7: a newcomer takes no snapshot before an entry names members`() {
    var d = Conversation("d", of: [])
    let entries = (1...5).map { entry($0, 1) }
    _ = d.hears(append(1, after: .zero, entries, commit: 5))
    #expect(d.server.applied == Position(5, 1))
    #expect(d.server.snapshot.last == .zero)
    let named = LogEntry(6, 1, .configuration(Configuration(["a", "d"])))
    let more = [named, entry(7, 1), entry(8, 1)]
    let effects = d.hears(append(1, after: Position(5, 1), more, commit: 8))
    #expect(d.server.snapshot.last == Position(8, 1))
    #expect(d.server.snapshot.configuration == Configuration(["a", "d"]))
    // It has just become a member, and may stand.
    #expect(effects.timers.contains(.election))
  }
}
