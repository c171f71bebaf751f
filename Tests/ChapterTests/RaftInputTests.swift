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

  @Test(arguments: Raft.Variant.allCases)
  func `Whatever comes in, it goes on`(variant: Raft.Variant) {
    for id: NodeID in ["c", "a", "spare"] {
      let members: [NodeID] = id == "spare" ? [] : ["a", "b", "c"]
      AnyInput(
        messages: Self.messages, asks: Self.asks, logs: Self.logs,
        timers: [.election, .election, .beat, .heard, .quorum, .transfer, .lease(1), .lease(3)]
      ).bear(Raft.Server(id, members: members, variant: variant))
    }
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
