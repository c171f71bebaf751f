import ProtocolCore
import ReplicatedLog

// What is chosen, and what comes of it.

extension MultiPaxos.Server {
  /// A leader says that it leads, and what is chosen.
  mutating func follow(
    _ ballot: Ballot, chosen number: Int, beat: Int, of leader: NodeID
  ) -> Out {
    guard promised.map({ ballot >= $0 }) ?? true else { return reject(ballot, of: leader) }
    let followed = standing.ballot.map { $0 < ballot } ?? true ? becomeFollower() : []
    return followed + grant(ballot, beat, to: leader)
      + learn(upTo: number, in: ballot, of: leader)
  }

  // begin learning
  /// Takes for chosen, up to a number, what it has accepted in the ballot of the leader that says
  /// so; what it lacks it asks for.
  mutating func learn(upTo number: Int, in ballot: Ballot, of leader: NodeID) -> Out {
    let known = slots.filter { slot in
      slot.number > machine.number && slot.number <= number
        && require(.commitOfItsBallot, slot.ballot == ballot)
    }
    let effects = learn(known.map { MultiPaxos.Chosen($0.number, $0.entry) })
    guard machine.number < number, obey(.laggardsFetch) else { return effects }
    return effects + [.send(.fetch(machine.number), to: leader)]
  }

  /// Another tells what is chosen.
  ///
  /// A leader that has not counted that itself was superseded: what it
  /// proposes there is not what is chosen, and it must not say so in its own ballot.
  mutating func hear(_ entries: [MultiPaxos.Chosen]) -> Out {
    let isNews = entries.contains { $0.number > machine.number && entry($0.number) == nil }
    let followed = isLeading && isNews && obey(.supersededSteps) ? becomeFollower() : []
    return followed + learn(entries)
  }

  /// Executes what is chosen, in the order of the numbers.
  mutating func learn(_ entries: [MultiPaxos.Chosen]) -> Out {
    for new in entries where new.number > machine.number && entry(new.number) == nil {
      chosen.append(new)
    }
    chosen.sort { $0.number < $1.number }
    var effects: Out = []
    while let next = chosen.first(where: { $0.number > machine.number }),
      require(.executedInOrder, next.number == machine.number + 1)
    {
      effects += execute(next)
    }
    return effects
  }

  private mutating func execute(_ next: MultiPaxos.Chosen) -> Out {
    let voters = members(for: machine.number + 1)
    machine.number = next.number
    var effects: Out = [.note(.applied(next.number, next.entry))]
    if members(for: machine.number + 1) != voters { effects += endLeases() }

    switch next.entry {
    case .command(let command):
      let result =
        obey(.executedOnce) ? machine.store.apply(command) : machine.store.applyAnew(command)
      effects += answer(.command(command), result)
    case .members(let members):
      machine.configurations.append(
        .init(from: next.number + MultiPaxos.window, members: members))
      effects += answerOperators(members, next.number)
      if case .leading(let leading) = standing { effects += askNewMembers(leading) }
    case .noop: break
    }
    if next.number.isMultiple(of: MultiPaxos.checkpointInterval) {
      checkpoint = machine
      forget(upTo: next.number)
      effects += [.persist(.checkpoint(checkpoint))]
    }
    return effects
  }
  // end learning

  /// Answers the operators for whom these members were proposed under this number, in the ballot
  /// that this server has led since: they are chosen since they asked.
  private mutating func answerOperators(_ members: [NodeID], _ number: Int) -> Out {
    let answered = waiting.filter {
      $0.request == .members(members) && require(.ownChoiceAnswers, $0.number == number)
    }
    waiting.removeAll { answered.contains($0) }
    return answered.map { .reply(.done, to: $0.client) }
  }

  private mutating func answer(
    _ request: MultiPaxos.Words.Request, _ reply: MultiPaxos.Words.Reply
  ) -> Out {
    let answered = waiting.filter { $0.request == request }
    waiting.removeAll { $0.request == request }
    return answered.map { .reply(reply, to: $0.client) }
  }

  /// Asks those who vote what it lacks, since it votes no more, or not yet.
  ///
  /// They may lack what it has.
  func askVoters() -> Out {
    guard !isRebuilding, obey(.laggardsFetch) else { return [] }
    return others(of: electorate).map { .send(.fetch(machine.number), to: $0) } + awaitLeader()
  }

  /// Another asks for what is chosen after a number; if it has more, that is asked for in turn.
  func answer(_ number: Int, of other: NodeID) -> Out {
    let asked: Out =
      number > machine.number && obey(.laggardsFetch)
      ? [.send(.fetch(machine.number), to: other)] : []
    return asked + tell(after: number, to: other)
  }

  /// Tells one that lags what is chosen after a number; what it has forgotten, by its checkpoint.
  func tell(after number: Int, to laggard: NodeID) -> Out {
    var effects: Out = []
    if number < checkpoint.number { effects += [.send(.install(checkpoint), to: laggard)] }
    let entries = chosen.filter { $0.number > max(number, checkpoint.number) }
    if !entries.isEmpty { effects += [.send(.chosen(entries), to: laggard)] }
    return effects
  }

  /// Takes over what the entries up to a number have made, if it has not come so far.
  mutating func install(_ told: Checkpoint?) -> Out {
    guard let told, told.number > machine.number else { return [] }
    let followed = isLeading && obey(.supersededSteps) ? becomeFollower() : []
    machine = told
    checkpoint = told
    forget(upTo: told.number)
    return followed + [.persist(.checkpoint(told)), .note(.restored(told.number))]
      + answerWhatIsMade() + learn([])
  }

  /// Answers what the checkpoint that it took over has made.
  private mutating func answerWhatIsMade() -> Out {
    var effects: Out = []
    for request in Set(waiting.map(\.request)).sorted(by: { "\($0)" < "\($1)" }) {
      switch request {
      case .command(let command):
        let own = machine.store.sessions.first { $0.client == command.client }
        guard let own, own.serial == command.serial else { continue }
        effects += answer(request, command.operation.reply(own.result))
      // When they were chosen it does not tell; and for the others nobody waits.
      case .members, .rebuild, .transfer: break
      }
    }
    return effects
  }

  /// Its disk was lost: what it had promised it does not know, so it votes no more.
  mutating func rebuild(_ client: RequestID) -> Out {
    isRebuilding = true
    return [.persist(.rebuilding), .reply(.done, to: client)] + becomeFollower()
      + [.cancel(.election)]
  }
}
