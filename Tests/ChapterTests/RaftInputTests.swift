import ProtocolCore
import Raft
import ReplicatedLog
import Testing

/// What no correct peer sends to a server of Raft: it is the peer's fault, and stops nothing.
struct RaftInputTests {
  @Test func `Who sends nonsense, or leads beside a leader, is blamed`() {
    var server = Raft.Server("a", members: ["a", "b", "c"])
    _ = server.step(.started([]))
    _ = server.step(.expired(.election))
    _ = server.step(.stored([.term(1, votedFor: "a")]))
    _ = server.step(.received(.vote(term: 1, granted: true, .usual), from: "b"))
    let rival = Raft.Append(term: 1, after: .zero, [], commit: 0)
    let chunk = Chunk(
      term: 1, last: Position(4, 1), configuration: Configuration(["a", "b"]), offset: 0,
      pieces: [], isLast: true)
    let gap = Raft.Append(term: 2, after: .zero, [LogEntry(2, 1, .noop)], commit: 0)
    let messages: [Raft.Words.Message] = [
      .appendEntries(rival), .installSnapshot(chunk), .appendEntries(gap),
      .appended(term: 1, match: 9, round: 0), .requestVote(term: .max, last: .zero, .usual),
      .outdated(term: -1), .readAt(term: 1, number: 1, index: -5),
    ]
    for message in messages {
      #expect(
        server.step(.received(message, from: "b")) == [.note(.unexpected(message, from: "b"))])
    }
    #expect(server.isLeading)
  }

  @Test func `Who would have something committed deleted is blamed, and it stays`() {
    var server = Raft.Server("a", members: ["a", "b", "c"])
    let first = LogEntry(1, 1, .noop)
    _ = server.step(.started([.term(1, votedFor: nil), .entry(first)]))
    let told = Raft.Append(term: 1, after: Position(1, 1), [], commit: 1)
    _ = server.step(.received(.appendEntries(told), from: "b"))
    let other = Raft.Append(term: 2, after: .zero, [LogEntry(1, 2, .noop)], commit: 0)
    let effects = server.step(.received(.appendEntries(other), from: "c"))
    #expect(effects.last == .note(.unexpected(.appendEntries(other), from: "c")))
    #expect(server.log == [first])
  }

  /// It would have had them back when it restarts, and gone on without them till then.
  @Test func `Who would go on behind a snapshot in an earlier term is blamed, and nothing deleted`()
  {
    var server = Raft.Server("a", members: ["a", "b", "c"])
    let snapshot = Snapshot(
      last: Position(4, 2), configuration: Configuration(["a", "b", "c"]), store: KeyValueStore())
    let kept = LogEntry(5, 2, .noop)
    _ = server.step(.started([.term(2, votedFor: nil), .snapshot(snapshot), .entry(kept)]))
    #expect(server.log == [kept])
    let append = Raft.Append(
      term: 3, after: Position(3, 1), [LogEntry(4, 1, .noop), LogEntry(5, 1, .noop)], commit: 0)
    let effects = server.step(.received(.appendEntries(append), from: "b"))
    #expect(effects.last == .note(.unexpected(.appendEntries(append), from: "b")))
    #expect(server.log == [kept])
  }

  @Test(arguments: Raft.Variant.allCases)
  func `Whatever comes in, it goes on`(variant: Raft.Variant) {
    for id: NodeID in ["c", "a", "spare"] {
      let members: [NodeID] = id == "spare" ? [] : ["a", "b", "c"]
      AnyInput(
        messages: Self.messages, asks: Self.asks, logs: Self.logs,
        timers: [.election, .election, .beat, .heard, .quorum, .transfer, .lease(1), .lease(3)]
      ).bear(
        Raft.Server(id, members: members, variant: variant), keeping: Self.keeps,
        thenServes: Self.mistakes)
    }
  }

  /// Whether nothing is lost and nothing new believed. (Who leads may be heard of from a message
  /// that is blamed for its entries.)
  private static func keeps(_ before: Raft.Server, _ after: Raft.Server) -> Bool {
    before.log == after.log && before.snapshot == after.snapshot && before.store == after.store
      && before.commitIndex == after.commitIndex && before.applied == after.applied
      && before.term == after.term && before.votedFor == after.votedFor
      && before.configuration == after.configuration
  }

  /// What is wrong with a server that a leader of the next term speaks to: it must follow, take an
  /// entry behind its own, say so, and apply it when it is committed and stable.
  private static func mistakes(of server: Raft.Server) -> [String] {
    var server = server
    let (term, last) = (server.term + 1, server.last)
    let entry = LogEntry(last.index + 1, term, .command(.init("z", 1, .append("k", "z"))))
    let append = Raft.Append(term: term, after: last, [entry], commit: entry.index)
    var out = server.step(.received(.appendEntries(append), from: "b"))
    var mistakes: [String] = []
    if server.term != term || server.leader != "b" { mistakes.append("it does not follow") }
    let answer = Raft.Words.Message.appended(term: term, match: entry.index, round: 0)
    if !out.contains(where: { if case .send(answer, "b", _) = $0 { true } else { false } }) {
      mistakes.append("it does not say that it has the entry")
    }
    let written: [Raft.Words.Record] = out.compactMap {
      if case .persist(let record) = $0 { record } else { nil }
    }
    if !written.contains(.entry(entry)) { mistakes.append("it does not write the entry") }
    out += server.step(.stored(written))
    if server.last != entry.position || server.commitIndex != entry.index
      || server.applied != entry.position
    {
      mistakes.append("it does not apply the entry")
    }
    // A stale leader is refused, and told the term.
    guard term > 1 else { return mistakes }
    let before = server
    let stale = Raft.Append(term: term - 1, after: .zero, [], commit: 0)
    if server.step(.received(.appendEntries(stale), from: "b"))
      != [.send(.outdated(term: term), to: "b")] || server != before
    {
      mistakes.append("it does not refuse a leader of an earlier term")
    }
    return mistakes
  }

  /// A server that a leader of another term has made deaf would be found.
  @Test func `A server that serves no more is found`() {
    var server = Raft.Server("a", members: ["a", "b", "c"])
    _ = server.step(.started([.term(3, votedFor: nil)]))
    #expect(Self.mistakes(of: server) == [])
    server.without = [.staleTermRejected]
    #expect(Self.mistakes(of: server) == ["it does not refuse a leader of an earlier term"])
  }

  private static let contents: [LogEntry.Content] = [
    .noop, .command(.init("x", 1, .append("k", "a"))), .command(.init("y", 1, .get("k"))),
    .configuration(Configuration(["a", "b"])), .configuration(Configuration([])),
    .configuration(Configuration(["a"], next: ["b", "spare"])),
  ]

  private static let numbers = [0, 1, 2, 3, 4, 5, 9, -1, .min, .max]

  private static let positions = numbers.flatMap { index in
    [1, 2, 3, .max].map { Position(index, $0) }
  }

  private static let messages: [Raft.Words.Message] = {
    let snapshots = positions.map { last in
      Raft.Words.Message.installSnapshot(
        Chunk(
          term: 3, last: last, configuration: Configuration(["a", "c"]), offset: 0,
          pieces: [], isLast: true))
    }
    let appends = positions.flatMap { after in
      contents.indices.map { place -> Raft.Words.Message in
        let entries = (0..<place % 3).map { offset in
          LogEntry(
            after.index.addingReportingOverflow(offset + 1).partialValue, max(1, after.term),
            contents[place])
        }
        return .appendEntries(
          Raft.Append(term: 3, after: after, entries, commit: place, round: place))
      }
    }
    let others = numbers.flatMap { number -> [Raft.Words.Message] in
      [
        .requestVote(term: number, last: Position(2, 1), .usual),
        .requestVote(term: number, last: Position(2, 1), .pre),
        .requestVote(term: number, last: Position(1, 1), .transferred),
        .vote(term: number, granted: true, .usual), .vote(term: number, granted: true, .pre),
        .vote(term: number, granted: false, .usual), .outdated(term: number),
        .appended(term: number, match: 1, round: 1), .appended(term: 3, match: number, round: 0),
        .rejected(term: 3, after: number, conflict: Position(number, 1), round: 0),
        .rejected(term: number, after: 1, conflict: .zero, round: number),
        .installed(term: 3, last: Position(number, 1), pieces: number),
        .timeoutNow(term: number), .readAt(term: 3, number: number, index: number),
      ]
    }
    return snapshots + appends + others + [.readIndex(term: 3, number: 1)]
  }()

  private static let asks: [Event<Raft.Words>] =
    (RaftModel.requests + [.members([]), .members(["a"]), .rebuild, .transfer("c")]).map {
      .asked($0, RequestID(0))
    }

  private static let logs: [[Raft.Words.Record]] = {
    let store = KeyValueStore()
    let snapshot = Snapshot(
      last: Position(4, 2), configuration: Configuration(["a", "c"]), store: store)
    return [
      [], [.term(3, votedFor: "b")], [.entry(LogEntry(1, 2, .noop))],
      [.entry(LogEntry(2, 1, .noop)), .term(-4, votedFor: nil)],
      [.entry(LogEntry(1, 3, .noop)), .entry(LogEntry(2, 1, .noop))],
      [.entry(LogEntry(5, 2, .noop)), .snapshot(snapshot), .term(1, votedFor: nil)],
      [
        .snapshot(
          Snapshot(last: Position(.max, 1), configuration: Configuration([]), store: store))
      ],
    ]
  }()
}
