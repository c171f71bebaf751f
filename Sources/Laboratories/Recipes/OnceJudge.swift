import ZooKeeper
import ZooKeeperClient

/// Judges what each may be given, or be added, only once.
///
/// | property | what it says |
/// | --- | --- |
/// | once | what one program gets no other gets, nor the same again |
/// | grows | a number that is asked for is higher than all that had been given before |
/// | nothingLost | what programs say to have added is in the list at `path` |
/// | termination | every program comes to its end |
package struct OnceJudge: Judge {
  private let path: String
  private let areNumbers: Bool
  private var given: [String: Int] = [:]
  private var highest = -1
  /// The highest number that had been given when a program asked.
  private var before: [Int: Int] = [:]
  private var added: [String] = []
  /// What it has seen.
  package var violations: [Violation] = []

  /// - Parameters:
  ///   - path: The node whose data is the list, words with spaces between.
  ///   - areNumbers: Whether what is given are numbers, which grow.
  package init(path: String, areNumbers: Bool = false) {
    (self.path, self.areNumbers) = (path, areNumbers)
  }

  package mutating func take(_ note: Note, _ truth: Truth) {
    switch note.what {
    case .puts(let value): added.append(value)
    case .gets(let value):
      if let other = given.updateValue(note.process, forKey: value) {
        report("once", "\(Fault.name(note.process)) is given \(value), as \(Fault.name(other)) was")
      }
      if areNumbers { judgeGrowth(value, note.process) }
    case .asks: before[note.process] = highest
    case .holds, .releases, .writes, .finishes, .passes, .fails, .begins, .wrote, .reads,
      .told:
      break
    }
  }

  private mutating func judgeGrowth(_ value: String, _ process: Int) {
    let (number, least) = (Int(value) ?? -1, before[process] ?? -1)
    if number <= least {
      report("grows", "\(Fault.name(process)) is given \(value) after \(least)")
    }
    highest = max(highest, number)
  }

  package mutating func rest(_ truth: Truth) {}

  package mutating func end(_ truth: Truth) {
    violations += truth.unended
    guard truth.server.isTransparent else { return }
    let words = truth.server.node(path)?.data.text?.split(separator: " ").map(String.init) ?? []
    for value in added where !words.contains(value) {
      report("nothingLost", "\(value) was added, and there is \(words.joined(separator: " "))")
    }
  }
}
