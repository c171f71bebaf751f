import ZooKeeper
import ZooKeeperClient

/// Judges what clients of one node may count on, from what they wrote, read and were told.
///
/// | property | what it says |
/// | --- | --- |
/// | linearizableWrites | a write that begins when another is answered is later than it |
/// | singleSystemImage | a session never reads what is older than what it has read or written |
/// | watches | who has left a watch is told of a change before he reads it |
/// | syncs | a read behind a sync shows all that was answered before the sync began |
/// | termination | every program comes to its end |
///
/// Writes are in the order of their zxids. Source: Hunt et al., USENIX ATC 2010, sections 2.3 and
/// 4.4; ZooKeeper Programmer's Guide, "Consistency Guarantees".
package struct GuaranteesJudge: Judge {
  /// The last write that any client was answered.
  private var answered = Zxid.zero
  /// What was answered when each process's request began.
  private var before: [Int: Zxid] = [:]
  /// The newest that each session has seen.
  private var seen: [SessionID: Zxid] = [:]
  /// What each session had read when it left the watch of which it was not told yet.
  private var watched: [SessionID: Zxid] = [:]
  /// What it has seen.
  package var violations: [Violation] = []

  package init() {}

  package mutating func take(_ note: Note, _ truth: Truth) {
    let name = Fault.name(note.process)
    switch note.what {
    case .begins: before[note.process] = answered
    case .wrote(let zxid):
      if let before = before[note.process], zxid <= before {
        report("linearizableWrites", "\(name) writes at \(zxid), and \(before) was answered before")
      }
      answered = max(answered, zxid)
      seen[note.session] = max(seen[note.session] ?? .zero, zxid)
    case .told: watched[note.session] = nil
    case .reads(let zxid, let isSynced, let leavesWatch):
      read(zxid, isSynced, note)
      if leavesWatch { watched[note.session] = zxid }
    // What recipes say.
    case .asks, .holds, .releases, .writes, .puts, .gets, .finishes, .passes, .fails: break
    }
  }

  private mutating func read(_ zxid: Zxid, _ isSynced: Bool, _ note: Note) {
    let name = Fault.name(note.process)
    if let seen = seen[note.session], zxid < seen {
      report("singleSystemImage", "\(name) reads what \(zxid) wrote, and has seen \(seen)")
    }
    seen[note.session] = max(seen[note.session] ?? .zero, zxid)
    if let watched = watched[note.session], zxid > watched {
      report(
        "watches", "\(name) reads what \(zxid) wrote, and was told of nothing since \(watched)")
    }
    if isSynced, let before = before[note.process], zxid < before {
      report("syncs", "\(name) reads what \(zxid) wrote, and synced when \(before) was answered")
    }
  }

  package mutating func rest(_ truth: Truth) {}

  package mutating func end(_ truth: Truth) {
    violations += truth.unended
  }
}
