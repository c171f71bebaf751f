public import ProtocolCore

extension Commitment {
  /// Judges AC1 to AC4, and what the client is told, from outside.
  ///
  /// A protocol's own monitor keeps one, tells it what it saw and adds what it judges itself. It
  /// remembers no more than the properties need, because an explorer keeps it in every state.
  public struct Monitor: Hashable, Sendable {
    private let processes: [NodeID]
    /// The process that is asked to commit, and does not vote; nil where all vote.
    private let coordinator: NodeID?
    /// Others that decide, and do not vote.
    private let neverVoting: [NodeID]
    private var decisions: [Decision?]
    private var progress: [Progress]
    private var told: Decision?
    /// The requests to commit for which a client waits at the coordinator.
    private var waiting: Set<RequestID> = []
    /// Something happened that excuses an abort.
    private var isExcused = false
    private var broken: Set<Property> = []
    /// The processes that were asked, and did not refuse, when their part was over: what they do
    /// from then on belongs to another transaction, and is no matter of this judge.
    private var later: Set<NodeID> = []

    /// How far a process has come, as far as it matters to what is promised.
    private enum Progress: Hashable { case unasked, begun, voted, left }

    /// A monitor of these processes, all of which vote but for the coordinator, if there is one,
    /// and perhaps others.
    public init(processes: [NodeID], coordinator: NodeID?, neverVoting: [NodeID] = []) {
      self.processes = processes
      self.coordinator = coordinator
      self.neverVoting = neverVoting
      decisions = processes.map { _ in nil }
      progress = processes.map { _ in .unasked }
    }
  }
}

// MARK: What happens

extension Commitment.Monitor {
  /// A process has its part of the transaction, and could lose it.
  public mutating func begin(at id: NodeID) {
    if isOver(at: id) { later.insert(id) }
    advance(id, to: .begun)
  }

  /// The transaction is to be committed; a process that has no part in it yet will vote no.
  ///
  /// - Parameter id: the process that was asked.
  public mutating func start(at id: NodeID) {
    if isOver(at: id) { later.insert(id) }
    guard !later.contains(id) else { return }
    if zip(processes, progress).contains(where: { isVoter($0) && $1 == .unasked }) {
      excuse()
    }
  }

  /// A process has voted yes.
  public mutating func vote(at id: NodeID) { advance(id, to: .voted) }

  /// A process only read, and does not care what is decided.
  public mutating func leave(at id: NodeID) { advance(id, to: .left) }

  /// Something failed, or a process cannot vote yes: from now on an abort is no violation of AC4.
  public mutating func excuse() { isExcused = true }

  /// A process knows of no transaction; if it had begun, it has lost its work, which is an abort.
  ///
  /// Call it only for a process whose loss of work means abort in the protocol.
  public mutating func forget(at id: NodeID) {
    if isOpen(at: id) { decide(.abort, at: id) }
  }

  /// A process has decided, or says again what it had decided.
  ///
  /// - Parameters:
  ///   - decision: what it has decided.
  ///   - id: the process.
  ///   - exempt: processes whose decision the client need not be told, because an operator took it.
  public mutating func decide(
    _ decision: Decision, at id: NodeID, exempt: Set<NodeID> = []
  ) {
    guard let index = processes.firstIndex(of: id), !later.contains(id) else { return }
    if let earlier = decisions[index], earlier != decision { broken.insert(.AC2) }
    if decisions.contains(where: { $0 != nil && $0 != decision }) { broken.insert(.AC1) }
    if let told, told != decision, !exempt.contains(id) { broken.insert(.told) }
    if decision == .commit, !haveAllVoted { broken.insert(.AC3) }
    if decision == .abort, !isExcused { broken.insert(.AC4) }
    decisions[index] = decision
  }

  /// The client is told a decision.
  ///
  /// - Parameters:
  ///   - decision: what it is told.
  ///   - id: the process that tells it.
  ///   - exempt: processes whose decision it need not be told, because an operator took it.
  public mutating func tell(_ decision: Decision, by id: NodeID, exempt: Set<NodeID> = []) {
    guard !later.contains(id) else { return }
    if let told, told != decision { broken.insert(.told) }
    told = told ?? decision
    for (id, other) in zip(processes, decisions)
    where other != nil && other != decision && !exempt.contains(id) {
      broken.insert(.told)
    }
  }

  /// The client is told a second time what it was told, or something else.
  public mutating func answerAgain() { broken.insert(.told) }

