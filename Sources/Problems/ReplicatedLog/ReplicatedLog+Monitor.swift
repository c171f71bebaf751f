public import ProtocolCore

extension ReplicatedLog {
  /// Judges a replicated log from outside.
  ///
  /// A protocol's own monitor keeps one and tells it what it saw.
  public struct Monitor: Hashable, Sendable {
    private let servers: [NodeID]
    /// What was applied first under each number, from one on; nil where nothing was.
    private var log: [Entry?] = []
    /// How far each server has come since it last started; nil before it has applied anything.
    private var applied: [Int?]
    /// What was asked for, in no order.
    private var asked: Set<Request> = []
    /// The members that operators have asked for.
    private var wishes = Wishes<[NodeID]>()
    /// What each client waits for; one that will hear no more does as long as it insists.
    private var waiting: [ClientID: Request] = [:]
    /// Under which number the members were applied last when an operator asked last.
    private var asking: [ClientID: Int] = [:]
    /// The members at first, and all that were asked for.
    private var configurations: [[NodeID]]
    /// The members by what was applied last.
    private var members: [NodeID]
    /// Under which number these were applied.
    private var membersNumber = 0
    /// The numbers under which two sets of members come to decide together.
    private var joint: Set<Int> = []
    private var calls: Linearization = Linearization()
    private var broken: Set<Property> = []

    /// A monitor of these servers, those who vote at first among them.
    public init(servers: [NodeID], members: [NodeID]) {
      self.servers = servers
      self.members = members
      configurations = [members]
      applied = servers.map { _ in nil }
    }
  }
}

// MARK: What happens

extension ReplicatedLog.Monitor {
  /// A server was asked for something, by a client or by an operator.
  public mutating func ask(_ request: ReplicatedLog.Request) {
    let request = Self.plain(request)
    asked.insert(request)
    guard case .members(let members) = request else { return }
    wishes.arrive(members)
    if !configurations.contains(members) { configurations.append(members) }
  }

  /// The same request: members are the same in whichever order, and named twice.
  private static func plain(_ request: ReplicatedLog.Request) -> ReplicatedLog.Request {
    if case .members(let members) = request { .members(Set(members).sorted()) } else { request }
  }

  /// A server has applied an entry under a number.
  ///
  /// - Parameters:
  ///   - number: the number.
  ///   - entry: what stands under it.
  ///   - id: the server.
  ///   - isJoint: whether the members that it names decide together with those before.
  public mutating func apply(
    _ number: Int, _ entry: ReplicatedLog.Entry, at id: NodeID, isJoint: Bool = false
  ) {
    guard number > 0, number < 1_000_000 else {
      broken.insert(.inOrder)
      return
    }
    while log.count < number { log.append(nil) }
    if let earlier = log[number - 1], earlier != entry { broken.insert(.stateMachineSafety) }
    log[number - 1] = log[number - 1] ?? entry
    if !isAsked(entry) { broken.insert(.validity) }
    if isRefused(entry) { broken.insert(.operatorTold) }
    if case .members(let members) = entry, number > membersNumber {
      self.members = isJoint ? Set(self.members + members).sorted() : members
      membersNumber = number
      if isJoint { joint.insert(number) }
    }
    guard let place = servers.firstIndex(of: id) else { return }
    if number != (applied[place] ?? 0) + 1 { broken.insert(.inOrder) }
    applied[place] = number
  }

  /// A server has taken over what all entries up to a number have made.
  public mutating func restore(_ number: Int, at id: NodeID) {
    guard let place = servers.firstIndex(of: id) else { return }
    // What nobody has applied, nobody can have made anything of; and nobody goes back.
    if number > log.count || log.prefix(number).contains(nil) || number < applied[place] ?? 0 {
      broken.insert(.inOrder)
    }
    applied[place] = number
  }

  /// A server has stopped; what it applied it has to apply again.
  public mutating func crash(at id: NodeID) {
    if let place = servers.firstIndex(of: id) { applied[place] = nil }
  }

  /// A client asked, or was answered, or will hear no more.
  public mutating func observe<Words: Vocabulary>(
    _ event: ClientEvent<Words>, of client: ClientID
  ) where Words.Request == ReplicatedLog.Request, Words.Reply == ReplicatedLog.Reply {
    if case .invoked(let request) = event {
      if case .members = request {
        asking[client] = membersNumber
        wishes.invoke(client)
      }
      waiting[client] = request
    }
    let (asked, since) = (waiting[client], asking[client] ?? 0)
    if event.isRefusal, wishes.refuse(client) != nil, log.contains(where: isRefused) {
      broken.insert(.operatorTold)
    }
    switch event {
    case .returned, .gaveUp: (waiting[client], asking[client]) = (nil, nil)
    case .invoked, .refused, .unknown: break
    }
    if case .members(let members)? = asked, case .returned(.done) = event,
      !haveDecided(Set(members).sorted(), since: since)
    {
      broken.insert(.operatorTold)
    }
    guard case .command(let command)? = asked else { return }
    switch event {
    case .invoked: calls.call(command)
    case .returned(.done):
      calls.answer(command, nil)
      if !calls.isPossible { broken.insert(.linearizable) }
    case .returned(.value(let text)):
      calls.answer(command, text)
      if let text, let pieces = ReplicatedLog.Pieces(of: command, among: self.asked),
        pieces.isAnyTwice(in: text)
      {
        broken.insert(.exactlyOnce)
      }
      if !calls.isPossible { broken.insert(.linearizable) }
    case .returned(.refused), .refused:
      calls.refuse(command)
      if !calls.isPossible { broken.insert(.linearizable) }
    case .unknown, .gaveUp: calls.lose(command)
    }
  }

