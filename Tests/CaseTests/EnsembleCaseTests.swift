import Conformance
import Foundation
import Targets
import Testing
import ZooKeeperConformance

/// The cases of a server, on an ensemble of three, through each of its servers.
@Suite struct EnsembleCaseTests {
  @Test(arguments: 1...3)
  func `What a server must do each server of an ensemble does`(server: Int) async throws {
    let (failed, played) = try await failures(of: "reference:ensemble/3/\(server)")
    #expect(failed == [])
    #expect(played >= 400)
  }

  /// A session that is resumed at another server leaves its old connection, and that is not closed
  /// before something comes by it: nobody tells the old server.
  @Test func `Clients of different servers see what those of one do`() async throws {
    let (failed, _) = try await failures(of: "reference:ensemble/3")
    #expect(failed == ["ZK-SESS-008"])
  }

  @Test(arguments: [
    "reference:ensemble", "reference:ensemble/0", "reference:ensemble/3/4",
    "reference:ensemble/x", "reference:ensemble/3/1/1", "reference:ensemble/3/",
  ])
  func `What is no ensemble is told`(url: String) {
    #expect(throws: TargetError.self) { try TargetURL.service(url) }
  }

  /// The cases of `Fixtures` on what a server must do that fail, and how many were played.
  private func failures(of url: String) async throws -> (failed: [String], played: Int) {
    let target = try TargetURL.service(url)
    let profile = try await Probe.profile(of: target)
    let cases = try CaseLibrary(folder: Session.folder).cases.filter { each in
      each.label.level == .must && each.service.map { profile.reasonAgainst($0) == nil } ?? false
    }
    let run = IsolatedRun(target, profile)
    var failed: [String] = []
    for each in cases {
      let outcome = await run.outcome(of: each)
      if !outcome.verdict.isPass { failed.append(each.label.id) }
    }
    return (failed, cases.count)
  }
}
