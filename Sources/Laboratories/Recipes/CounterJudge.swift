import ZooKeeper
import ZooKeeperClient

/// Judges a counter to which all add.
///
/// | property | what it says |
/// | --- | --- |
/// | addedOnce | it is never higher than all that they have begun to add |
/// | notLost | it is higher than what had been added before one asked, and each gets another |
/// | termination | every program comes to its end |
/// | noOrphans | in the end no mark is left |
///
/// Programs ask for the number that they add, and get what the counter has become by that.
package struct CounterJudge: Judge {
  private let path: String
  private var begun = 0
  private var added = 0
  /// What each adds, and what had been added when it asked.
  private var asking: [Int: (number: Int, before: Int)] = [:]
  private var seen: Set<Int> = []
  /// What it has seen.
  package var violations: [Violation] = []

  package init(path: String) { self.path = path }

  package mutating func take(_ note: Note, _ truth: Truth) {
    let name = Fault.name(note.process)
    switch note.what {
    case .asks(let text):
      let number = Int(text) ?? 0
      begun += number
      asking[note.process] = (number, added)
    case .gets(let text):
      guard let value = Int(text) else { return report("notLost", "\(name) gets \(text)") }
      let asked = asking[note.process] ?? (0, 0)
      if value > begun { report("addedOnce", "\(name) gets \(value), and \(begun) are added") }
      if value < asked.before + asked.number || !seen.insert(value).inserted {
        report("notLost", "\(name) gets \(value), which had been reached")
      }
      added += asked.number
    case .holds, .releases, .writes, .puts, .finishes, .passes, .fails, .begins, .wrote, .reads,
      .told:
      break
    }
  }

  package mutating func rest(_ truth: Truth) {}

  package mutating func end(_ truth: Truth) {
    violations += truth.unended
    // Of a real server, or of somebody else's counter, the number may stand elsewhere.
    let text = truth.server.isTransparent ? truth.server.node(path)?.data.text : nil
    if let value = text.flatMap({ Int($0) }) {
      if value > begun { report("addedOnce", "it is \(value), and \(begun) were added") }
      if value < added { report("notLost", "it is \(value), and \(added) have been added") }
    }
    if let mark = truth.server.children(path).min(), violations.isEmpty {
      report("noOrphans", "\(mark) is left")
    }
  }
}
