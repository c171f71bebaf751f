import Synchronization
import Testing

@testable import Conformance

/// A kind of target that has nothing to do with ZooKeeper, a counter: the runner, verdicts, journal
/// and deviations need nothing else than what `Target` asks.
@Suite struct TargetKindTests {
  private static func each(_ number: Int, _ steps: [Counting.Step], _ level: Level = .must) -> Case
  {
    let id = "COUNT-TRY-00\(number)"
    let label = CaseLabel(
      id: id, slug: "", title: "It counts", level: level, claims: ["COUNT-1"], chapter: "count",
      topic: "try", place: Place(file: "here"))
    return Case(label, .conversation(Counting(steps: steps)))
  }

  private static let cases = [
    each(1, [.add(1), .expect(1)]), each(2, [.add(3), .expect(3)]),
    each(3, [.add(3), .expect(3)], .should),
    Case(each(4, []).label, .conversation(Foreign())),
  ]

  private static func run(
    _ target: CounterTarget, _ options: RunOptions = RunOptions()
  ) async -> (reports: [CaseReport], runner: Runner, end: RunEnd) {
    let journal = JournalWriter()
    let runner = Runner(target, options, journal: journal)
    let end = await runner.run(cases)
    let reports = journal.journal?.judgements ?? []
    return (reports.sorted { $0.label.id < $1.label.id }, runner, end)
  }

  @Test func `A sound target passes, and what asks another kind is unsupported`() async {
    let target = CounterTarget()
    let (reports, runner, end) = await Self.run(target)
    #expect(reports.map(\.verdict) == [.pass, .pass, .pass, .unsupported])
    #expect(reports.last?.reason == "asks no counter")
    #expect(runner.leftBehind == nil && !end.wasStopped)
    #expect(target.log.withLock(\.self) == ["clear 1", "clear 2", "clear 3", "end"])
  }

  @Test func `A flaw is a failure, a pass that is not strict, or a known deviation`() async throws {
    let target = CounterTarget(most: 2)
    let verdicts = await Self.run(target).reports.map(\.verdict)
    #expect(verdicts == [.pass, .fail, .passNonStrict, .unsupported])
    var options = RunOptions()
    try options.deviations.add("COUNT-TRY-002 it is small", at: Place(file: "known"))
    options.isStrict = true
    let known = await Self.run(target, options).reports
    #expect(known.map(\.verdict) == [.pass, .knownDeviation, .fail, .unsupported])
    #expect(known[1].reason == "it is small")
    #expect(
      known[1].outcome.differences == [CaseResult.Difference("count", expected: "3", got: "2")])
  }

  @Test func `What clean-up finds is judged, and a target that is gone ends the run`() async {
    let (reports, runner, _) = await Self.run(CounterTarget(isDirty: true))
    #expect(reports.map(\.label.id).contains("COUNT-CLEAN-001"))
    #expect(reports.first { $0.label.id == "COUNT-CLEAN-001" }?.verdict == .fail)
    #expect(runner.leftBehind == "a count")
    let (none, _, end) = await Self.run(CounterTarget(isGone: true))
    #expect(none.map(\.verdict) == [.error, .unsupported])
    #expect(end.cause == .lost)
  }
}

/// What is said to a counter.
private struct Counting: Conversation {
  enum Step: Sendable { case add(Int), expect(Int) }
  let steps: [Step]
  var drawnText: String? { nil }
}

/// What is said to something else.
private struct Foreign: Conversation {
  var drawnText: String? { nil }
}

/// A counter, perhaps one that counts no further than `most`.
private final class CounterTarget: Target, TargetRun {
  let most: Int
  let isDirty: Bool
  let isGone: Bool
  let log = Mutex<[String]>([])

  init(most: Int = .max, isDirty: Bool = false, isGone: Bool = false) {
    self.most = most
    self.isDirty = isDirty
    self.isGone = isGone
  }

  let url = "counter:"
  let isShared = true
  let profileLine = "counts"
  let place = "the counter"

  func reasonAgainst(_ conversation: any Conversation) -> String? {
    conversation is Counting ? nil : "asks no counter"
  }

  func run(_ options: RunOptions) -> any TargetRun { self }

  func session(patience: Int64) async throws(TargetError) -> any TargetSession {
    if isGone { throw TargetError(url, .nothingListens, kind: "counter") }
    return CounterSession(most: most)
  }

  func clear(after performance: any Performance, with session: (any TargetSession)?) async {
    let number = (performance as? CounterPerformance)?.number ?? 0
    log.withLock { $0.append("clear \(number)") }
  }

  func end() async -> CleanUpReport {
    log.withLock { $0.append("end") }
    guard isDirty else { return CleanUpReport() }
    let label = CaseLabel(
      id: "COUNT-CLEAN-001", slug: "", title: "It is taken away", level: .must, claims: [],
      chapter: "count", topic: "clean", place: Place(file: "here"))
    return CleanUpReport(
      leftBehind: "a count", finding: (label, CaseResult(.fail, "a count stays")))
  }
}

private struct CounterSession: TargetSession {
  let most: Int
  let hasEnded = false
  let silence = 0.0

  func prepare(
    _ conversation: any Conversation, of label: CaseLabel
  ) async throws -> any Performance {
    let counting = try #require(conversation as? Counting)
    return CounterPerformance(
      steps: counting.steps, most: most, number: Int(label.id.suffix(1)) ?? 0)
  }

  func isAnswered() async -> Bool { true }
  func pause(_ milliseconds: Int64) async {}
  func leave() async {}
  func abandon() {}
}

private struct CounterPerformance: Performance {
  let steps: [Counting.Step]
  let most: Int
  let number: Int
  let longestWait: Int64 = 0
  let silence = 0.0
  let elapsed = 0.0

  mutating func play() async -> CaseResult {
    var count = 0
    for step in steps {
      switch step {
      case .add(let more): count = min(count + more, most)
      case .expect(let wanted) where wanted != count:
        var result = CaseResult(.fail, "the count is wrong")
        result.differences = [
          CaseResult.Difference("count", expected: "\(wanted)", got: "\(count)")
        ]
        return result
      case .expect: continue
      }
    }
    return CaseResult(.pass)
  }

  mutating func leave() async -> CaseResult? { nil }
  mutating func hangUp() async {}
}
