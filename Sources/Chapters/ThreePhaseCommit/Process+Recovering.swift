import AtomicCommitment
import ProtocolCore

// What a process does that starts again: it asks. And what processes can find out together when
// all have crashed.

extension Process {
  /// What a process that starts finds in its journal, and does about it.
  mutating func recover(from log: [Words.Record]) -> [Effect<Words>] {
    for case .gone(let process) in log where process != id { up.removeAll { $0 == process } }
    if let decision = log.decision, obey(.decisionOutlivesCrash) {
      state = .decided(decision)
      return [.note(.decided(decision))]
    }
    let stage: Stage
    if log.contains(.preCommit), obey(.preCommitOutlivesCrash) {
      stage = .committable
    } else if log.contains(.yes), obey(.voteOutlivesCrash) {
      stage = .uncertain
    } else {
      return []
    }
    guard obey(.recoveredStandAside) else { return become(.following(stage)) }
    let own = Journal(owner: id, stage: stage, up: up)
    state = .recovering([own])
    if let decision = verdict(of: [own]) { return decide(decision) }
    return obey(.recoveredAsks) ? ask() : []
  }

  /// Asks all other processes.
  mutating func ask() -> [Effect<Words>] {
    order.filter { $0 != id }.map { .send(.inquire, to: $0) } + become(state)
  }

  func show(_ journals: [Journal], to other: NodeID) -> [Effect<Words>] {
    journals.filter { $0.owner == id }.map { .send(.recovering($0.stage, up: $0.up), to: other) }
  }

  /// A journal says the same until its owner decides; what was heard once stays good.
  mutating func add(_ journal: Journal, to journals: [Journal]) -> [Effect<Words>] {
    guard !journals.contains(where: { $0.owner == journal.owner }) else { return [] }
    let journals = (journals + [journal]).sorted { $0.owner < $1.owner }
    state = .recovering(journals)
    if let decision = verdict(of: journals) { return decide(decision) }
    return []
  }

  // begin verdict
  /// What was decided before all crashed, or can be now, if these journals tell.
  ///
  /// All processes that come to a verdict come to the same one. All journals together leave the
  /// fewest candidates, among them the last to fail; fewer journals leave those and perhaps more.
  /// So if the candidates agree, no further journal can change the answer, and if they do not, only
  /// all of them give it.
  func verdict(of journals: [Journal]) -> Decision? {
    let candidates = journals.candidates(among: order)
    let owners = journals.map(\.owner)
    let awaited = obey(.lastToFailSuffices) ? candidates : order
    guard require(.lastToFailAwaited, awaited.allSatisfy { owners.contains($0) }) else {
      return nil
    }
    let stages = Set(journals.filter { candidates.contains($0.owner) }.map(\.stage))
    guard require(.differingAwaitAll, stages.count < 2 || journals.count == order.count) else {
      return nil
    }
    return stages.contains(.committable) ? .commit : .abort
  }
  // end verdict
}

extension [Process.Journal] {
  /// The processes that may have been the last to fail: those that are gone in no journal.
  func candidates(among order: [NodeID]) -> [NodeID] {
    order.filter { process in allSatisfy { $0.up.contains(process) } }
  }
}
