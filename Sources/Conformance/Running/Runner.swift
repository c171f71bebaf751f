import Foundation
import Synchronization

/// Judges cases on a target, several at a time, and writes each verdict into the journal as it
/// falls.
///
/// A case that is over keeps its connections for a while: whatever a server sends late still fails
/// it. A target that dies, hangs or floods costs the cases under way their verdicts; when it does
/// not come back no more are begun, and those that were not are told as not judged.
public final class Runner: Sendable {
  let target: any Target
  let options: RunOptions
  let journal: JournalWriter
  /// What the run has on the target.
  let part: any TargetRun
  private let onVerdict: @Sendable (CaseReport) -> Void
  private let state = Mutex(State())

  private struct State {
    var begin = ContinuousClock.now
    var isStopped = false
    /// Whether the time that the run was given is over.
    var isSpent = false
    var next = 0
    /// The ids of the cases under way, in the order in which they were begun.
    var running: [String] = []
    var outage = Outage()
    var leftBehind: String?
    /// The last verdict on each case.
    var last: [String: CaseReport] = [:]
  }

  /// A runner of these parts.
  ///
  /// - Parameter onVerdict: Told each verdict as it falls, and again if it has to be changed.
  public init(
    _ target: any Target, _ options: RunOptions, journal: JournalWriter,
    onVerdict: @escaping @Sendable (CaseReport) -> Void = { _ in }
  ) {
    self.target = target
    part = target.run(options)
    self.options = options
    self.journal = journal
    self.onVerdict = onVerdict
  }

  /// Where on the target the run works: its folder.
  public var place: String { part.place }

  /// Begins no more cases, and breaks off those that wait.
  public func stop() { state.withLock { $0.isStopped = true } }

  /// Whether it was stopped.
  public var isStopped: Bool { state.withLock(\.isStopped) }

  /// What was left behind on the target, and why, in one line; nil if nothing was.
  public var leftBehind: String? { state.withLock(\.leftBehind) }

  /// What is done at the moment, in a few words.
  public var activity: String {
    state.withLock { state in
      guard state.outage.struck.isEmpty else { return "the target does not answer: trying again" }
      guard let first = state.running.first else { return "clearing up" }
      return first + (state.running.count > 1 ? " and \(state.running.count - 1) more" : "")
    }
  }

  /// Which cases are for a target, and which are not, and why.
  public static func plan(
    _ cases: [Case], for target: some Target
  ) -> (plan: [Case], unsupported: [(Case, String)]) {
    var plan: [Case] = []
    var unsupported: [(Case, String)] = []
    for each in cases {
      if let reason = target.reasonAgainst(each) {
        unsupported.append((each, reason))
      } else {
        plan.append(each)
      }
    }
    return (plan, unsupported)
  }

  /// Judges these cases; a runner runs once.
  public func run(_ cases: [Case]) async -> RunEnd {
    state.withLock { $0.begin = .now }
    journal.begin(
      RunLabel(
        target: target.url, profile: target.profileLine, planned: cases.count,
        seed: options.seed, started: Date().timeIntervalSince1970), plan: cases.map(\.label))
    let (plan, unsupported) = Runner.plan(cases, for: target)
    for (each, reason) in unsupported { tell(.unsupported(each.label, reason)) }
    await withTaskGroup(of: Void.self) { group in
      for _ in 0..<max(1, min(options.jobs, plan.count)) {
        group.addTask { [self] in
          var worker = Worker(self)
          while let each = next(in: plan) { await worker.judge(each) }
          await worker.leave()
        }
      }
    }
    await sweep()
    let end = end(of: cases)
    journal.end(end)
    return end
  }

  private func end(of cases: [Case]) -> RunEnd {
    state.withLock { state in
      let seconds = state.begin.duration(to: .now).inSeconds
      if state.outage.isFinal {
        return RunEnd(.lost, why: state.outage.words, seconds: seconds)
      }
      if state.isStopped {
        return RunEnd(.interrupted, why: "the run was interrupted", seconds: seconds)
      }
      guard state.isSpent else { return RunEnd(seconds: seconds) }
      let budget = (options.budget ?? 0).formatted()
      return RunEnd(.spent, why: "the run's budget of \(budget) s was spent", seconds: seconds)
    }
  }

