public import ProtocolCore
import ReplicatedLog

// Phase 2: a leader proposes, the others accept, and the leader counts.

extension MultiPaxos.Server {
  /// What a leader keeps.
  public struct Leading: Hashable, Sendable {
    /// Its ballot.
    public let ballot: Ballot
    /// Those of whom a majority made it the leader.
    public let electors: [NodeID]
    /// Those who have promised it, by name.
    public internal(set) var promisers: [NodeID]
    /// What they reported and is not yet proposed again.
    public internal(set) var reported: [Slot]
    /// The greatest number that was reported, or executed when it began.
    public internal(set) var recovered: Int
    /// The next number under which it proposes.
    public internal(set) var next: Int
    /// What it has proposed and is not chosen.
    public internal(set) var open: [Open] = []
    /// Its last beat, and those who have answered it.
    var lastBeat = 0
    var followers: [NodeID] = []
    /// How many beats were sent since a majority answered one.
    var unanswered = 0
    /// The beats whose leases have not run out, and the last that a majority has granted.
    var leases: [Int] = []
    var leased: Int?
  }

  /// A number that is proposed, and those who have accepted it, by name.
  public struct Open: Hashable, Sendable {
    /// The number.
    public let number: Int
    /// Those who have accepted it.
    public internal(set) var voters: [NodeID] = []
  }

  /// Leads, and proposes again what was reported.
  mutating func lead(_ preparing: Preparing) -> Out {
    let reported = preparing.reported.filter { $0.number > machine.number }
    standing = .leading(
      Leading(
        ballot: preparing.ballot, electors: members(for: machine.number + 1),
        promisers: preparing.promisers, reported: reported,
        recovered: reported.last?.number ?? machine.number, next: machine.number + 1))
    return [.note(.leads), .cancel(.election)]
      + [.set(.beat, after: MultiPaxos.Words.Timer.beat.patience)] + advance()
  }

  // begin leading
  /// Proposes what was reported, in order, and no-ops where nothing was, as far as the window goes.
  mutating func advance() -> Out {
    var effects: Out = []
    while case .leading(var leading) = standing {
      if leading.next <= machine.number || entry(leading.next) != nil {
        leading.next = max(leading.next + 1, machine.number + 1)
        standing = .leading(leading)
        continue
      }
      leading.recovered = max(leading.recovered, leading.reported.last?.number ?? 0)
      standing = .leading(leading)
      guard leading.next <= leading.recovered, mayPropose(leading.next) else { break }
      let slot = leading.reported.first { $0.number == leading.next }
      guard let entry = slot?.entry ?? (obey(.gapsFilled) ? .noop : nil) else { break }
      effects += propose(entry)
    }
    return effects
  }

  /// Whether it may propose under a number: the window reaches so far, and a majority of those who
  /// vote on it has promised.
  func mayPropose(_ number: Int) -> Bool {
    guard case .leading(let leading) = standing else { return false }
    let end = machine.number.addingReportingOverflow(MultiPaxos.window).partialValue
    let members = members(for: number)
    let havePromised = members == leading.electors || isMajority(leading.promisers, for: number)
    return require(.windowKept, number <= end) && require(.newMembersPromise, havePromised)
  }
  // end leading

  /// Proposes an entry under the next number. (phase 2a)
  ///
  /// The others may be asked while its own disk works; it counts itself when that is done.
  mutating func propose(_ entry: ReplicatedLog.Entry) -> Out {
    guard case .leading(var leading) = standing else { return [] }
    let slot = Slot(leading.next, leading.ballot, entry)
    leading.next += 1
    leading.open.append(Open(number: slot.number))
    standing = .leading(leading)
    set(slot)
    let asked: Out = others(of: members(for: slot.number)).map {
      .send(.accept(slot, chosen: machine.number), to: $0, .atOnce)
    }
    let own = obey(.ownVoteStoredFirst) ? [] : count(acceptance: slot.ballot, slot.number, of: id)
    return [.persist(.accepted(slot))] + asked + own
  }

