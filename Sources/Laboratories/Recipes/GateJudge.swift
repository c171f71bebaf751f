import ZooKeeper
import ZooKeeperClient

/// Judges barriers that one sets and lifts, at which others wait.
///
/// | property | what it says |
/// | --- | --- |
/// | holdsBack | nobody passes while it stands |
/// | termination | every program comes to its end: when it is lifted, all pass |
///
/// Whoever sets it says that he `holds` it, and `releases` it before he lifts it; others pass
/// `passed`.
package struct GateJudge: Judge {
  private var stands = false
  /// Who has asked while it stood; others may pass, since they may have looked before.
  private var heldBack: Set<Int> = []
  /// What it has seen.
  package var violations: [Violation] = []

  package init() {}

  package mutating func take(_ note: Note, _ truth: Truth) {
    switch note.what {
    case .holds: stands = true
    case .releases: stands = false
    case .asks: if stands { heldBack.insert(note.process) }
    case .passes where stands && heldBack.contains(note.process):
      report("holdsBack", "\(Fault.name(note.process)) passes while the barrier stands")
    case .writes, .puts, .gets, .finishes, .passes, .begins, .wrote, .reads, .told,
      .fails:
      break
    }
  }

  package mutating func rest(_ truth: Truth) {}

  package mutating func end(_ truth: Truth) { violations += truth.unended }
}
