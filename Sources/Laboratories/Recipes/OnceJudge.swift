import ZooKeeper
import ZooKeeperClient

/// Judges what each may be given, or be added, only once.
///
/// | property | what it says |
/// | --- | --- |
/// | once | what one program gets no other gets, nor the same again |
/// | nothingLost | what programs say to have added is in the list at `path` |
/// | termination | every program comes to its end |
package struct OnceJudge: Judge {
  private let path: String
  private var given: [String: Int] = [:]
  private var added: [String] = []
  /// What it has seen.
  package var violations: [Violation] = []

  /// - Parameter path: The node whose data is the list, words with spaces between.
  package init(path: String) { self.path = path }

  package mutating func take(_ note: Note, _ truth: Truth) {
    switch note.what {
    case .puts(let value): added.append(value)
    case .gets(let value):
      if let other = given.updateValue(note.process, forKey: value) {
        report("once", "\(Fault.name(note.process)) is given \(value), as \(Fault.name(other)) was")
      }
    case .asks, .holds, .releases, .writes, .finishes, .passes, .fails, .begins, .wrote, .reads,
      .told:
      break
    }
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
