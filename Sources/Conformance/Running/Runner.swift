import Foundation
import Synchronization
import ZooKeeper

/// Judges cases on a target, several at a time, and writes each verdict into the journal as it
/// falls.
///
/// On a service that is shared each case works in a folder of its own below the run's. A case that
/// is over keeps its connections for a while: whatever a server sends late still fails it. A
/// target that dies, hangs or floods costs the cases under way their verdicts, and no other.
public final class Runner: Sendable {
  let target: any ServiceTarget
  let profile: Profile
  let options: RunOptions
  let journal: JournalWriter
  /// The run's folder on the target.
  public let folder: String
  private let onVerdict: @Sendable (Judgement) -> Void
  private let state = Mutex(State())

  private struct State {
    var isStopped = false
    var deadTarget: String?
    var remarks: [String] = []
    var next = 0
    /// The last verdict on each case.
    var last: [String: Judgement] = [:]
  }

  /// A runner of these parts.
  ///
  /// - Parameter onVerdict: Told each verdict as it falls, and again if it has to be changed.
  public init(
    _ target: any ServiceTarget, _ profile: Profile, _ options: RunOptions,
    journal: JournalWriter, onVerdict: @escaping @Sendable (Judgement) -> Void = { _ in }
  ) {
    self.target = target
    self.profile = profile
    self.options = options
    self.journal = journal
    self.onVerdict = onVerdict
    folder = "/quorate-" + String(UInt32.random(in: 0x1000...0xffff), radix: 16)
  }

  /// Begins no more cases, and breaks off those that wait.
  public func stop() { state.withLock { $0.isStopped = true } }

  /// Whether it was stopped.
  public var isStopped: Bool { state.withLock(\.isStopped) }

  /// What was left behind on the target, and why.
  public var remarks: [String] { state.withLock(\.remarks) }

  /// Which cases are for a target of this profile, and which are not, and why.
  public static func plan(
    _ cases: [Case], for profile: Profile
  ) -> (plan: [Case], unsupported: [(Case, String)]) {
    var plan: [Case] = []
    var unsupported: [(Case, String)] = []
    for each in cases {
      if case .service(let service) = each.judge,
        let reason = profile.reasonAgainst(service)
      {
        unsupported.append((each, reason))
      } else {
        plan.append(each)
      }
    }
    return (plan, unsupported)
  }

  /// Judges these cases.
  public func run(_ cases: [Case]) async -> RunEnd {
    let begin = ContinuousClock.now
    journal.begin(
      RunLabel(
        target: target.url, profile: profile.description, planned: cases.count,
        seed: options.seed, started: Date().timeIntervalSince1970))
    let (plan, unsupported) = Runner.plan(cases, for: profile)
    for (each, reason) in unsupported { tell(.unsupported(each.label, reason)) }
    await run(plan, jobs: options.jobs, since: begin)
    let end = RunEnd(wasStopped: isStopped, seconds: begin.duration(to: .now).inSeconds)
    journal.end(end)
    return end
  }

  private func run(_ plan: [Case], jobs: Int, since begin: ContinuousClock.Instant) async {
    await withTaskGroup(of: Void.self) { group in
      for _ in 0..<max(1, min(jobs, plan.count)) {
        group.addTask { [self] in
          var worker = Worker(self)
          while let each = next(in: plan, since: begin) { await worker.judge(each) }
          await worker.leave()
        }
      }
    }
    await sweep()
  }

  /// Takes the run's folder away, when all in it are gone.
  private func sweep() async {
    guard target.isShared, let world = try? await target.world(),
      let steward = try? await Steward.hired(in: world, address: target.url)
    else { return }
    _ = await steward.ask(.delete(path: folder))
    await steward.leave()
  }

  /// Judges one case by itself, and writes its verdict into the journal.
  public func judge(_ each: Case) async -> Judgement {
    if case .service(let service) = each.judge,
      let reason = profile.reasonAgainst(service)
    {
      tell(.unsupported(each.label, reason))
    } else {
      var worker = Worker(self)
      await worker.judge(each)
      await worker.leave()
      await sweep()
    }
    return state.withLock { $0.last[each.label.id] }
      ?? Judgement(label: each.label, verdict: .error, outcome: Outcome(.error, "not judged"))
  }

  private func next(in plan: [Case], since begin: ContinuousClock.Instant) -> Case? {
    let each = state.withLock { state -> Case? in
      guard !state.isStopped, state.next < plan.count else { return nil }
      defer { state.next += 1 }
      return plan[state.next]
    }
    guard let each else { return nil }
    if let budget = options.budget, begin.duration(to: .now).inSeconds > budget {
      judged(each, Outcome(.inconclusive, "the run's budget of \(budget) s was spent"), 0)
      return next(in: plan, since: begin)
    }
    if let dead = state.withLock(\.deadTarget) {
      judged(each, Outcome(.error, "the target cannot be reached: \(dead)"), 0)
      return next(in: plan, since: begin)
    }
    return each
  }

  /// A case has come out like this.
  func judged(_ each: Case, _ outcome: Outcome, _ seconds: Double) {
    tell(
      Judgement(
        each.label, outcome, seconds: seconds, strict: options.isStrict,
        deviations: options.deviations))
  }

  private func tell(_ judgement: Judgement) {
    state.withLock { $0.last[judgement.label.id] = judgement }
    journal.write(JournalEntry(judged: judgement))
    onVerdict(judgement)
  }

  /// The target is dead: what was not judged yet will not be.
  func giveUp(_ why: String) { state.withLock { $0.deadTarget = why } }

  func remark(_ texts: [String]) { state.withLock { $0.remarks += texts } }
}

extension Duration {
  /// As a number of seconds.
  package var inSeconds: Double {
    Double(components.seconds) + Double(components.attoseconds) * 1e-18
  }
}
