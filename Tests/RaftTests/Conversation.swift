import ProtocolCore
import Raft
import ReplicatedLog

typealias Out = Effect<Raft.Words>
typealias Server = Raft.Server

/// A conversation with one server: it hears events, and says what is to be done about them.
struct Conversation {
  var server: Server
  /// What it said last.
  private(set) var said: [Out] = []

  /// With one of these servers, which has started with this disk.
  init(
    _ id: NodeID = "a", of members: [NodeID] = ["a", "b", "c"], _ variant: Raft.Variant = .paper,
    disk: [Raft.Words.Record] = []
  ) {
    server = Server(id, members: members, variant: variant)
    said = server.step(.started(disk))
  }

  /// Something happens to it.
  mutating func hears(_ event: Event<Raft.Words>) -> [Out] {
    said = server.step(event)
    return said
  }

  /// Another sends it something.
  mutating func hears(_ message: Raft.Words.Message, from sender: NodeID = "b") -> [Out] {
    hears(.received(message, from: sender))
  }

  /// Its disk stores all that it wrote last.
  mutating func stores() -> [Out] { hears(.stored(said.records)) }

  /// It comes to lead the next term, with the vote of b; its first entry is not stored yet.
  mutating func leads(by voter: NodeID = "b") -> [Out] {
    _ = hears(.expired(.election))
    _ = stores()
    return hears(.vote(term: server.term, granted: true, .usual), from: voter)
  }

  /// In the forms with PreVote.
  mutating func leadsAsked(by voter: NodeID = "b") -> [Out] {
    _ = hears(.expired(.election))
    _ = hears(.vote(term: server.term + 1, granted: true, .pre), from: voter)
    _ = stores()
    return hears(.vote(term: server.term, granted: true, .usual), from: voter)
  }
}

extension [Effect<Raft.Words>] {
  /// What is written.
  var records: [Raft.Words.Record] {
    compactMap { if case .persist(let record) = $0 { record } else { nil } }
  }

  /// What is sent to a server.
  func messages(to receiver: NodeID) -> [Raft.Words.Message] {
    compactMap { if case .send(let message, receiver, _) = $0 { message } else { nil } }
  }

  /// What clients are answered.
  var replies: [ReplicatedLog.Reply] {
    compactMap { if case .reply(let reply, _, _) = $0 { reply } else { nil } }
  }

  /// When a message to a server leaves.
  func release(to receiver: NodeID) -> Release? {
    for case .send(_, receiver, let release) in self { return release }
    return nil
  }

  /// Which timers are set.
  var timers: [Raft.Words.Timer] {
    compactMap { if case .set(let timer, _) = $0 { timer } else { nil } }
  }

  /// What is applied.
  var applied: [Position] {
    compactMap { if case .note(.applied(let entry)) = $0 { entry.position } else { nil } }
  }
}

/// x's command of this number, which adds a letter to k.
func command(_ serial: Int, _ client: String = "x") -> ReplicatedLog.Command {
  ReplicatedLog.Command(client, serial, .append("k", "a"))
}

/// An entry of a command.
func entry(_ index: Int, _ term: Int) -> LogEntry {
  LogEntry(index, term, .command(command(index)))
}

/// A disk with a log of these terms, the last of which is the current.
func disk(_ terms: [Int], term: Int? = nil) -> [Raft.Words.Record] {
  [.term(term ?? terms.last ?? 0, votedFor: nil)]
    + terms.enumerated().map { .entry(entry($0 + 1, $1)) }
}

/// AppendEntries.
func append(
  _ term: Int, after: Position, _ entries: [LogEntry] = [], commit: Int = 0, round: Int = 0
) -> Raft.Words.Message {
  .appendEntries(Raft.Append(term: term, after: after, entries, commit: commit, round: round))
}
