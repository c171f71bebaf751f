import Conformance
import ProtocolCore
import Targets
import Testing

@Suite struct ClaimTests {
  static let labels = (Session.cases + Session.databaseCases).map(\.label)

  @Test func `Every claim has a case, and no case cites a claim that nobody makes`() {
    #expect(Claims.suite.gaps(in: Self.labels) { Self.isBuilt($0) } == [])
  }

  /// A server is not asked about chapters or clients.
  private static func isBuilt(_ claim: Claim) -> Bool {
    claim.subject == .server || !Session.isRemote
  }

  @Test func `A claim without a case, and a case without a claim, are found`() throws {
    var label = try #require(Self.labels.first)
    label.claims = ["WATHC-1"]
    var idle = label
    idle.claims = []
    let gaps = Claims.suite.gaps(in: [label, idle]) { $0.id == "WATCH-1" }
    #expect(
      gaps == [
        "claim WATCH-1 has no case",
        "case \(label.id) cites WATHC-1, which nobody claims; did you mean WATCH-1?",
        "case \(label.id) cites no claim",
      ])
  }

  @Test func `Claims have ids of their own`() {
    #expect(Set(Claims.suite.all.map(\.id)).count == Claims.suite.all.count)
  }
}