  /// Sees who waits for an answer: a client that asks the coordinator to commit, until it is
  /// answered or the coordinator crashes.
  ///
  /// - Parameters:
  ///   - observation: what happened at a process.
  ///   - id: the process.
  ///   - isCommit: whether a request is to commit.
  public mutating func follow<Words: Vocabulary>(
    _ observation: Observation<Words>, at id: NodeID, isCommit: (Words.Request) -> Bool
  ) {
    guard id == coordinator else { return }
    switch observation {
    case .asked(let request, let number):
      if isCommit(request) { waiting.insert(number) }
    case .replied(_, let number), .refused(_, let number): waiting.remove(number)
    case .crashed: waiting = []
    case .repliedAgain, .noted, .expired, .lost, .doubled, .restarted, .forgot: break
    }
  }

  /// What happened at a process that speaks no words but those that all protocols share.
  ///
  /// A loss, a crash and a time-out excuse an abort. A message that arrives twice does not.
  public mutating func observe<Words: Vocabulary>(
    _ observation: Observation<Words>, at id: NodeID
  )
  where
    Words.Request == Commitment.Request, Words.Reply == Commitment.Reply,
    Words.Note == Commitment.Note<Words.Message>
  {
    follow(observation, at: id) { $0 == .commit }
    switch observation {
    case .asked(.work(let work), _):
      begin(at: id)
      if work == .doomed { excuse() }
    case .asked(.commit, _):
      if id == coordinator { begin(at: id) }
      start(at: id)
    case .replied(.decided(let decision), _): tell(decision, by: id)
    case .noted(.decided(let decision)): decide(decision, at: id)
    case .repliedAgain: answerAgain()
    case .expired, .lost, .crashed, .forgot: excuse()
    case .replied(.refused, _), .refused, .noted(.unexpected), .doubled, .restarted: break
    }
  }

  private mutating func advance(_ id: NodeID, to next: Progress) {
    guard let index = processes.firstIndex(of: id), !later.contains(id) else { return }
    progress[index] = next
  }

  /// Whether a process has nothing more to do with the transaction.
  private func isOver(at id: NodeID) -> Bool {
    guard let index = processes.firstIndex(of: id) else { return false }
    return decisions[index] != nil || progress[index] == .left
  }

  /// Whether what a process does belongs to another transaction by now.
  public func isLater(_ id: NodeID) -> Bool { later.contains(id) }
}

// MARK: Queries

extension Commitment.Monitor {
  /// Whether a property that is atomic commitment's has held so far; any other does.
  public func holds(_ property: some CommitmentProperty) -> Bool {
    broken.isEmpty || !broken.contains { $0.rawValue == property.rawValue }
  }

  /// Whether all properties have held so far.
  public var isKept: Bool { broken.isEmpty }

  /// Whether a property has held so far.
  public func holds(_ property: Commitment.Property) -> Bool { !broken.contains(property) }

  /// What a process has decided; nil if nothing yet.
  public func decision(at id: NodeID) -> Decision? {
    processes.firstIndex(of: id).flatMap { decisions[$0] }
  }

  /// Whether a process has its part of the transaction, or has voted, and has not decided.
  public func isOpen(at id: NodeID) -> Bool {
    guard let index = processes.firstIndex(of: id), decisions[index] == nil else { return false }
    return progress[index] == .begun || progress[index] == .voted
  }

  /// Whether a process owes nothing: it has decided, if it had a part of the transaction; and the
  /// coordinator has answered, if a client waits.
  public func isClosed(at id: NodeID) -> Bool {
    isVoter(id) ? !isOpen(at: id) : id != coordinator || waiting.isEmpty
  }

  /// Whether a process has its part of the transaction, and was not seen to vote.
  public func hasOnlyBegun(at id: NodeID) -> Bool {
    processes.firstIndex(of: id).map { progress[$0] == .begun } ?? false
  }

  /// The processes that have decided otherwise than this.
  public func deciding(otherThan decision: Decision) -> [NodeID] {
    zip(processes, decisions).filter { $1 != nil && $1 != decision }.map(\.0)
  }

  /// Whether anybody has decided commit.
  public var isCommitted: Bool { decisions.contains(.commit) }

  private var haveAllVoted: Bool {
    zip(processes, progress).allSatisfy { id, progress in
      !isVoter(id) || progress == .voted || progress == .left
    }
  }

  private func isVoter(_ id: NodeID) -> Bool { id != coordinator && !neverVoting.contains(id) }

  /// The same monitor when two processes that are alike have changed names.
  public func renamed(by swap: Swap) -> Self {
    var image = self
    image.later = Set(later.map { swap($0) })
    for (index, id) in processes.enumerated() {
      guard let source = processes.firstIndex(of: swap(id)) else { continue }
      image.decisions[index] = decisions[source]
      image.progress[index] = progress[source]
    }
    return image
  }
}
