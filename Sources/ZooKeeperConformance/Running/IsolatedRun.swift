public import Conformance
import ZooKeeper

/// Plays a case on a service that is made for it alone, and looks at nothing else.
///
/// What the runner does for targets that somebody else owns (clearing up, lingering, watching the
/// clock) is left out: it is for servers in memory, thousands of them.
public struct IsolatedRun: Sendable {
  private let target: any ServiceTarget
  private let pace: Pace
  private let dialect: Dialect

  /// Runs on this target, with a profile that somebody has found out or decided.
  public init(_ target: any ServiceTarget, _ profile: Profile) {
    self.target = target
    pace = profile.pace
    dialect = profile.dialect
  }

  /// What comes of the case; an error if it cannot even begin.
  public func outcome(of each: Case) async -> CaseResult {
    switch each.judge {
    case .model(let run): return await run(1)
    case .conversation:
      guard let service = each.service else {
        return CaseResult(.error, "it asks a target of another kind")
      }
      let fixture = service.fixture(for: dialect, called: each.label.id)
      do throws(TargetError) {
        let world = try await target.world()
        let workspace = try await Workspace.opened(in: world, address: target.url)
        let folder = Folder("/quorate/\(each.label.id)")
        try await workspace.make("/quorate", address: target.url)
        try await workspace.make(folder.path, address: target.url)
        var player = Player(fixture, in: world, below: folder, pace: pace)
        let outcome = await player.play()
        _ = await player.leave()
        await workspace.leave()
        return outcome
      } catch {
        return CaseResult(.error, "\(error)")
      }
    }
  }
}
