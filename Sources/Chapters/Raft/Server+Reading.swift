import ProtocolCore
import ReplicatedLog

// Reads that write nothing into the log. (paper, 8; thesis, 6.4)

extension Raft.Server {
  /// A read that a leader has not confirmed.
  struct Read: Hashable, Sendable {
    let asker: Asker
    /// Up to which index must be applied.
    let index: Int
    /// The round of heartbeats that a majority must answer.
    let round: Int
  }

  /// Who wants to read.
  enum Asker: Hashable, Sendable {
    /// A client of this server, and what it wants to read.
    case client(RequestID, ReplicatedLog.Command)
    /// A follower, for a client of its own.
    case server(NodeID, number: Int)
    /// An operator that wants this server to lead, which it does if this is confirmed.
    case `operator`(RequestID)
  }

  /// A client that reads at a follower, and up to which index must be applied, once that is known.
  struct Reader: Hashable, Sendable {
    let command: ReplicatedLog.Command
    let client: RequestID
    /// Under which number its leader was asked.
    let number: Int
    var index: Int?
  }

  // begin reading
  /// Reads, if it leads or can ask the leader.
  mutating func read(_ command: ReplicatedLog.Command, for client: RequestID) -> Out {
    guard !isLeading else { return read(for: .client(client, command)) }
    // In the term in which it restarted, an answer may be one to what it asked before.
    guard variant.isThesis, let leader, term > restartTerm else {
      return [.reply(.refused, to: client)]
    }
    readsAsked += 1
    readers.append(Reader(command: command, client: client, number: readsAsked))
    return [.send(.readIndex(term: term, number: readsAsked), to: leader)]
  }

  /// A follower asks up to which index must be applied; in vain if this server leads no more.
  mutating func readIndex(term: Int, number: Int, for follower: NodeID) -> Out {
    term == self.term ? read(for: .server(follower, number: number)) : []
  }

  /// Reads when a majority has answered a later heartbeat, or at once with a lease.
  mutating func read(for asker: Asker) -> Out {
    guard case .leader(var leading) = role else { return [] }
    // All that was committed before is in its log; it knows when it has committed in its term.
    let index = obey(.readsOfOwnTerm) ? max(commitIndex, leading.first) : commitIndex
    let isLeased = leading.leased != nil && variant == .lease
    leading.round += isLeased || !obey(.readsConfirmed) ? 0 : 1
    leading.reads.append(
      Read(asker: asker, index: index, round: isLeased ? 0 : leading.round))
    role = .leader(leading)
    let asked = isLeased || !obey(.readsConfirmed) ? [] : sendHeartbeats()
    return asked + countAnswers()
  }

  /// Answers the reads whose round a majority has answered.
  mutating func countAnswers() -> Out {
    guard case .leader(var leading) = role, !leading.reads.isEmpty || variant == .lease else {
      return []
    }
    var effects = countLease(&leading)
    var rest: [Read] = []
    for read in leading.reads {
      let isConfirmed = require(.readsConfirmed, isAnswered(read.round, leading))
      guard isConfirmed, isReady(read) else {
        rest.append(read)
        continue
      }
      switch read.asker {
      case .client(let client, let command): effects += [.reply(result(of: command), to: client)]
      case .server(let server, let number):
        effects += [.send(.readAt(term: term, number: number, index: read.index), to: server)]
      case .operator(let client): effects += [.reply(.done, to: client)]
      }
    }
    leading.reads = rest
    role = .leader(leading)
    return effects
  }

  /// Whether all up to the index of a read is applied; a follower sees to that itself.
  private func isReady(_ read: Read) -> Bool {
    guard case .client = read.asker else { return true }
    return require(.readsApplied, applied.index >= read.index)
  }

  /// Whether a majority, itself counted, has answered a round of heartbeats.
  func isAnswered(_ round: Int, _ leading: Leading) -> Bool {
    round == 0
      || configuration.isMajority { server in
        server == id || leading.peers.contains { $0.id == server && $0.answered >= round }
      }
  }

  /// The leader has told up to which index must be applied.
  ///
  /// What it tells about an earlier asking is of before this client's call.
  mutating func readAt(term: Int, number: Int, index: Int) -> Out {
    for place in readers.indices where readers[place].index == nil {
      let isAnswer = term == self.term && number == readers[place].number
      if require(.answersMatched, isAnswer) { readers[place].index = index }
    }
    return answerReaders()
  }

  /// Answers those who read at a follower, when it has applied enough.
  mutating func answerReaders() -> Out {
    guard !readers.isEmpty else { return [] }
    var effects: Out = []
    let ready = readers.filter { reader in
      reader.index.map { require(.readsApplied, applied.index >= $0) } ?? false
    }
    readers.removeAll { ready.contains($0) }
    for reader in ready { effects += [.reply(result(of: reader.command), to: reader.client)] }
    return effects
  }
  // end reading

  private func result(of command: ReplicatedLog.Command) -> Raft.Words.Reply {
    guard case .get(let key) = command.operation else { return .refused }
    return .value(store[key])
  }

  /// Refuses those who read here by a leader that is none any more.
  mutating func refuseReaders() -> Out {
    guard !readers.isEmpty else { return [] }
    let refused = readers
    readers = []
    return refused.map { .reply(.refused, to: $0.client) }
  }

  /// Refuses the reads of clients and operators; followers see for themselves.
  func refusals(of reads: [Read]) -> Out {
    reads.compactMap { read in
      switch read.asker {
      case .client(let client, _), .operator(let client): .reply(.refused, to: client)
      case .server: nil
      }
    }
  }
}
