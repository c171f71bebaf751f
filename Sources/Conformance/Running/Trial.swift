import ZooKeeper

/// Plays a case on a service that is made for it alone, and looks at nothing else.
///
/// What the runner does for targets that somebody else owns (clearing up, lingering, watching the
/// clock) is left out: it is for servers in memory, thousands of them.
public struct Trial: Sendable {
  private let target: any ServiceTarget
  private let pace: Pace
  private let dialect: Dialect

  /// Trials on this target, with a profile that somebody has found out or decided.
  public init(_ target: any ServiceTarget, _ profile: Profile) {
    self.target = target
    pace = profile.pace
    dialect = profile.dialect
  }

  /// What comes of the case; an error if it cannot even begin.
  public func outcome(of each: Case) async -> Outcome {
    switch each.judge {
    case .model(let run): return await run(1)
    case .service(let service):
      let fixture: ServiceFixture
      do throws(FixtureError) {
        fixture = try service.fixture(for: dialect, called: each.label.id)
      } catch {
        return Outcome(.error, "\(error)")
      }
      do throws(TargetError) {
        let world = try await target.world()
        let steward = try await Steward.hired(in: world, address: target.url)
        let folder = Folder("/quorate/\(each.label.id)")
        try await steward.make("/quorate", address: target.url)
        try await steward.make(folder.path, address: target.url)
        var player = Player(fixture, in: world, below: folder, pace: pace)
        let outcome = await player.play()
        _ = await player.leave()
        await steward.leave()
        return outcome
      } catch {
        return Outcome(.error, "\(error)")
      }
    }
  }
}
