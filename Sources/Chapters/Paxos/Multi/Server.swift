public import ProtocolCore
public import ReplicatedLog

extension MultiPaxos {
  /// A server: proposer, acceptor and learner of every instance, with its copy of the machine.
  public struct Server: Hashable, Sendable, Ruled {
    /// Its name.
    public let id: NodeID
    /// The form of the protocol.
    let variant: Variant
    /// The rules that it does not obey.
    public var without: Set<Rule>
    /// The ballot below which it accepts nothing; nil if it has promised nothing.
    public internal(set) var promised: Ballot?
    /// The greatest round of which it was told that somebody has promised it.
    var seen = 0
    /// What it has accepted, by number, beyond its checkpoint.
    public internal(set) var slots: [Slot] = []
    /// What it knows to be chosen, by number, beyond its checkpoint.
    public internal(set) var chosen: [Chosen] = []
    /// What the entries that it has executed have made.
    public var machine: Checkpoint
    /// What it has written of that.
    public internal(set) var checkpoint: Checkpoint
    /// Where it stands.
    public internal(set) var standing = Standing.follower
    /// Who waits for what to be executed.
    public internal(set) var waiting: [Waiting] = []
    /// The ballot whose leader it has promised to follow no other than; nil if none.
    var granted: Ballot?
    /// Whether its disk was lost, so that it does not vote.
    public internal(set) var isRebuilding = false

    /// A server that has promised nothing.
    public init(
      _ id: NodeID, members: [NodeID], variant: Variant = .log, without: Set<Rule> = []
    ) {
      self.id = id
      self.variant = variant
      self.without = without
      machine = Checkpoint(configurations: [.init(from: 1, members: members)])
      checkpoint = machine
    }

    /// Where a server stands.
    public enum Standing: Hashable, Sendable {
      /// It follows whoever leads. Next: preparing.
      case follower
      /// It has asked for promises. Next: leading, follower, preparing.
      case preparing(Preparing)
      /// It proposes. Next: follower.
      case leading(Leading)
    }

    /// A request that waits until it is executed.
    public struct Waiting: Hashable, Sendable {
      /// What was asked.
      public let request: Words.Request
      /// Who is to be answered.
      public let client: RequestID
      /// Under which number it was proposed, or is.
      let number: Int
    }
  }
}

// MARK: Transitions

extension MultiPaxos.Server: Machine {
  /// Takes one event and returns what is to be done about it.
  public mutating func step(
    _ event: Event<MultiPaxos.Words>
  ) -> [Effect<MultiPaxos.Words>] {
    switch event {
    case .started(let log): recover(from: log)
    case .asked(let request, let client): take(request, client)
    case .received(let message, let sender): receive(message, from: sender)
    case .stored(let records): records.flatMap { heed($0) }
    case .expired(.election): elect()
    case .expired(.beat): beat()
    case .expired(.grant): endGrant()
    case .expired(.lease(let beat)): endLease(of: beat)
    // There are no connections, only datagrams.
    case .disconnected: []
    }
  }

  private mutating func receive(
    _ message: MultiPaxos.Words.Message, from sender: NodeID
  ) -> [Effect<MultiPaxos.Words>] {
    guard sender != id, message.isWithinReason else {
      return [.note(.unexpected(message, from: sender))]
    }
    return switch message {
    case .prepare(let ballot, let number): promise(ballot, from: number, to: sender)
    case .promise(let ballot, let slots, let checkpoint):
      install(checkpoint) + count(promise: ballot, of: sender, slots)
    case .accept(let slot, let number): accept(slot, chosen: number, of: sender)
    case .accepted(let ballot, let number): count(acceptance: ballot, number, of: sender)
    case .reject(let ballot): yield(to: ballot)
    case .lead(let ballot, let number, let beat):
      follow(ballot, chosen: number, beat: beat, of: sender)
    case .follow(let ballot, let beat): count(follower: sender, ballot, beat)
    case .fetch(let number): answer(number, of: sender)
    case .chosen(let entries): hear(entries)
    case .install(let checkpoint): install(checkpoint)
    }
  }

  /// What it has written is stable: it may count its own promise and its own acceptance.
  private mutating func heed(
    _ record: MultiPaxos.Words.Record
  ) -> [Effect<MultiPaxos.Words>] {
    switch record {
    case .promised(let ballot):
      if case .preparing(let preparing) = standing, preparing.ballot == ballot {
        return count(promise: ballot, of: id, slots)
      }
      return []
    case .accepted(let slot):
      if case .leading(let leading) = standing, leading.ballot == slot.ballot {
        return count(acceptance: slot.ballot, slot.number, of: id)
      }
      return []
    case .checkpoint, .rebuilding: return []
    }
  }

