import ZooKeeper
import ZooKeeperClient

/// Judges a counter to which all add one.
///
/// | property | what it says |
/// | --- | --- |
/// | addedOnce | it is never higher than so many as have begun to add |
/// | notLost | it is higher than so many as had added before one asked, and each gets another |
/// | termination | every program comes to its end |
/// | noOrphans | in the end no mark is left |
package struct CounterJudge: Judge {
  private let path: String
  private var begun = 0
  private var added = 0
  private var before: [Int: Int] = [:]
  private var seen: Set<Int> = []
  /// What it has seen.
  package var violations: [Violation] = []

  package init(path: String) { self.path = path }

  package mutating func take(_ note: Note, _ truth: Truth) {
    let name = Fault.name(note.process)
    switch note.what {
    case .asks:
      begun += 1
      before[note.process] = added
    case .gets(let text):
      guard let value = Int(text) else { return report("notLost", "\(name) gets \(text)") }
      if value > begun { report("addedOnce", "\(name) gets \(value), and \(begun) have added") }
      if value <= before[note.process] ?? 0 || !seen.insert(value).inserted {
        report("notLost", "\(name) gets \(value), which had been reached")
      }
      added += 1
    case .holds, .releases, .writes, .puts, .finishes, .passes, .fails, .begins, .wrote, .reads,
      .told:
      break
    }
  }

  package mutating func rest(_ truth: Truth) {}

  package mutating func end(_ truth: Truth) {
    violations += truth.unended
    if let mark = truth.server.children(path).min(), violations.isEmpty {
      report("noOrphans", "\(mark) is left")
    }
  }
}
