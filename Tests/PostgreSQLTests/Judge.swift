import AtomicCommitment
import Foundation
import ProtocolCore

/// Atomic commitment's own monitor, told what was seen from outside: what servers have completed,
/// what databases hold, what stands in the coordinator's journal, what its client has heard.
struct Judge {
  private var monitor = Commitment.Monitor(processes: ["c", "a", "b"], coordinator: "c")
  private let logs: [(id: NodeID, log: ServerLog)]
  private let transaction: String
  /// When the coordinator has decided to commit, by its journal.
  private var commitTime = Double.infinity
  /// Whether the client has heard nothing from a process that lived.
  private var isLeftWaiting = false
  /// What the coordinator has decided.
  private(set) var decision: Decision?

  /// A judge of one transaction.
  ///
  /// - Parameters:
  ///   - logs: Those of a's server and of b's.
  ///   - transaction: Its name.
  init(_ logs: [ServerLog], _ transaction: String) {
    self.logs = Array(zip(["a", "b"] as [NodeID], logs))
    self.transaction = transaction
    for id in ["a", "b", "c"] as [NodeID] { monitor.begin(at: id) }
    monitor.start(at: "c")
  }

  /// Something failed: to abort is allowed.
  mutating func excuse() { monitor.excuse() }

  /// What one process of the coordinator has told its client, and has stored.
  ///
  /// - Parameters:
  ///   - output: What it has printed.
  ///   - journal: Where it has stored.
  ///   - isAsked: Whether the client has asked this one, and hears what was decided if it lives.
  mutating func hear(_ output: String, journal: String, isAsked: Bool) throws {
    if isAsked, !output.contains("✗ killed"), !output.contains("\nc ⇒ ") { isLeftWaiting = true }
    let stored = stored(in: journal)
    commitTime = stored.first { $0.decision == .commit }?.time ?? .infinity
    try countVotes()
    for line in output.split(separator: "\n") {
      switch line {
      case "c ⇒ committed": tell(.commit)
      case "c ⇒ aborted": tell(.abort)
      default: break
      }
    }
    for each in stored { decide(each.decision) }
  }

  /// What a journal holds of decisions, and when each was stored.
  private func stored(in journal: String) -> [(decision: Decision, time: Double)] {
    let text = String(
      decoding: FileManager.default.contents(atPath: journal) ?? Data(), as: UTF8.self)
    // A line is the checksum, the time and the record; what follows the last line end was torn.
    return text.split(separator: "\n", omittingEmptySubsequences: false).dropLast().compactMap {
      let words = $0.split(separator: " ", maxSplits: 2)
      guard words.count == 3, let time = Double(words[1]),
        let decision = Decision(rawValue: String(words[2]))
      else { return nil }
      return (decision, time)
    }
  }

  /// A participant has voted yes when its server has completed PREPARE TRANSACTION, and before that
  /// neither had the coordinator decided to commit nor a server committed.
  ///
  /// The journal and the servers' logs tell the time by one clock; a server's log cuts it off to
  /// milliseconds, so a vote of the decision's own millisecond counts.
  private mutating func countVotes() throws {
    var found: [(id: NodeID, each: ServerLog.Completions)] = []
    for (id, log) in logs {
      found.append((id, try log.completions(of: transaction, at: id.name)))
    }
    let first = min(found.compactMap(\.each.commit).min() ?? .infinity, commitTime)
    for (id, each) in found {
      if let prepare = each.prepare, prepare <= first { monitor.vote(at: id) }
    }
  }

  private mutating func tell(_ decision: Decision) {
    // Who has no record of an abort has told it: no participant can ask.
    self.decision = decision
    monitor.tell(decision, by: "c")
  }

  private mutating func decide(_ decision: Decision) {
    self.decision = decision
    monitor.decide(decision, at: "c")
  }

  /// A database holds what was decided, or nothing of it.
  mutating func see(_ decision: Decision, at id: NodeID) throws {
    try countVotes()
    monitor.decide(decision, at: id)
  }

  /// What was broken.
  var broken: [Commitment.Property] {
    [.AC1, .AC2, .AC3, .AC4, .told].filter { !monitor.holds($0) }
      + (isLeftWaiting ? [.AC5] : [])
  }
}
