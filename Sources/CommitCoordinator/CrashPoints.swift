import Foundation
import PostgreSQLConformance
import ProtocolCore

/// Where the process ends itself, or databases are killed beside it, to show what a crash does.
///
/// The points are counted: before and after each record and before and after each message, those
/// that are sent and those that arrive.
@MainActor final class CrashPoints {
  private let last: Int?
  private let programs: [ControlProgram]
  private let outages: [Outage]
  private let tell: (String) -> Void
  private var choices: Choices
  private var returning: [Task<String?, Never>] = []
  /// How many have been passed.
  private(set) var passed = 0

  /// A database that dies alone: the process lives, and the server starts again while it goes on.
  struct Outage {
    /// The participant.
    let name: String
    /// The point at which its server is killed.
    let point: Int
    /// What kills it and starts it again.
    let program: ControlProgram
  }

  /// Points of which one may be the last.
  ///
  /// - Parameters:
  ///   - last: The number of the point at which the process is killed; nil if it is not.
  ///   - programs: Those of the databases that are killed before it.
  ///   - outages: The databases that are killed alone.
  ///   - seed: What is drawn from for how long they are gone.
  ///   - tell: Told what is done.
  init(
    killedAt last: Int?, after programs: [ControlProgram], outages: [Outage], seed: UInt64,
    tell: @escaping (String) -> Void
  ) {
    self.last = last
    self.programs = programs
    self.outages = outages
    self.tell = tell
    choices = Choices(seed: seed)
  }

  /// The longest that a server is gone before it is started: longer than anybody's patience.
  private static let longestOutage = 900

  /// The process comes to a point.
  func pass(_ what: String) async {
    passed += 1
    for outage in outages where outage.point == passed {
      if let trouble = await outage.program.run("kill") { tell(trouble) }
      tell("✗ \(outage.name)'s server killed at point \(passed), \(what)")
      let milliseconds = choices.within(0...Self.longestOutage)
      returning.append(
        Task {
          try? await Task.sleep(for: .milliseconds(milliseconds))
          return await outage.program.run("start")
        })
    }
    guard passed == last else { return }
    // Nobody would start them again when this process is gone.
    await settle()
    for program in programs {
      if let trouble = await program.run("kill") { tell(trouble) }
    }
    let also = programs.isEmpty ? "" : ", and \(programs.count) of the databases"
    tell("✗ killed at point \(passed), \(what)\(also)")
    kill(getpid(), SIGKILL)
  }

  /// Waits until all databases that were killed alone have started again.
  func settle() async {
    for task in returning {
      if let trouble = await task.value { tell(trouble) }
    }
    returning = []
  }
}
