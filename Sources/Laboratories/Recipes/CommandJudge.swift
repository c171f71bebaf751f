import ZooKeeper
import ZooKeeperClient

/// Judges what a machine gets of the commands that consoles send it.
///
/// A command is a console's letter and a number that grows.
///
/// | property | what it says |
/// | --- | --- |
/// | once | no command is run twice |
/// | nothingInvented | what is run was sent to this machine |
/// | sendersOrder | the commands of a console are run in the order in which it sent them |
/// | nothingLost | when all are connected and nothing happens, what was sent has been run |
/// | cleared | while processes are only slow, of a console its last command is left at most |
/// | termination | every program comes to its end |
package struct CommandJudge: Judge {
  private let machine: Int
  private let queue: String
  private var sent: [String] = []
  /// What consoles are about to send, or have sent.
  private var begun: Set<String> = []
  private var run: [String] = []
  /// What it has seen.
  package var violations: [Violation] = []

  /// - Parameters:
  ///   - machine: The process that runs commands.
  ///   - queue: The node below which they stand.
  package init(machine: Int, queue: String) { (self.machine, self.queue) = (machine, queue) }

  package mutating func take(_ note: Note, _ truth: Truth) {
    switch note.what {
    case .begins(let command): begun.insert(command)
    case .puts(let command): sent.append(command)
    case .gets(let command):
      if !begun.contains(command) {
        report("nothingInvented", "\(command) is run, which nobody has sent to this machine")
      }
      if run.contains(command) { report("once", "\(command) is run twice") }
      if let later = run.first(where: { $0.first == command.first && $0 > command }) {
        report("sendersOrder", "\(command) is run after \(later)")
      }
      run.append(command)
    case .asks, .holds, .releases, .writes, .finishes, .passes, .fails, .wrote, .reads, .told: break
    }
  }

  package mutating func rest(_ truth: Truth) {
    guard truth.isCalm, !truth.crashed.contains(machine), !truth.ended.contains(machine) else {
      return
    }
    if let lost = sent.first(where: { !run.contains($0) }) {
      report("nothingLost", "\(lost) was sent and is not run")
    }
  }

  package mutating func end(_ truth: Truth) {
    violations += truth.unended
    guard truth.isOnlySlow else { return }
    // What each console has sent last may be left.
    let (left, senders) = (truth.server.children(queue), Set(sent.compactMap(\.first)))
    if left.count > senders.count {
      report("cleared", "\(left.count) commands are left of \(senders.count) consoles")
    }
  }
}
