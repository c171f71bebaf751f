import Conformance
import Targets
import Testing

/// Whether the cases about clients see what is wrong with one.
@Suite struct ClientCaseTests {
  @Test(arguments: ClientFlaw.all.map(\.name))
  func `A client's flaw is seen by a case`(name: String) async throws {
    let flaw = try #require(ClientFlaw.all.first { $0.name == name })
    var seen: [String] = []
    for each in ClientCases.all {
      let outcome = try #require(await ClientCases.outcome(of: each.label.id, with: flaw))
      if outcome.verdict == .fail { seen.append(each.label.id) }
    }
    #expect(!seen.isEmpty)
  }

  @Test(arguments: ClientCases.all.map(\.label.id))
  func `A case about clients fails with some flaw`(id: String) async throws {
    var seen: [String] = []
    for flaw in ClientFlaw.all {
      let outcome = try #require(await ClientCases.outcome(of: id, with: flaw))
      if outcome.verdict == .fail { seen.append(flaw.name) }
    }
    #expect(!seen.isEmpty && seen.count < ClientFlaw.all.count)
  }

  @Test func `A client's case is not asked of a server`() {
    #expect(ClientCases.all.allSatisfy { !$0.needsTarget && $0.label.chapter == "zookeeper" })
  }
}