  /// What happened at a server that speaks no words but those that all protocols share.
  public mutating func observe<Words: Vocabulary>(
    _ observation: Observation<Words>, at id: NodeID
  )
  where
    Words.Request == ReplicatedLog.Request, Words.Reply == ReplicatedLog.Reply,
    Words.Note == ReplicatedLog.Note<Words.Message>
  {
    switch observation {
    case .asked(let request, _): ask(request)
    case .noted(.applied(let number, let entry)): apply(number, entry, at: id)
    case .noted(.restored(let number)): restore(number, at: id)
    case .crashed: crash(at: id)
    case .repliedAgain: broken.insert(.exactlyOnce)
    case .noted(.leads), .noted(.unexpected), .replied, .refused, .expired, .lost, .doubled,
      .restarted, .forgot:
      break
    }
  }

  /// Whether these are members, and whoever asked for them was refused.
  private func isRefused(_ entry: ReplicatedLog.Entry?) -> Bool {
    guard case .members(let members)? = entry else { return false }
    return wishes.areRefused(Set(members).sorted())
  }

  private func isAsked(_ entry: ReplicatedLog.Entry) -> Bool {
    switch entry {
    case .noop: true
    case .command(let command): asked.contains(.command(command))
    case .members(let members): asked.contains(Self.plain(.members(members)))
    }
  }

  /// Whether these were the members, and not jointly with others, at any time since those were
  /// applied that stand under a number; zero is the beginning.
  private func haveDecided(_ members: [NodeID], since number: Int) -> Bool {
    number == 0 && configurations.first == members
      || log.indices.contains { index in
        guard index + 1 >= number, case .members(let named)? = log[index] else { return false }
        return Set(named).sorted() == members && !joint.contains(index + 1)
      }
  }
}

// MARK: Queries

extension ReplicatedLog.Monitor {
  /// Whether a property that is the replicated log's has held so far; any other does.
  public func holds(_ property: some ReplicatedLogProperty) -> Bool {
    broken.isEmpty || !broken.contains { $0.rawValue == property.rawValue }
  }

  /// Whether a property has held so far.
  public func holds(_ property: ReplicatedLog.Property) -> Bool { !broken.contains(property) }

  /// Whether no client waits.
  public var isAnswered: Bool { waiting.isEmpty }

  /// Whether no client waits for a command; operators may.
  public var areCommandsAnswered: Bool {
    waiting.values.allSatisfy { if case .command = $0 { false } else { true } }
  }

  /// How far a server has come since it last started.
  public func applied(at id: NodeID) -> Int {
    servers.firstIndex(of: id).flatMap { applied[$0] } ?? 0
  }

  /// Whether a server has come as far as any ever has, or is no member by what was applied last.
  public func isCurrent(at id: NodeID) -> Bool { hasAll(at: id) || !isMember(id) }

  /// Whether a server has come as far as any ever has.
  public func hasAll(at id: NodeID) -> Bool { applied(at: id) == log.count }

  /// Whether a server is a member by what was applied last.
  public func isMember(_ id: NodeID) -> Bool { members.contains(id) }

  /// What was applied under a number.
  public func entry(_ number: Int) -> ReplicatedLog.Entry? {
    log.indices.contains(number - 1) ? log[number - 1] : nil
  }

  /// Whether some servers are up and connected with each other among which are more than half of
  /// the members, whichever of those that were asked for the members are: who knows what was
  /// decided can tell those who decide next.
  ///
  /// - Parameters:
  ///   - scene: the servers at a moment.
  ///   - aside: those that do not vote, although they are up.
  public func isMajorityConnected<Node>(
    in scene: Scene<Node>, without aside: Set<NodeID> = []
  ) -> Bool {
    let up = Set(configurations.joined()).sorted().filter {
      scene[$0] != nil && !aside.contains($0)
    }
    func isNear(_ a: NodeID, _ b: NodeID) -> Bool {
      !scene.cuts.contains(Link(from: a, to: b)) && !scene.cuts.contains(Link(from: b, to: a))
    }
    func grow(_ group: [NodeID], _ rest: ArraySlice<NodeID>) -> Bool {
      let isEnough = configurations.allSatisfy { members in
        members.count { group.contains($0) } * 2 > members.count
      }
      if isEnough { return true }
      guard let next = rest.first else { return false }
      let others = rest.dropFirst()
      return group.allSatisfy { isNear($0, next) } && grow(group + [next], others)
        || grow(group, others)
    }
    return grow([], up[...])
  }
}

extension ClientEvent where Words.Reply == ReplicatedLog.Reply {
  fileprivate var isRefusal: Bool {
    switch self {
    case .returned(.refused), .refused: true
    case .returned, .invoked, .unknown, .gaveUp: false
    }
  }
}
