public import ProtocolCore

extension Consensus {
  /// Judges consensus from outside.
  ///
  /// A protocol's own monitor keeps one and tells it what it saw. It remembers no more than the
  /// properties need, because an explorer keeps it in every state.
  public struct Monitor: Hashable, Sendable {
    /// The processes that say what they have learnt.
    private let learners: [NodeID]
    private var learnt: [Value?]
    /// What each learner had ever learnt, before a crash too.
    private var ever: [Value?]
    /// What was proposed, in order, but for what was refused since.
    private var proposed: [Value] = []
    /// Those of them that may be chosen, whatever is refused.
    private var lasting: Set<Value> = []
    /// The first value that was learnt, by anybody.
    private var first: Value?
    /// The first value that a client was told.
    private var told: Value?
    /// The requests that wait for an answer.
    private var open: [Open] = []
    private var broken: Set<Property> = []

    private struct Open: Hashable {
      let id: NodeID
      let request: RequestID
      let value: Value
    }

    /// A monitor of these learners.
    public init(learners: [NodeID]) {
      self.learners = learners
      learnt = learners.map { _ in nil }
      ever = learnt
    }
  }
}

// MARK: What happens

extension Consensus.Monitor {
  /// A value was proposed; it waits for an answer.
  public mutating func propose(_ value: Value, _ request: RequestID, at id: NodeID) {
    if !proposed.contains(value) { proposed = (proposed + [value]).sorted() }
    open.append(Open(id: id, request: request, value: value))
  }

  /// What a client proposed was refused: that it was proposed there is no reason to choose it.
  public mutating func refuse(_ request: RequestID, at id: NodeID) {
    guard let refused = open.first(where: { $0.id == id && $0.request == request }) else { return }
    open.removeAll { $0 == refused }
    let value = refused.value
    if !lasting.contains(value), !open.contains(where: { $0.value == value }) {
      proposed.removeAll { $0 == value }
    }
  }

  /// A process has learnt that a value is chosen, or says so again.
  public mutating func learn(_ value: Value, at id: NodeID) {
    if !proposed.contains(value) { broken.insert(.validity) }
    if let first, first != value { broken.insert(.agreement) }
    if let told, told != value { broken.insert(.told) }
    first = first ?? value
    guard let place = learners.firstIndex(of: id) else { return }
    if let earlier = ever[place], earlier != value { broken.insert(.stability) }
    learnt[place] = value
    ever[place] = value
  }

  /// A client is told that a value is chosen.
  public mutating func tell(_ value: Value, _ request: RequestID, by id: NodeID) {
    if !proposed.contains(value) { broken.insert(.validity) }
    if let first, first != value { broken.insert(.told) }
    if let told, told != value { broken.insert(.told) }
    told = told ?? value
    close(request, at: id)
  }

  private mutating func close(_ request: RequestID, at id: NodeID) {
    for answered in open where answered.id == id && answered.request == request {
      lasting.insert(answered.value)
    }
    open.removeAll { $0.id == id && $0.request == request }
  }

  /// A process has stopped: its clients hear no more, and what it had learnt is gone.
  public mutating func crash(at id: NodeID) {
    for lost in open where lost.id == id { lasting.insert(lost.value) }
    open.removeAll { $0.id == id }
    if let place = learners.firstIndex(of: id) { learnt[place] = nil }
  }

  /// What happened at a process that speaks no words but those that all protocols share.
  public mutating func observe<Words: Vocabulary>(
    _ observation: Observation<Words>, at id: NodeID
  )
  where
    Words.Request == Consensus.Request, Words.Reply == Consensus.Reply,
    Words.Note == Consensus.Note<Words.Message>
  {
    switch observation {
    case .asked(.propose(let value), let request): propose(value, request, at: id)
    case .replied(.chosen(let value), let request): tell(value, request, by: id)
    case .replied(.refused, let request), .refused(_, let request): refuse(request, at: id)
    case .repliedAgain: broken.insert(.told)
    case .noted(.learnt(let value)): learn(value, at: id)
    case .crashed: crash(at: id)
    case .noted(.unexpected), .expired, .lost, .doubled, .restarted, .forgot: break
    }
  }
}

// MARK: Queries

extension Consensus.Monitor {
  /// Whether a property that is consensus' has held so far; any other does.
  public func holds(_ property: some ConsensusProperty) -> Bool {
    broken.isEmpty || !broken.contains { $0.rawValue == property.rawValue }
  }

  /// Whether a property has held so far.
  public func holds(_ property: Consensus.Property) -> Bool { !broken.contains(property) }

  /// What a process has learnt since it last started; nil if nothing.
  public func value(at id: NodeID) -> Value? { learners.firstIndex(of: id).flatMap { learnt[$0] } }

  /// Whether no client waits for a process; and, if it learns, it knows what anybody knows.
  public func isSettled(at id: NodeID) -> Bool {
    guard !open.contains(where: { $0.id == id }) else { return false }
    return first == nil || !learners.contains(id) || value(at: id) != nil
  }
}
