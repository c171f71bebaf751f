public import BASE
public import Lab
import ProtocolCore

/// The transfer without two-phase commit in the laboratory.
public enum TransferLaboratory: Laboratory {
  /// The chapter.
  public typealias Subject = Transfer.Model

  /// The chapter in a few words.
  public static let title = "A transfer by a queue, with compensations"

  /// The folder of its runs.
  public static let folder = "BASE/Transfer"

  /// There are two services.
  public static let sizes = [2]

  /// What can happen.
  private static func scenario(
    crashes: Int = 0, duplicates: Int = 0, losses: Int = 0, timeouts: Int = 0,
    asking asks: [Ask<Transfer.Words>] = [move(7)]
  ) -> Scenario<Subject> {
    Scenario(
      2,
      bounds: Bounds(
        crashes: crashes, losses: losses, duplicates: duplicates, expiries: timeouts),
      workload: .only(asks))
  }

  private static func move(_ sum: Int) -> Ask<Transfer.Words> { Ask("a", oneOf: [.move(sum)]) }

  private static let close = Ask<Transfer.Words>("b", oneOf: [.close])

  /// Random faults.
  private static let played = [
    Scenario<Subject>(2, bounds: Bounds(crashes: 2), workload: .anything)
  ]

  /// What goes wrong without each rule, and with each flaw.
  public static let experiments: [Experiment<Subject>] = [
    Experiment(
      .without(.debitAndQueueTogether), violates: [.nothingLost], simulating: played),
    Experiment(
      .without(.debitStoredFirst), violates: [.nothingMade], in: [scenario(crashes: 1)]),
    Experiment(
      .without(.creditStoredFirst), violates: [.nothingLost], simulating: played),
    Experiment(
      .without(.queueOutlivesCrash), violates: [.nothingLost], simulating: played),
    Experiment(
      .without(.doneOutlivesCrash), violates: [.nothingMade],
      in: [scenario(crashes: 1, duplicates: 1)]),
    Experiment(.without(.onlyOnce), violates: [.nothingMade], in: [scenario(duplicates: 1)]),
    Experiment(
      .without(.coveredOnly), violates: [.nothingMade], in: [scenario(asking: [move(7), move(7)])]),
    Experiment(.without(.sentAgain), violates: [.nothingLost], simulating: played),
    Experiment(.without(.compensated), violates: [.nothingLost], simulating: played),
    Experiment(
      .flaw(Flaws.compensatedTwice), violates: [.nothingMade],
      in: [scenario(duplicates: 1, asking: [move(7), close])]),
    Experiment(
      .flaw(Flaws.silenceIsRefusal), violates: [.nothingMade],
      in: [scenario(timeouts: 1)]),
    Experiment(
      .flaw(Flaws.settledUnread), violates: [.nothingLost], simulating: played),
    Experiment(.flaw(.writesAfterSending), violates: [.nothingMade], in: [scenario(crashes: 1)]),
    Experiment(.flaw(.neverAnswers), violates: [.termination], simulating: played),
    Experiment(
      .flaw(Flaws.acceptedOnly), violates: [.acceptedMoved], simulating: played),
  ]

  /// One transfer, and all that may befall it; and random faults.
  public static let checks: [PropertyCheck<Subject>] = Transfer.Property.allCases.map { property in
    let small = [
      scenario(crashes: 1, duplicates: 1), scenario(duplicates: 1, asking: [move(7), close]),
    ]
    let isJudgedWhole = ![.nothingLost, .acceptedMoved, .termination].contains(property)
    return PropertyCheck(
      property, claims: ["BASE-5"], exploring: isJudgedWhole ? small : [], simulating: played)
  }

  /// Bugs that are not the absence of a rule.
  enum Flaws {
    static let compensatedTwice = Flaw<Transfer.Service>(
      "compensatedTwice", "a refusal that comes again is compensated again"
    ) { service, event in
      guard case .received(.refused, _) = event, service.queue.isEmpty else {
        return service.step(event)
      }
      _ = service.step(.started([.queued(9, 7), .compensated(9)]))
      return []
    }

    static let acceptedOnly = Flaw<Transfer.Service>(
      "acceptedOnly", "a giver accepts, and takes and queues nothing"
    ) { service, event in
      guard case .asked(.move, let client) = event else { return service.step(event) }
      var other = service
      let isRefused = other.step(event).contains(.reply(.refused, to: client))
      return [.reply(isRefused ? .refused : .accepted, to: client)]
    }

    static let silenceIsRefusal = Flaw<Transfer.Service>(
      "silenceIsRefusal", "what is not answered in time is taken for refused"
    ) { service, event in
      guard event == .expired(.queue), let first = service.queue.first else {
        return service.step(event)
      }
      return service.step(.received(.refused(first.number), from: "b"))
    }

    static let settledUnread = Flaw<Transfer.Service>(
      "settledUnread", "a message leaves the queue when it is sent"
    ) { service, event in
      let effects = service.step(event)
      guard case .asked(.move, _) = event, let last = service.queue.last else { return effects }
      return effects + service.step(.received(.done(last.number), from: "b"))
    }
  }
}
