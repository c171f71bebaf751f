import Conformance
import Foundation
import Maintenance
import Targets
import Testing
import ZooKeeperConformance
import ZooKeeperQuirks
import ZooKeeperServer

/// What the suite is worth: the pairs that `make kills` has found, tried again.
///
/// Each line of the file is a quirk and a case that fails on it. Every quirk stands there, and
/// every case: a case that fails on no quirk proves nothing, and a quirk that no case catches is a
/// hole.
@Suite struct WitnessTests {
  struct Pair: Sendable, CustomTestStringConvertible {
    var quirk: String
    var id: String

    var testDescription: String { "\(id) on \(quirk)" }
  }

  static let pairs: [Pair] = {
    let file = Session.folder.appending(path: "ZooKeeper/witnesses.tsv")
    let text = (try? String(contentsOf: file, encoding: .utf8)) ?? ""
    return text.split(separator: "\n").compactMap { line in
      let words = line.split(separator: "\t").map(String.init)
      return words.count == 2 ? Pair(quirk: words[0], id: words[1]) : nil
    }
  }()

  static let cases = Dictionary(
    uniqueKeysWithValues: Session.fixtures.map { ($0.label.id, $0) })

  static let profile = Task { try await KillMatrix.profile() }

  @Test(arguments: pairs)
  func `A quirk is caught by its case`(pair: Pair) async throws {
    let each = try #require(Self.cases[pair.id], "there is no such case: run make kills")
    let quirk = try Quirk.named(pair.quirk)
    #expect(await KillMatrix.catches(each, quirk, try Self.profile.value))
  }

  @Test func `Every quirk has its witness, and every case`() async throws {
    let quirks = Set(Self.pairs.map(\.quirk))
    let names = Quirk.all.map(\.name)
    #expect(names.filter { !quirks.contains($0) && KillMatrix.beyond[$0] == nil } == [])
    #expect(KillMatrix.beyond.keys.filter { quirks.contains($0) || !names.contains($0) } == [])
    let profile = try await Self.profile.value
    let target = await ZooKeeperTarget(withEditionsOf: ReferenceTarget(), profile)
    let (plan, _) = Runner.plan(Session.fixtures, for: target)
    let witnesses = Set(Self.pairs.map(\.id))
    #expect(plan.map(\.label.id).filter { !witnesses.contains($0) } == [])
  }

  @Test(arguments: ["answers-ok", "answers-no-node"])
  func `A server that does nothing fails more than nine tenths of what must hold`(
    name: String
  ) async throws {
    let profile = try await Self.profile.value
    let quirk = try Quirk.named(name)
    let target = ZooKeeperTarget(ReferenceTarget(), profile)
    let (plan, _) = Runner.plan(Session.fixtures, for: target)
    let musts = plan.filter { $0.label.level == .must }
    var failed = 0
    for each in musts where await KillMatrix.catches(each, quirk, profile) { failed += 1 }
    #expect(failed * 10 > musts.count * 9, "\(failed) of \(musts.count)")
  }
}
