public import Conformance
import ZooKeeper

/// Plays a case on a service that is made for it alone, and looks at nothing else.
///
/// What the runner does for targets that somebody else owns (clearing up, lingering, watching the
/// clock) is left out: it is for servers in memory, thousands of them.
public struct IsolatedRun: Sendable {
  private let target: any ServiceTarget
  private let profile: Profile

  /// Runs on this target, with a profile that somebody has found out or decided.
  public init(_ target: any ServiceTarget, _ profile: Profile) {
    self.target = target
    self.profile = profile
  }

  /// What comes of the case; an error if it cannot even begin.
  public func outcome(of each: Case) async -> CaseResult {
    switch each.judge {
    case .model(let run): return await run(1)
    case .conversation:
      guard let service = each.service else {
        return CaseResult(.error, "it asks a target of another kind")
      }
      var (target, profile) = (self.target, self.profile)
      if profile.reasonAgainst(service) != nil,
        let other = await target.editions().first(where: {
          $0.profile.reasonAgainst(service) == nil
        })
      {
        (target, profile) = other
      }
      let fixture = service.fixture(for: profile.dialect, called: each.label.id)
      do throws(TargetError) {
        let world = try await target.world()
        let folder = Folder("/quorate/\(each.label.id)")
        guard !profile.isReadOnly else {
          var player = Player(fixture, in: world, below: folder, pace: profile.pace)
          let outcome = await player.play()
          _ = await player.leave()
          return outcome
        }
        let workspace = try await Workspace.opened(in: world, address: target.url)
        try await workspace.make("/quorate", address: target.url)
        try await workspace.make(folder.path, address: target.url)
        if fixture.setsQuotas {
          try await workspace.make(Quota.folder + "/quorate", address: target.url)
          try await workspace.make(Quota.folder + folder.path, address: target.url)
        }
        var player = Player(fixture, in: world, below: folder, pace: profile.pace)
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
