import ZooKeeperClient

/// Judges leases: as ``LineJudge`` does who holds it, and what holders believe.
///
/// | property | what it says |
/// | --- | --- |
/// | belief | nobody believes that he holds it when his session has ended |
package struct LeaseJudge: Judge {
  private var line: LineJudge
  /// What it has seen.
  package var violations: [Violation] {
    get { line.violations }
    set { line.violations = newValue }
  }

  /// - Parameter path: The node above that of the lease.
  package init(path: String) { line = LineJudge(path: path, judgesHerd: false) }

  package mutating func take(_ note: Note, _ truth: Truth) {
    line.take(note, truth)
    // Programs pass `belief` when they look, and find that they may write.
    guard note.what == .passes("belief"), !truth.server.isAlive(note.session) else { return }
    report("belief", "\(Fault.name(note.process)) believes it, and its session has ended")
  }

  package mutating func rest(_ truth: Truth) { line.rest(truth) }

  package mutating func end(_ truth: Truth) { line.end(truth) }
}
