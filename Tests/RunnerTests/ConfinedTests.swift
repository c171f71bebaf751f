import Conformance
import Foundation
import Testing
import ZooKeeper
import ZooKeeperClient
import ZooKeeperConformance
import ZooKeeperServer

@testable import Targets

/// A target of which only a part is ours.
@Suite struct ConfinedTests {
  static let fixtures = URL(filePath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .appending(path: "Fixtures/ZooKeeper")

  static func cases(_ folder: String) throws -> [Case] {
    try CaseLibrary(folder: fixtures.appending(path: folder), name: folder).cases
  }

  @Test func `Everything happens below the node of the URL, though the root is closed`()
    async throws
  {
    var settings = Settings()
    settings.epoch = Int64(Date().timeIntervalSince1970 * 1000)
    let shell = try await Shell.listen(Server(settings), port: 0)
    let address = "127.0.0.1:\(shell.port)"
    let client = try await Client.connect(to: address)
    try await client.create("/open")
    try await client.setACL("/", acl: [ACL(.read, .anyone)])
    let target = try TargetURL.service("zookeeper://\(address)/open")
    let profile = try await Probe.profile(of: target)
    let journal = JournalWriter()
    var options = RunOptions()
    options.jobs = 4
    let runner = Runner(ZooKeeperTarget(target, profile), options, journal: journal)
    _ = await runner.run(try Self.cases("path") + Self.cases("node") + Self.cases("stat"))
    let judgements = try #require(journal.journal?.judgements)
    let others = judgements.filter { ![.pass, .unsupported].contains($0.verdict) }
    #expect(others.isEmpty, "\(others)")
    #expect(judgements.count { $0.verdict == .pass } > 80)
    #expect(runner.place.hasPrefix("/open/quorate-") && runner.leftBehind == nil)
    var differential = Differential(length: 100)
    differential.folder = target.root + differential.folder
    #expect(try await differential.run(seed: 1, on: target).divergence == nil)
    #expect(try await client.getChildren("/").sorted() == ["open", "zookeeper"])
    #expect(try await client.getChildren("/open") == [])
    await client.close()
    try await shell.stop()
  }

  @Test func `Cases that name nodes from the server's root are not for a part of its tree`() throws
  {
    var profile = SabotageTests.profile
    profile.capabilities = Set(Capability.allCases).subtracting([.readOnly])
    let cases = try Self.cases("path") + Self.cases("node")
    func planned() -> Set<String> {
      let target = ZooKeeperTarget(ReferenceTarget(), profile)
      return Set(Runner.plan(cases, for: target).plan.map(\.label.id))
    }
    let whole = planned()
    profile.isConfined = true
    let part = planned()
    let outside = Set(whole.subtracting(part).map { $0.prefix { $0 != "[" } })
    #expect(
      outside == ["ZK-NODE-017", "ZK-NODE-018", "ZK-NODE-022", "ZK-PATH-004", "ZK-PATH-010"])
  }
}
