import AtomicCommitment
import Foundation
import Lab
import PostgreSQLClient
import ProtocolCore
import TwoPhaseCommit

/// Drives chapter 3's coordinator, unchanged: its records go into a file, its messages to
/// databases, its timers by the wall's clock.
@MainActor struct CoordinatorDriver {
  private var host: Lab.Host<TwoPhaseCommit.Node>
  private var journal: Journal
  /// Whether the transaction was over when this process began.
  private let wasOver: Bool
  private let participants: [(id: NodeID, database: DatabaseParticipant)]
  private let points: CrashPoints
  /// What each line begins with: the transaction, where there are several.
  private let mark: String
  private let out: (String) -> Void
  private var choices: Choices
  private var waits: [Words.Timer: Task<Void, Never>] = [:]
  private let inbox: AsyncStream<Arrival>
  private let post: AsyncStream<Arrival>.Continuation
  /// What was decided, as far as this process knows.
  private var decision: Decision?
  /// The participants that owe nothing: they have voted no, or acknowledged.
  private var done: Set<NodeID> = []
  /// The participants whose databases refuse for good, and are asked nothing more.
  private var refusing: [NodeID] = []
  /// Those of them that are not the databases that take part.
  private var mistaken: [NodeID] = []
  /// The participants of which it was told that they do not answer.
  private var silent: Set<NodeID> = []

  /// What happens to the coordinator.
  private enum Arrival: Sendable {
    case message(Words.Message, from: NodeID)
    case refusal(DatabaseError, by: NodeID)
    case expired(Words.Timer)
    /// It is time to look again who is in doubt.
    case looking
  }

  /// What a tick lasts, in milliseconds.
  private static let tick = 15

  static let name: NodeID = "c"

  init(
    _ journal: Journal, _ participants: [(id: NodeID, database: DatabaseParticipant)],
    without rules: Set<Rule> = [], points: CrashPoints, seed: UInt64,
    mark: String = "", tell: @escaping (String) -> Void
  ) {
    let machine = Coordinator(participants: participants.map(\.id), without: rules)
    host = Lab.Host(Self.name, .coordinator(machine), disk: journal.records)
    self.journal = journal
    wasOver = journal.isOver
    self.participants = participants
    self.points = points
    self.mark = mark
    out = tell
    choices = Choices(seed: seed)
    (inbox, post) = AsyncStream.makeStream()
  }

  /// Commits a transaction whose work is done, or goes on from the journal, until nobody is in
  /// doubt but databases that refuse for good.
  ///
  /// - Parameter isNew: Whether the client asks now.
  mutating func run(isNew: Bool) async throws -> TransactionOutcome {
    try await take(.start)
    if isNew {
      try await take(.ask(.commit, hasClient: true))
    } else {
      await hearWhoIsInDoubt()
    }
    while !(await isOver()) {
      var arrivals = inbox.makeAsyncIterator()
      guard let arrival = await arrivals.next() else { break }
      switch arrival {
      case .message(let message, let sender):
        await pass("before \(message) from \(sender)")
        tell("    \(sender) → c \(message)")
        try note(message, from: sender)
        if message == .inquire, journal.isOver, let decision = journal.decision {
          // The machine has forgotten, and would presume. The journal has not.
          await sendAtPoints(.decide(decision), to: sender)
        } else {
          try await take(.receive(message, from: sender))
        }
        await pass("after \(message) from \(sender)")
      case .refusal(let error, let sender): hear(error, by: sender)
      case .expired(let timer):
        if host.isSet(timer) { try await take(.expire(timer)) }
      case .looking: await hearWhoIsInDoubt()
      }
    }
    waits.values.forEach { $0.cancel() }
    if journal.isOver {
      for participant in participants where !refusing.contains(participant.id) {
        await participant.database.forget()
      }
    }
    journal.end()
    return TransactionOutcome(
      decision: decision ?? journal.decision, damaged: journal.damaged,
      refusing: journal.isOver ? [] : refusing, mistaken: journal.isOver ? [] : mistaken,
      points: points.passed)
  }

  /// Whether the coordinator has forgotten and no database is in doubt, but for those that refuse:
  /// the coordinator cannot forget then.
  private mutating func isOver() async -> Bool {
    let isStuck = decision != nil && !refusing.isEmpty
    guard host.alarms.isEmpty || isStuck, host.unstable.isEmpty else { return false }
    for participant in participants where await isInDoubt(participant) != false {
      let post = post
      Task {
        try? await Task.sleep(for: .milliseconds(Self.tick * 10))
        post.yield(.looking)
      }
      return false
    }
    return true
  }

  /// A database that is in doubt asks nobody; whoever speaks for it does, as a participant that
  /// starts again would.
  private mutating func hearWhoIsInDoubt() async {
    for participant in participants where await isInDoubt(participant) == true {
      post.yield(.message(.inquire, from: participant.id))
    }
  }

