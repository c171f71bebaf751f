import EmbeddedServers
import Foundation
package import ZooKeeper
import ZooKeeperClient

/// What one process of a program of somebody else's is asked, and what it answers.
package struct ForeignPlayer: Sendable {
  /// Why it is asked nothing more.
  package enum End: Error, Sendable {
    /// It says what no program says that follows the protocol.
    case mistake(String)
    /// It has ended.
    case dead(String)
    /// What it is asked fails again and again.
    case failing(String)
    /// It does not answer what it was asked, for this reason.
    case stuck(Int, String, why: String)
    /// Another has ended the run.
    case cancelled
    /// It was killed.
    case killed
  }

  /// Its place among all, from 0.
  package let index: Int
  private let stage: ForeignStage

  init(_ index: Int, on stage: ForeignStage) { (self.index, self.stage) = (index, stage) }

  /// Its name: a, b, c.
  package var name: String { Fault.name(index) }

  /// How often in a row what it is asked may fail.
  private static let failures = 10

  /// Asks, and waits for an answer that begins with one of these words.
  ///
  /// - Parameter keeps: Whether it is still at what it has when that fails.
  /// - Returns: What stands behind that word, with the word; nil when it says that it failed.
  package func ask(
    _ command: String, _ expected: [String], keeping keeps: Bool = false
  ) async throws(End) -> (word: String, rest: String)? {
    let program = stage.program(index)
    if stage.isKilled(index) { throw .killed }
    if let line = program.next() {
      throw .mistake("\(name) says '\(line.prefix(80))', and was asked nothing")
    }
    stage.log("\(name) is told: \(command)")
    stage.sign(of: index, does: false)
    program.tell(command)
    var hasWaited = false
    while true {
      if let line = program.next() { return try answer(line, to: command, expected, keeps) }
      if stage.isKilled(index) { throw .killed }
      if let end = program.end {
        throw .dead("\(name) \(end), while it is asked '\(command)'")
      }
      if Task.isCancelled || stage.isDecided { throw .cancelled }
      if let why = stage.stuck { throw .stuck(index, command, why: why) }
      await OwnThreads.pause(2)
      guard !hasWaited, stage.isWaiting(index) else { continue }
      hasWaited = true
      await stage.wait(index)
    }
  }

  private func answer(
    _ line: String, to command: String, _ expected: [String], _ keeps: Bool
  ) throws(End) -> (word: String, rest: String)? {
    stage.sign(of: index)
    stage.log("\(name) says: \(line.prefix(200))")
    let words = line.split(separator: " ", maxSplits: 1).map(String.init)
    guard let word = words.first, expected.contains(word) || word == "failed" else {
      let known = (expected + ["failed"]).joined(separator: " or ")
      throw .mistake("\(name) says '\(line.prefix(80))' when asked '\(command)', not \(known)")
    }
    if word == "failed" {
      guard stage.isTroubled else {
        throw .failing("\(name) says '\(line.prefix(80))' to '\(command)', and nothing is wrong")
      }
      guard !keeps else { return nil }
      say(.fails(isAlive(session) ? .connectionLost(.dropped, sent: true) : .sessionExpired))
      return nil
    }
    guard session != .none else {
      throw .mistake("\(name) says '\(line.prefix(80))', and has had no session")
    }
    return (word, words.count > 1 ? words[1] : "")
  }

  /// Its newest session.
  package var session: SessionID { stage.server.session(of: index) }

  /// Whether a session lives.
  package func isAlive(_ session: SessionID) -> Bool { stage.server.judged.isAlive(session) }

  /// Whether a value that was put stands below the node.
  package func stands(_ value: String) -> Bool { stage.stands(value) }

  /// Asks until it does not fail.
  ///
  /// - Parameters:
  ///   - asks: What is said to the judge each time.
  ///   - session: A session; when it has ended there is nothing to be done any more, and a failure
  ///     says so.
  @discardableResult package func insist(
    _ command: String, _ expected: String..., saying asks: Note.What? = nil,
    unlessOver session: SessionID? = nil
  ) async throws(End) -> (word: String, rest: String) {
    for _ in 1...Self.failures {
      if let asks { say(asks) }
      if let answer = try await ask(command, expected) { return answer }
      if let session, !isAlive(session) { return ("failed", "") }
      // It may be about to find its server again.
      await OwnThreads.pause(200)
    }
    throw .failing("\(name) says \(Self.failures) times that '\(command)' failed")
  }

  /// Says something to the judge.
  package func say(_ what: Note.What) { stage.take(what, from: index) }

  /// Begins to wait for a thing.
  package func wants(_ thing: String) { stage.wants(thing, index) }

  /// Has a thing from now on.
  package func takes(_ thing: String) { stage.takes(thing, index) }

  /// Has given back what it had.
  package func givesBack() { stage.givesBack(index) }

  /// Has what it wanted; faults strike meanwhile.
  package func rest() async { await stage.rest(index) }

  /// Keeps others waiting for long, in the run in which nothing goes wrong.
  package func lasts() async { await stage.lasts(index) }

  /// Whether another has something that it may leave to others when it dies.
  package var othersHold: Bool { stage.othersHold(index) }

  /// Waits until no other has anything.
  package func untilOthersHoldNothing() async { await stage.untilOthersHoldNothing(index) }

  /// Waits until nobody does anything.
  package func quiet() async { await stage.quiet() }

  /// Whether a process has done all that it shall do, or is no more.
  package func hasEnded(_ index: Int) -> Bool { stage.hasEnded(index) }
}