  /// Accepts what a leader proposes. (phase 2b)
  mutating func accept(_ slot: Slot, chosen number: Int, of leader: NodeID) -> Out {
    guard !isRebuilding else { return learn(upTo: number, in: slot.ballot, of: leader) }
    guard require(.promiseKept, promised.map { slot.ballot >= $0 } ?? true) else {
      return reject(slot.ballot, of: leader)
    }
    let isPromised = promised == slot.ballot
    if obey(.acceptancePromises) { promised = slot.ballot }
    var effects = standing.ballot.map { $0 < slot.ballot } ?? true ? becomeFollower() : []
    if slot.number > checkpoint.number, self.slot(slot.number) != slot {
      set(slot)
      effects += [.persist(.accepted(slot))]
    } else if !isPromised, obey(.acceptancePromises) {
      effects += [.persist(.promised(slot.ballot))]  // its checkpoint holds the entry already
    }
    return effects
      + [
        .send(
          .accepted(slot.ballot, slot.number), to: leader, release(.acceptanceStoredFirst))
      ] + learn(upTo: number, in: slot.ballot, of: leader)
  }

  /// Counts an acceptance; with enough the entry is chosen.
  mutating func count(acceptance ballot: Ballot, _ number: Int, of voter: NodeID) -> Out {
    guard case .leading(var leading) = standing,
      require(.thisBallotCounted, leading.ballot == ballot),
      let place = leading.open.firstIndex(where: { $0.number == number }),
      !leading.open[place].voters.contains(voter), let slot = slot(number)
    else { return [] }  // of a ballot that is over, chosen already, or doubled
    leading.open[place].voters = (leading.open[place].voters + [voter]).sorted()
    standing = .leading(leading)
    let enough = isMajority(leading.open[place].voters, for: number)
    guard require(.quorumAccepts, enough) else { return [] }
    leading.open.remove(at: place)
    standing = .leading(leading)
    return learn([MultiPaxos.Chosen(number, slot.entry)]) + advance()
  }

  // begin asked
  /// Proposes what a client asks for, unless it is done, or under way.
  mutating func take(_ request: MultiPaxos.Words.Request, _ client: RequestID) -> Out {
    if request == .rebuild { return rebuild(client) }
    guard case .leading(let leading) = standing else { return [.reply(.refused, to: client)] }
    let entry: ReplicatedLog.Entry
    switch request {
    case .command(let command):
      if let answer = machine.store.answer(to: command) { return [.reply(answer, to: client)] }
      if case .get(let key) = command.operation, mayRead {
        return [.reply(.value(machine.store[key]), to: client)]
      }
      entry = .command(command)
    case .members(let members): entry = .members(members)
    case .rebuild: return []
    // A server leads here by its own ballot only.
    case .transfer: return [.reply(.refused, to: client)]
    }
    var open = leading.open.first { slot($0.number)?.entry == entry }
    // That others have accepted may be long ago: an operator is answered by a number of its own.
    if case .members = request, obey(.ownChoiceAnswers) { open = nil }
    let isRecovered = leading.next > leading.recovered
    guard open != nil || isRecovered && mayPropose(leading.next) else {
      return [.reply(.refused, to: client)]
    }
    waiting.append(
      Waiting(request: request, client: client, number: open?.number ?? leading.next))
    return open == nil ? propose(entry) : []
  }
  // end asked

  /// Tells that it leads, and proposes again what is not chosen.
  mutating func beat() -> Out {
    guard case .leading(var leading) = standing else { return [] }
    var effects: Out = []
    if variant == .lease {
      // One that a majority does not answer keeps others from leading.
      guard leading.unanswered < MultiPaxos.patientBeats else { return becomeFollower() }
      leading.unanswered += 1
      leading.lastBeat += 1
      leading.followers = []
      leading.leases.append(leading.lastBeat)
      standing = .leading(leading)
      effects += askForLease(leading.lastBeat)
    }
    effects += others(of: electorate).map {
      .send(.lead(leading.ballot, chosen: machine.number, beat: leading.lastBeat), to: $0)
    }
    // One that votes no more leads on until another does: those that vote now may not know it yet.
    if obey(.proposalsRepeated) {
      effects += leading.open.compactMap { slot($0.number) }.flatMap { slot in
        others(of: members(for: slot.number)).map {
          .send(.accept(slot, chosen: machine.number), to: $0, .atOnce)
        }
      }
    }
    effects += askNewMembers(leading)
    return effects + [.set(.beat, after: MultiPaxos.Words.Timer.beat.patience)]
  }

  /// Those who came to vote since it leads have to promise as well.
  func askNewMembers(_ leading: Leading) -> Out {
    guard machine.configurations.count > 1 else { return [] }
    return others(of: electorate).filter { !leading.promisers.contains($0) }.map {
      .send(.prepare(leading.ballot, from: machine.number + 1), to: $0)
    }
  }
}
