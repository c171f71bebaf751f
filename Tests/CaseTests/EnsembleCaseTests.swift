import Conformance
import Foundation
import Maintenance
import Targets
import Testing
import ZooKeeperConformance

/// The cases of a server, on an ensemble of three.
///
/// What a server must do is asked of one of the three in turn, and of all of them together; `make
/// ensemble` asks all cases of each, and has the leader stop behind every request.
@Suite struct EnsembleCaseTests {
  @Test(arguments: 1...3)
  func `What a server must do a server of an ensemble does`(server: Int) async throws {
    let (failed, played) = try await failures(of: "reference:ensemble/3/\(server)", server - 1)
    #expect(failed == [])
    #expect(played >= 130)
  }

  /// Nobody tells the old server of a session that is resumed at another, and `srvr` counts the
  /// connections of one server.
  @Test func `Clients of different servers see what those of one do`() async throws {
    let (failed, _) = try await failures(of: "reference:ensemble/3", nil)
    #expect(failed == ["ZK-SESS-008", "ZK-WORD-003"])
  }

  /// Every thirtieth case, each by another server.
  @Test(arguments: 1...3)
  func `A leader that stops between any two requests is not noticed`(server: Int) async throws {
    let campaign = try await LeaderCampaign(
      CaseLibrary(folder: Session.folder).cases, on: "reference:ensemble/3/\(server)")
    var stops = 0
    for (place, each) in campaign.cases.enumerated() where place % 90 == server * 30 - 30 {
      let row = await campaign.row(of: each, atMost: 20)
      #expect(row.failed == [], "\(row.id)")
      stops += row.stops
    }
    #expect(stops >= 60)
  }

  /// A leader that forgets sessions, and clients that do not set their watches again, are.
  @Test(arguments: [
    ("sessionsInherited", "ZK-NODE-003*"), ("watchesSetAgain", "ZK-WATCH-001*"),
  ])
  func `What goes wrong when a leader stops is noticed`(rule: String, glob: String) async throws {
    let cases = try CaseLibrary(folder: Session.folder).cases.filter { each in
      Glob(glob).matches(each.label.id)
    }
    let campaign = try await LeaderCampaign(cases, on: "reference:ensemble/3/2?without=\(rule)")
    var failed = 0
    for each in campaign.cases {
      #expect(await campaign.holds(each))
      failed += await campaign.row(of: each, atMost: 20).failed.count
    }
    #expect(failed > 0)
  }

  @Test(arguments: [
    "reference:ensemble", "reference:ensemble/0", "reference:ensemble/3/4",
    "reference:ensemble/x", "reference:ensemble/3/1/1", "reference:ensemble/3/",
    "reference:ensemble/3?", "reference:ensemble/3?leaderStopsAfter=0",
    "reference:ensemble/2?leaderStopsAfter=1", "reference:ensemble/3?leaderStops=1",
    "reference:ensemble/3?without=", "reference:ensemble/3?without=none",
    "reference:ensemble/3?leaderStopsAfter=1&leaderStopsAfter=2",
  ])
  func `What is no ensemble is told`(url: String) {
    #expect(throws: TargetError.self) { try TargetURL.service(url) }
  }

  /// The cases of `Fixtures` on what a server must do that fail, and how many were played: of each
  /// three the one at this place, or all.
  private func failures(
    of url: String, _ turn: Int?
  ) async throws -> (failed: [String], played: Int) {
    let target = try TargetURL.service(url)
    let profile = try await Probe.profile(of: target)
    let cases = try CaseLibrary(folder: Session.folder).cases.filter { each in
      each.label.level == .must && each.service.map { profile.reasonAgainst($0) == nil } ?? false
    }
    let run = IsolatedRun(target, profile)
    var failed: [String] = []
    var played = 0
    for (place, each) in cases.enumerated() where turn == nil || place % 3 == turn {
      let outcome = await run.outcome(of: each)
      if !outcome.verdict.isPass { failed.append(each.label.id) }
      played += 1
    }
    return (failed, played)
  }
}