  /// Whether a database is in doubt; nil if it cannot be asked now.
  ///
  /// One that refuses for good is waited for no more.
  private mutating func isInDoubt(
    _ participant: (id: NodeID, database: DatabaseParticipant)
  ) async -> Bool? {
    guard !refusing.contains(participant.id) else { return false }
    do throws(DatabaseError) {
      return try await participant.database.isInDoubt()
    } catch {
      hear(error, by: participant.id)
      // What was over before is waited for no more: it is only looked whether a stand-by has taken
      // over that knows less.
      return error.isLasting || wasOver ? false : nil
    }
  }

  /// What a message says of what its sender owes.
  private mutating func note(_ message: Words.Message, from sender: NodeID) throws {
    if case .damage = message { try journal.noteDamage(at: sender.name) }
    switch message {
    case .vote(.no), .ack, .damage: done.insert(sender)
    case .prepare, .vote, .decide, .inquire, .uncertain: break
    }
  }

  /// A database does not answer, or refuses for good: that is told once, with what an operator can
  /// do.
  private mutating func hear(_ error: DatabaseError, by id: NodeID) {
    guard error.isLasting else {
      if !journal.isOver, silent.insert(id).inserted {
        tell("    \(id) does not answer (\(error)); asked again")
      }
      return
    }
    guard !refusing.contains(id) else { return }
    refusing.append(id)
    // It may refuse what it likes when nobody wants anything of it.
    guard !journal.isOver, !done.contains(id),
      let database = participants.first(where: { $0.id == id })?.database
    else { return }
    if case .anotherDatabase = error {
      mistaken.append(id)
      tell("✗ \(id): \(error), by \(journal.path):1. Look at its --participant")
      return
    }
    tell("✗ \(id) refuses for good: \(error)")
    let verb = decision == .commit ? "COMMIT" : "ROLLBACK"
    tell(
      """
        \(id) may be in doubt, with its locks. Mend what it refuses and start this again, with \
      \(journal.path); or, there, as owner or superuser, in the database that has prepared it:
        \(verb) PREPARED \(database.name)
      """)
  }

  private func tell(_ lines: String) {
    for line in lines.split(separator: "\n") { out(mark + line) }
  }

  private func pass(_ what: String) async { await points.pass(mark + what) }

  // MARK: Effects

  private mutating func take(_ stimulus: Stimulus<Words>) async throws {
    await carryOut(host.take(stimulus))
    while !host.unstable.isEmpty {
      let records = host.unstable
      let words = records.map(\.description).joined(separator: ", ")
      await pass("before \(words) is stored")
      try journal.append(records)
      tell("c ⤓ \(words)")
      await pass("after \(words) is stored")
      await carryOut(host.take(.store(records.count)))
    }
  }

  private mutating func carryOut(_ happenings: [Happening<Words>]) async {
    for happening in happenings {
      switch happening {
      case .sent(let message, let id): await sendAtPoints(message, to: id)
      case .replied(let reply, _):
        await pass("before the client hears")
        tell("c ⇒ \(reply)")
        await pass("after the client has heard")
      case .set(let timer, let range): wait(for: timer, range)
      case .cancelled(let timer): waits.removeValue(forKey: timer)?.cancel()
      case .noted(let note): hear(note)
      // What waits for the disk leaves later, and is told then; there are no streams.
      case .started, .crashed, .forgot, .asked, .disconnected, .expired, .stored, .persisted, .held,
        .heldReply, .dropped, .connects, .disconnects, .repliedAgain:
        break
      }
    }
  }

  private func sendAtPoints(_ message: Words.Message, to id: NodeID) async {
    await pass("before \(message) to \(id)")
    send(message, to: id)
    await pass("after \(message) to \(id)")
  }

  private func send(_ message: Words.Message, to id: NodeID) {
    guard !refusing.contains(id) else { return }
    tell("    c → \(id) \(message)")
    guard let database = participants.first(where: { $0.id == id })?.database else { return }
    let post = post
    Task {
      do throws(DatabaseError) {
        guard let answer = try await database.answer(to: message) else { return }
        if message == .prepare, let refusal = await database.refusal {
          tell("    \(id) cannot prepare: \(refusal)")
        }
        post.yield(.message(answer, from: id))
      } catch {
        post.yield(.refusal(error, by: id))
      }
    }
  }

  private mutating func wait(for timer: Words.Timer, _ range: ClosedRange<Ticks>) {
    let ticks = choices.within(range.lowerBound.count...range.upperBound.count)
    let post = post
    waits[timer]?.cancel()
    waits[timer] = Task {
      try? await Task.sleep(for: .milliseconds(ticks * Self.tick))
      if !Task.isCancelled { post.yield(.expired(timer)) }
    }
  }

  private mutating func hear(_ note: Words.Note) {
    if case .decided(let decision) = note { self.decision = decision }
    tell("c ● \(note)")
  }
}

/// What became of a transaction.
struct TransactionOutcome: Sendable {
  /// What was decided; nil if the process found no trace of a transaction.
  let decision: Decision?
  /// Where an operator has decided otherwise.
  let damaged: [String]
  /// Which databases refuse for good, and are perhaps in doubt.
  let refusing: [NodeID]
  /// Which of them are not the databases that take part.
  let mistaken: [NodeID]
  /// How many points were passed at which the process could have been killed.
  let points: Int
}