  /// Ends the run on the target, and judges what clean-up has met.
  private func sweep() async {
    guard target.isShared else { return }
    let report = await part.end()
    state.withLock { $0.leftBehind = report.leftBehind }
    guard let (label, result) = report.finding else { return }
    // Its own case may be among those that were judged.
    judged(state.withLock { $0.last[label.id]?.label } ?? label, result, 0)
  }

  /// Judges one case by itself, and writes its verdict into the journal.
  public func judge(_ each: Case) async -> CaseReport {
    if let reason = target.reasonAgainst(each) {
      tell(.unsupported(each.label, reason))
    } else {
      var worker = Worker(self)
      await worker.judge(each)
      await worker.leave()
      await sweep()
    }
    return state.withLock { $0.last[each.label.id] }
      ?? CaseReport(label: each.label, verdict: .error, outcome: CaseResult(.error, "not judged"))
  }

  private func next(in plan: [Case]) -> Case? {
    state.withLock { state -> Case? in
      guard !state.isStopped, !state.outage.isFinal, state.next < plan.count else { return nil }
      if let budget = options.budget, state.begin.duration(to: .now).inSeconds > budget {
        state.isSpent = true
        return nil
      }
      defer { state.next += 1 }
      state.running.append(plan[state.next].label.id)
      return plan[state.next]
    }
  }

  // MARK: What workers tell

  /// A case has come out like this.
  func judged(_ label: CaseLabel, _ outcome: CaseResult, _ seconds: Double) {
    tell(
      CaseReport(
        label, outcome, seconds: seconds, strict: options.isStrict,
        deviations: options.deviations))
  }

  private func tell(_ judgement: CaseReport) {
    state.withLock { state in
      state.last[judgement.label.id] = judgement
      state.running.removeAll { $0 == judgement.label.id }
      if judgement.verdict.isPass { state.outage.heard(at: state.begin.duration(to: .now)) }
    }
    journal.write(JournalEntry(judged: judgement))
    onVerdict(judgement)
  }

  /// A case was broken off, and is not judged.
  func brokeOff(_ label: CaseLabel) {
    state.withLock { state in state.running.removeAll { $0 == label.id } }
  }

  /// The target does not answer, or its connections are gone.
  ///
  /// - Parameter silence: For how many seconds nothing has come.
  func missed(_ label: CaseLabel, silence: Double) {
    state.withLock { state in
      state.outage.heard(at: state.begin.duration(to: .now) - .seconds(silence))
      state.outage.struck.append(label.id)
    }
  }

  /// The target answers again.
  func found() { state.withLock { $0.outage.struck = [] } }

  /// The target is dead: what was not judged yet will not be.
  func giveUp() { state.withLock { $0.outage.isFinal = true } }

  /// Whether the target is dead.
  var hasGivenUp: Bool { state.withLock(\.outage.isFinal) }
}

/// What is known of a target's silence.
private struct Outage {
  /// When something last came, in seconds since the run began.
  private(set) var lastHeard = 0.0
  /// The cases that have met it.
  var struck: [String] = []
  /// Whether it did not come back.
  var isFinal = false

  mutating func heard(at time: Duration) { lastHeard = max(lastHeard, time.inSeconds) }

  var words: String {
    let seconds = (lastHeard * 10).rounded() / 10
    let cases = struck.isEmpty ? "" : ", while these ran: \(struck.joined(separator: ", "))"
    return "the target stopped answering at \(seconds) s\(cases)"
  }
}

extension Duration {
  /// As a number of seconds.
  package var inSeconds: Double {
    Double(components.seconds) + Double(components.attoseconds) * 1e-18
  }
}

extension Target {
  /// Why a case is not for it; nil if it is.
  func reasonAgainst(_ each: Case) -> String? {
    guard case .conversation(let conversation) = each.judge else { return nil }
    return reasonAgainst(conversation)
  }
}
