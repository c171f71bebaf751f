import Conformance
import EmbeddedServers
import Foundation
import Maintenance
import Testing
import ZooKeeper
import ZooKeeperClient
import ZooKeeperConformance
import ZooKeeperQuirks
import ZooKeeperServer

@testable import Targets

/// One server in memory that all attempts share, as a remote one is.
struct SharedTarget: ServiceTarget {
  let url = "shared:"
  let about = "for tests"
  let isShared = true
  private let network: MemoryNetwork<EmbeddedServer>

  init(quirks: [Quirk]) {
    network = MemoryNetwork(EmbeddedServer(Server(ReferenceTarget.usual, quirks: quirks)))
  }

  func world() async throws(TargetError) -> any ServiceWorld {
    LinkWorld(link: SteppedLink(network: network), host: HostAddress(host: "shared"))
  }
}

/// Runs drawn from the model, on the reference server and on a real one.
@Suite struct DifferentialRunTests {
  @Test(arguments: [1, 2, 3] as [UInt64])
  func `The reference server answers as the model does`(seed: UInt64) async throws {
    let finding = try await Differential(length: 300).run(seed: seed, on: ReferenceTarget())
    #expect(finding.divergence == nil)
    #expect(finding.reached.total.requests > 300)
  }

  /// Where the real server is, if there is one.
  static let server = ProcessInfo.processInfo.environment["QUORATE_ZOOKEEPER"]
  static let isRequired = ProcessInfo.processInfo.environment["QUORATE_REQUIRE_SERVERS"] == "1"

  @Test(
    .enabled(if: server != nil || isRequired, "QUORATE_ZOOKEEPER names no server"), .serialized,
    arguments: 1...20 as ClosedRange<UInt64>)
  func `Debian's server answers as the model of its edition does`(seed: UInt64) async throws {
    let server = try #require(Self.server, "QUORATE_REQUIRE_SERVERS=1, and there is no server")
    let dialect = try #require(Dialect(edition: "3.8.0"))
    let target = try TargetURL.service("zookeeper://\(server)")
    let finding = try await Differential(dialect: dialect).run(seed: seed, on: target)
    let divergence = finding.divergence
    #expect(divergence == nil)
    #expect(finding.reached.total.succeeded * 10 >= finding.reached.total.requests * 4)
  }

  @Test func `A model of another edition is told from the server, and the difference minimized`()
    async throws
  {
    let dialect = try #require(Dialect(edition: "3.8.0"))
    let differential = Differential(length: 2000, dialect: dialect)
    var divergence: Divergence?
    for seed in 1...20 as ClosedRange<UInt64> where divergence == nil {
      divergence = try await differential.run(seed: seed, on: ReferenceTarget()).divergence
    }
    let found = try #require(divergence)
    #expect(found.moves.count <= 5, "\(found)")
  }

  /// The last is seen only by who looks again at the end.
  @Test(arguments: [
    "set-ignores-the-version", "data-watches-stay", "multi-keeps-what-came-first",
    "getACL-NoAuth-as-NoNode", "keeper-deletes-leave-pzxid",
  ])
  func `What is found is a fixture that fails there, and holds on the reference`(
    name: String
  ) async throws {
    let quirky = ReferenceTarget(url: "reference:" + name, quirks: [try Quirk.named(name)])
    let differential = Differential(length: 50)
    var found: Divergence?
    var seed: UInt64 = 0
    while found == nil, seed < 50 {
      seed += 1
      found = try await differential.run(seed: seed, on: quirky).divergence
    }
    let fixture = MoveFixture(
      id: "ZK-FOUND-001", title: "Found by comparison", try #require(found).moves,
      below: differential.root, clients: 3)
    let each = try #require(
      try CaseLibrary.cases(in: fixture.yaml, file: "ZK-FOUND-001-found.yaml").first)
    let profile = try await KillMatrix.profile()
    #expect(
      await IsolatedRun(quirky, profile).outcome(of: each).verdict == .fail, "\(fixture.yaml)")
    #expect(await IsolatedRun(ReferenceTarget(), profile).outcome(of: each).verdict == .pass)
  }

  @Test func `What is found is kept when the search for the shortest run is broken off`()
    async throws
  {
    let name = "set-ignores-the-version"
    let quirky = ReferenceTarget(url: "reference:" + name, quirks: [try Quirk.named(name)])
    let finding = try await Task {
      for seed in 1...20 as ClosedRange<UInt64> {
        let finding = try await Differential(length: 200).run(seed: seed, on: quirky) { _ in
          withUnsafeCurrentTask { $0?.cancel() }
        }
        if finding.divergence != nil { return finding as Differential.Finding? }
      }
      return nil
    }.value
    let found = try #require(finding)
    #expect(found.brokenOff?.reason == .stopped)
    #expect(found.divergence?.moves.count == found.moves)
  }

  /// Faults of real servers, and of how many moves whoever reports one would write it.
  static let reported: [(quirk: String, moves: Int)] = [
    ("auth-holds-from-the-next-segment", 2), ("events-overtake-replies", 3),
    ("ended-children-count", 4), ("times-in-microseconds", 1), ("mtime-in-microseconds", 1),
    ("long-lists-end-early", 4), ("leftovers-are-the-next-request", 2),
  ]

  @Test(arguments: reported.indices)
  func `A fault that was reported is found within twenty seeds, and is as short as the report`(
    index: Int
  ) async throws {
    let (name, moves) = Self.reported[index]
    let quirky = ReferenceTarget(url: "reference:" + name, quirks: [try Quirk.named(name)])
    var found: Divergence?
    for seed in 1...20 as ClosedRange<UInt64> where found == nil {
      found = try await Differential(length: 400).run(seed: seed, on: quirky).divergence
    }
    let divergence = try #require(found)
    #expect(divergence.moves.count <= moves, "\(divergence)")
  }

  @Test func `What one attempt leaves behind is not the next one's doing`() async throws {
    let target = SharedTarget(quirks: [try Quirk.named("ended-children-count")])
    var finding: Differential.Finding?
    for seed in 1...20 as ClosedRange<UInt64> where finding?.divergence == nil {
      finding = try await Differential(length: 400).run(seed: seed, on: target)
    }
    let found = try #require(finding)
    let divergence = try #require(found.divergence)
    #expect(found.repeats && !found.left.isEmpty)
    #expect(divergence.difference.field == "error" && divergence.difference.got == "NotEmpty")
    #expect(divergence.moves.contains { $0.request == .closeSession })
    #expect(divergence.moves.count <= 4, "\(divergence)")
  }

  @Test func `A run is written as a fixture that the reader reads`() throws {
    let differential = Differential(length: 200)
    let root = differential.root
    let moves = differential.moves(seed: 4, below: root)
    let fixture = MoveFixture(
      id: "ZK-FOUND-001", title: "Found by comparison", moves, below: root, clients: 3)
    let read = try ServiceFixture.read(fixture.yaml, file: "ZK-FOUND-001-found.yaml")
    #expect(read.count == 1)
  }
}
