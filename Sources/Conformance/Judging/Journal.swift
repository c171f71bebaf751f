public import Foundation
import Synchronization

/// Verdicts as they fall, one JSON object a line.
///
/// Reports are made from a journal, so that a run that was killed leaves one. The first line tells
/// of the run, the second which cases it means to judge, the last that it ended; what stands twice
/// holds as it stands last.
public struct JournalEntry: Sendable, Codable {
  /// The run's beginning.
  public var run: RunLabel?
  /// The cases that are to be judged.
  public var plan: [CaseLabel]?
  /// A verdict.
  public var judged: CaseReport?
  /// The run's end.
  public var end: RunEnd?

  package init(
    run: RunLabel? = nil, plan: [CaseLabel]? = nil, judged: CaseReport? = nil, end: RunEnd? = nil
  ) {
    self.run = run
    self.plan = plan
    self.judged = judged
    self.end = end
  }
}

/// What is known of a run when it begins.
public struct RunLabel: Hashable, Sendable, Codable {
  /// The target, as a URL.
  public var target: String
  /// What probing it found, in a line.
  public var profile: String
  /// How many cases are to be judged.
  public var planned: Int
  /// What random choices begin from.
  public var seed: UInt64
  /// When it began, in seconds since 1970.
  public var started: Double

  /// The label of these parts.
  public init(target: String, profile: String, planned: Int, seed: UInt64, started: Double) {
    self.target = target
    self.profile = profile
    self.planned = planned
    self.seed = seed
    self.started = started
  }
}

/// How a run ended.
public struct RunEnd: Hashable, Sendable, Codable {
  /// Why a run ends before all is judged.
  public enum Cause: String, Hashable, Sendable, Codable {
    /// Somebody stopped it.
    case interrupted
    /// The time that it was given was over.
    case spent
    /// The target did not answer any more.
    case lost
  }

  /// Why not all was judged; nil if all was.
  public var cause: Cause?
  /// The same in words: `the run was interrupted`.
  public var why: String?
  /// How long it took.
  public var seconds: Double

  /// Whether it was stopped before all was judged.
  public var wasStopped: Bool { cause != nil }

  /// The end of these parts.
  public init(_ cause: Cause? = nil, why: String? = nil, seconds: Double) {
    self.cause = cause
    self.why = why
    self.seconds = seconds
  }
}

/// A whole journal, read back.
public struct Journal: Hashable, Sendable {
  /// What is known of the run.
  public var run: RunLabel
  /// The verdicts, in the order in which they first fell.
  public var judgements: [CaseReport]
  /// The cases that were to be judged and were not.
  public var unjudged: [CaseLabel]
  /// Its end; nil if it was killed.
  public var end: RunEnd?

  /// The journal of these parts.
  public init(
    run: RunLabel, judgements: [CaseReport], unjudged: [CaseLabel] = [], end: RunEnd?
  ) {
    self.run = run
    self.judgements = judgements
    self.unjudged = unjudged
    self.end = end
  }

  /// Why cases were not judged.
  public var whyUnjudged: String { end?.why ?? "the run was interrupted" }

  /// What `lines` say.
  ///
  /// A last line that is cut short is left out: the process died while it wrote. Nil if there is
  /// no run at all.
  public init?(lines: some Sequence<Substring>) {
    let decoder = JSONDecoder()
    self.init(
      lines.lazy.compactMap { try? decoder.decode(JournalEntry.self, from: Data($0.utf8)) })
  }

  /// What these entries say; nil if there is no run at all.
  fileprivate init?(_ entries: some Sequence<JournalEntry>) {
    var run: RunLabel?
    var end: RunEnd?
    var plan: [CaseLabel] = []
    var order: [String] = []
    var judgements: [String: CaseReport] = [:]
    for entry in entries {
      run = entry.run ?? run
      end = entry.end ?? end
      plan = entry.plan ?? plan
      if let judged = entry.judged {
        if judgements.updateValue(judged, forKey: judged.label.id) == nil {
          order.append(judged.label.id)
        }
      }
    }
    guard let run else { return nil }
    self.init(
      run: run, judgements: order.compactMap { judgements[$0] },
      unjudged: plan.filter { judgements[$0.id] == nil }, end: end)
  }
}

/// Where a journal is written.
public final class JournalWriter: Sendable {
  private let state: Mutex<State>

  private struct State {
    var file: FileHandle?
    var entries: [JournalEntry] = []
    var isCut = false
  }

  /// A journal in memory, and in a file if one is given, from its beginning.
  public init(_ file: FileHandle? = nil) { state = Mutex(State(file: file)) }

  /// Adds a line.
  ///
  /// A file that takes nothing more is left as it is; what is in memory is whole.
  public func write(_ entry: JournalEntry) {
    state.withLock { state in
      state.entries.append(entry)
      guard let file = state.file else { return }
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
      do {
        try file.write(contentsOf: try encoder.encode(entry) + [0x0a])
      } catch {
        state.file = nil
        state.isCut = true
      }
    }
  }

  /// Whether the file took nothing more before all was written.
  public var isCut: Bool { state.withLock(\.isCut) }

  /// A run of these cases begins.
  public func begin(_ run: RunLabel, plan: [CaseLabel]) {
    write(JournalEntry(run: run))
    write(JournalEntry(plan: plan))
  }

  /// The run ends.
  public func end(_ end: RunEnd) { write(JournalEntry(end: end)) }

  /// What was written so far.
  public var journal: Journal? {
    Journal(state.withLock { $0.entries })
  }
}
