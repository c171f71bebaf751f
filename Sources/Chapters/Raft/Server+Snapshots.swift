import ProtocolCore
import ReplicatedLog

// Snapshots. (paper, 7, figures 12 and 13; thesis, 5)

extension Raft.Server {
  /// The pieces of a snapshot that have come.
  struct Incoming: Hashable, Sendable {
    let last: Position
    var pieces: [KeyValueStore.Piece] = []
  }

  // begin snapshots
  /// Writes down what it has come to, and forgets the entries that made it.
  ///
  /// The first members stand in no entry: a newcomer keeps its entries until one names members.
  mutating func takeSnapshot() -> Out {
    let members = members(asOf: applied.index).0
    guard !members.voters.isEmpty else { return [] }
    snapshot = Snapshot(last: applied, configuration: members, store: store)
    forget(upTo: applied.index)
    return [.persist(.snapshot(snapshot))]
  }

  /// Sends the next part of its snapshot to one that needs entries which it has forgotten.
  func sendSnapshot(to place: Int) -> Out {
    guard case .leader(let leading) = role else { return [] }
    let peer = leading.peers[place]
    let pieces = snapshot.store.pieces
    let offset = min(peer.pieces, pieces.count)
    let end = min(pieces.count, offset + Raft.chunkSize)
    let chunk = Chunk(
      term: term, last: snapshot.last, configuration: snapshot.configuration, offset: offset,
      pieces: Array(pieces[offset..<end]), isLast: end == pieces.count)
    return [.send(.installSnapshot(chunk), to: peer.id, .atOnce)]
  }

  /// A follower has so many pieces.
  mutating func installed(by follower: NodeID, term: Int, last: Position, pieces: Int) -> Out {
    guard term == self.term, let (known, place) = leading(follower) else { return [] }
    var leading = known
    leading.peers[place].isActive = true
    let isOfThis = last == snapshot.last && leading.peers[place].next <= snapshot.last.index
    let isNews = isOfThis && pieces != leading.peers[place].pieces
    if isNews { leading.peers[place].pieces = min(pieces, snapshot.store.pieces.count) }
    if last != snapshot.last { leading.peers[place].pieces = 0 }
    role = .leader(leading)
    return isNews ? sendSnapshot(to: place) : []
  }

  /// Takes a part of a snapshot, and when it is the last the snapshot. (figure 13)
  mutating func install(_ chunk: Chunk, from sender: NodeID) -> Out {
    guard require(.staleTermRejected, chunk.term >= term) else {
      return [.send(.outdated(term: term), to: sender)]
    }
    guard !isRival(chunk.term) else {
      return [.note(.unexpected(.installSnapshot(chunk), from: sender))]
    }
    let followed = follow(sender, term: chunk.term)
    guard require(.olderSnapshotIgnored, chunk.last.index > commitIndex) else {
      return followed + acknowledge(chunk, to: sender)
    }
    var held = incoming?.last == chunk.last ? incoming?.pieces ?? [] : []
    guard require(.chunksInOrder, chunk.offset == held.count) else {
      incoming = Incoming(last: chunk.last, pieces: held)
      let answer = Raft.Words.Message.installed(term: term, last: chunk.last, pieces: held.count)
      return followed + [.send(answer, to: sender)]
    }
    held += chunk.pieces
    incoming = Incoming(last: chunk.last, pieces: held)
    guard chunk.isLast else {
      let answer = Raft.Words.Message.installed(term: term, last: chunk.last, pieces: held.count)
      return followed + [.send(answer, to: sender)]
    }
    incoming = nil
    let whole = Snapshot(
      last: chunk.last, configuration: chunk.configuration, store: KeyValueStore(pieces: held))
    return followed + install(whole) + acknowledge(chunk, to: sender)
  }

  /// Has a snapshot in place of the entries up to its last; what follows it in the log stays.
  private mutating func install(_ whole: Snapshot) -> Out {
    let couldBeElected = mayBeElected
    let isKept = obey(.suffixKept) && position(whole.last.index) == whole.last
    snapshot = whole
    if isKept { forget(upTo: whole.last.index) } else { log = [] }
    (applied, store) = (whole.last, whole.store)
    commitIndex = whole.last.index
    findConfiguration()
    return [.persist(.snapshot(whole)), .note(.restored(whole.last))] + answerReaders()
      + (couldBeElected ? [] : awaitLeader())  // it may have become a member
  }
  // end snapshots

  private func acknowledge(_ chunk: Chunk, to sender: NodeID) -> Out {
    [
      .send(
        .appended(term: term, match: chunk.last.index, round: 0), to: sender,
        release(.entriesStoredFirst))
    ]
  }
}
