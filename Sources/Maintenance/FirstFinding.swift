public import Lab
import ProtocolCore
import Synchronization

/// What the search of an experiment comes across first, searched for once in a process: pages tell
/// of it, and tests hold it against what is recorded.
public enum FirstFinding {
  /// A list of the one finding, or of none, once it was searched for.
  private final class Place: Sendable {
    let found = Mutex<(any Sendable)?>(nil)
  }

  private static let places = Mutex<[String: Place]>([:])

  /// The counterexample that the search of an experiment finds first; nil if it finds none.
  ///
  /// - Throws: `TopologyError`, when a topology of the experiment cannot be made.
  public static func of<L: Laboratory>(
    _ experiment: Experiment<L.Subject>, in laboratory: L.Type
  ) throws -> Counterexample<L.Subject>? {
    let place = places.withLock { places in
      let key = "\(L.name) \(experiment.change.stem)"
      let place = places[key] ?? Place()
      places[key] = place
      return place
    }
    return try place.found.withLock { found in
      if let known = found as? [Counterexample<L.Subject>] { return known.first }
      var search = try L.search(experiment)
      search.keep = 1
      let findings = [search.run()].compactMap { $0 }
      found = findings
      return findings.first
    }
  }
}