  private mutating func recover(
    from log: [MultiPaxos.Words.Record]
  ) -> [Effect<MultiPaxos.Words>] {
    var effects: [Effect<MultiPaxos.Words>] = []
    for record in log where record.isWithinReason {
      switch record {
      case .promised(let ballot): promised = max(promised ?? ballot, ballot)
      case .accepted(let slot):
        promised = max(promised ?? slot.ballot, slot.ballot)
        set(slot)
      case .checkpoint(let stored):
        machine = stored
        checkpoint = stored
        effects += [.note(.restored(stored.number))]
      case .rebuilding: isRebuilding = true
      }
    }
    forget(upTo: checkpoint.number)
    if variant == .lease, !log.isEmpty, obey(.grantOutlivesCrash) {
      granted = Ballot(0, "")  // of whichever leader it was
      effects += [.set(.grant, after: MultiPaxos.Words.Timer.grant.patience)]
    }
    return effects + awaitLeader()
  }

  /// Follows, and waits for a leader's next word.
  mutating func becomeFollower() -> [Effect<MultiPaxos.Words>] {
    var effects: [Effect<MultiPaxos.Words>] = []
    if case .leading(let leading) = standing {
      effects += [.cancel(.beat)]
      effects += leading.leases.map { .cancel(.lease($0)) }
    }
    standing = .follower
    // What is chosen in another's ballot may be chosen since long, and other members by now.
    if obey(.ownChoiceAnswers) { waiting.removeAll(where: \.isOfOperator) }
    return effects + awaitLeader()
  }

  /// Waits for a leader's next word, unless its disk was lost.
  func awaitLeader() -> [Effect<MultiPaxos.Words>] {
    isRebuilding ? [] : [.set(.election, after: MultiPaxos.Words.Timer.election.patience)]
  }

  /// A greater ballot is about.
  mutating func yield(to ballot: Ballot) -> [Effect<MultiPaxos.Words>] {
    guard let own = standing.ballot, own < ballot else { return [] }  // of a ballot that is over
    seen = max(seen, ballot.round)
    return becomeFollower()
  }
}

// MARK: Queries

extension MultiPaxos.Server {
  /// Those who vote on a number, as far as what is executed tells.
  func members(for number: Int) -> [NodeID] {
    machine.configurations.last { $0.from <= number }?.members ?? []
  }

  /// All who vote on a number that is not executed.
  var electorate: [NodeID] {
    let later = machine.configurations.filter { $0.from > machine.number + 1 }
    let all = members(for: machine.number + 1) + later.flatMap(\.members)
    return Set(all).sorted()
  }

  /// All of these but itself.
  func others(of members: [NodeID]) -> [NodeID] { members.filter { $0 != id } }

  /// Whether it votes on any number that is not executed.
  ///
  /// Those that vote on later ones only may be all that are left.
  var isVoter: Bool { !isRebuilding && electorate.contains(id) }

  /// Whether these are more than half of those who vote on a number.
  func isMajority(_ some: [NodeID], for number: Int) -> Bool {
    let members = members(for: number)
    return members.count { some.contains($0) } * 2 > members.count
  }

  /// What it has accepted under a number.
  func slot(_ number: Int) -> Slot? { slots.first { $0.number == number } }

  /// What it knows to be chosen under a number.
  func entry(_ number: Int) -> ReplicatedLog.Entry? {
    chosen.first { $0.number == number }?.entry
  }

  /// Accepts an entry in place of what it had accepted under the number.
  mutating func set(_ slot: Slot) {
    slots.removeAll { $0.number == slot.number }
    slots.append(slot)
    slots.sort { $0.number < $1.number }
  }

  /// Forgets what a checkpoint holds.
  mutating func forget(upTo number: Int) {
    slots.removeAll { $0.number <= number }
    chosen.removeAll { $0.number <= number }
  }

  /// Whether it leads.
  public var isLeading: Bool {
    if case .leading = standing { true } else { false }
  }
}

extension MultiPaxos.Server.Standing {
  /// The ballot that it has begun; nil for a follower.
  public var ballot: Ballot? {
    switch self {
    case .follower: nil
    case .preparing(let preparing): preparing.ballot
    case .leading(let leading): leading.ballot
    }
  }
}

extension MultiPaxos.Server: CustomStringConvertible {
  /// Where it stands.
  public var description: String {
    let role =
      switch standing {
      case .follower: isRebuilding ? "rebuilding" : "follows"
      case .preparing(let preparing):
        "prepares \(preparing.ballot), promised: "
          + preparing.promisers.map(\.name).joined(separator: " ")
      case .leading(let leading): "leads \(leading.ballot)"
      }
    let promise = promised.map { ", promised \($0)" } ?? ""
    return "\(role)\(promise), executed \(machine.number): \(machine.store)"
  }
}

extension MultiPaxos.Server.Waiting {
  fileprivate var isOfOperator: Bool { if case .members = request { true } else { false } }
}
