public import Foundation
public import Lab
import ProtocolCore

/// Writes a chapter's runs anew.
public struct Recording {
  private let fixtures: URL
  /// Told of each file that was written.
  private let told: (String) -> Void

  /// What is recorded below the folder `Fixtures`.
  public init(in fixtures: URL, told: @escaping (String) -> Void) {
    self.fixtures = fixtures
    self.told = told
  }

  /// Searches for what goes wrong in each experiment, and writes down the least of twenty runs.
  ///
  /// - Parameter stem: Only this experiment: `without-voteStoredFirst`.
  /// - Returns: The experiments whose search finds nothing.
  public func record<L: Laboratory>(_ laboratory: L.Type, only stem: String?) throws -> [String] {
    var missed: [String] = []
    for experiment in L.experiments
    where !experiment.violates.isEmpty && (stem ?? experiment.change.stem) == experiment.change.stem
    {
      var search = try L.search(experiment)
      search.keep = 20
      guard let found = search.run() else {
        missed.append(experiment.change.stem)
        continue
      }
      let name = "\(experiment.change.stem).run"
      try RunFolder<L>(in: fixtures).write(L.text(of: found), to: name)
      told("\(L.folder)/\(name)")
    }
    return missed
  }

  /// Rewrites what followed in each run; its checks stay, and fail if they fail.
  public func update<L: Laboratory>(_ laboratory: L.Type) throws {
    let folder = RunFolder<L>(in: fixtures)
    for name in folder.names {
      let updated = try folder.playback(of: folder.run(name)).updated
      guard try folder.text(of: name) != updated else { continue }
      try folder.write(updated, to: name)
      told("\(L.folder)/\(name)")
    }
  }
}
