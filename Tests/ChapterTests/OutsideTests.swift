import Lab
import ProtocolCore
import QuorumCommit
import QuorumCommitLab
import Testing
import ThreePhaseCommit
import TwoPhaseCommit

/// Verdicts that a judge from inside would get wrong: on refused and repeated asks, on what stays
/// in doubt, on what a protocol does not claim to bear.
struct OutsideTests {
  private func failures<C: Model>(
    _ model: C.Type, _ text: String, flaws: [Flaw<C.Node>] = []
  ) throws -> [String] {
    try Playback<C>(RunFile(text, path: "x.run"), flaws: flaws).failures.map(\.description)
  }

  private static let committed = """
    nodes   c coordinator(a), a participant
    > ask a update ; ask c commit ; store c ; deliver c→a prepare ; store a
    > deliver a→c vote yes ; store c ; deliver c→a commit ; store a
    = decided commit a c

    """

  @Test func `A refused ask changes nothing for the judge`() throws {
    let text =
      "run     2PC-900  work asked twice\n" + Self.committed
      + "> ask a update ; crash c ; restart c\n= holds AC1 AC2 AC3\n"
    #expect(try failures(TwoPhaseCommitModel.self, text) == [])
  }

  @Test func `What is asked when all is over is another transaction`() throws {
    let text = """
      run     2PC-901  commit is asked twice
      nodes   c coordinator(a), a participant
      variant presumed commit
      > ask a update ; ask c commit ; store c ; deliver c→a prepare ; store a
      > deliver a→c vote yes ; store c ; deliver c→a commit ; store a
      = decided commit a c
      > ask c commit ; store c ; expire c votes
      = holds AC1 AC2
      """
    #expect(try failures(TwoPhaseCommitModel.self, text) == [])
    let reader = """
      run     2PC-902  a reader that left is asked again
      nodes   c coordinator(a b), a participant, b participant
      > ask a update ; ask b read ; ask c commit ; store c
      > deliver c→b prepare ; deliver c→a prepare ; store a
      > deliver b→c vote read-only ; deliver a→c vote yes ; store c
      > ask b update ; expire b request
      = holds AC1
      """
    #expect(try failures(TwoPhaseCommitModel.self, reader) == [])
  }

  private static let parted = """
    > ask a update ; ask b update ; ask c commit
    > deliver c→a canCommit ; store a ; deliver c→b canCommit ; store b
    > deliver a→c vote yes ; deliver b→c vote yes ; store c
    > cut c | a b

    """

  private func quorum(_ id: Int, _ variant: String, _ header: String, _ rest: String) -> String {
    """
    run     Q3PC-\(id)  a majority that is cut off
    nodes   c coordinator(a b), a participant, b participant
    variant \(variant)\(header)
    \(Self.parted)\(rest)
    """
  }

  @Test func `A majority in which nobody polls is stuck, one that polls is not`() throws {
    let idle = quorum(
      900, "enhanced", "\nwithout leaderTimesOut", "> expire a leader\n= stuck a b\n")
    #expect(try failures(QuorumCommitModel.self, idle) == [])
    let sound = quorum(901, "enhanced", "", "= uncertain a b\n= not stuck a b\n= not blocked a b\n")
    #expect(try failures(QuorumCommitModel.self, sound) == [])
  }

  /// A leader that never goes for anything, as one whose choice is always to wait.
  @Test(arguments: ["quorum", "enhanced"])
  func `A choice that is always to wait is caught by those who are stuck`(
    variant: String
  ) throws {
    let flaw = Flaw<QuorumCommit.Process>(
      "choosesNothing", "what the answers allow is not gone for"
    ) { node, event in
      let before = node
      let effects = node.step(event)
      let isAttempt = effects.contains {
        if case .send(.attempt, _, _) = $0 { true } else { false }
      }
      if case .received(.vote, _) = event { return effects }
      guard isAttempt else { return effects }
      node = before
      return [.set(.states, after: 30...40)]
    }
    let text = quorum(
      902, variant, "\nflaw    choosesNothing", "= not stuck a b\n= holds quorate\n")
    let told = try failures(QuorumCommitModel.self, text, flaws: [flaw])
    #expect(told.count == 2)
    #expect(told.first?.contains("'not stuck a b' fails") == true)
    #expect(told.last?.contains("violated: quorate") == true)
  }

  @Test func `A connected majority decides while the cut lasts`() throws {
    let waiting = quorum(
      903, "quorum", "\nwithout statesTimeOut",
      "> expire a leader ; deliver a→b stateRequest ; deliver b→a state uncertain\n"
        + "> expire a states\n= violates quorate\n")
    #expect(try failures(QuorumCommitModel.self, waiting) == [])
    let sound = quorum(904, "quorum", "", "= holds quorate\n")
    #expect(try failures(QuorumCommitModel.self, sound) == [])
  }

  @Test func `It is told where a run leaves what the protocol claims to bear`() throws {
    let text = """
      run     3PC-900  a message lost in three phases
      nodes   c coordinator(a), a participant
      > ask a update ; ask c commit ; deliver c→a canCommit ; store a ; deliver a→c vote yes
      > store c
      > lose c→a preCommit
      > expire c acks ; store c
      = violates NB
      """
    let playback = try Playback<ThreePhaseCommitModel>(RunFile(text, path: "x.run"))
    #expect(playback.failures.map(\.description) == [])
    #expect(playback.departure?.place.line == 5)
    #expect(playback.departure?.reason == .fault(.loss))
    let sound = try Playback<ThreePhaseCommitModel>(
      RunFile(text.replacing("> lose c→a preCommit\n", with: ""), path: "x.run"))
    #expect(sound.departure?.reason == .fault(.suspicion))
  }

  @Test func `A participant that no coordinator lists is an error in its line`() {
    let text = """
      run     2PC-903  a participant too many
      nodes   c coordinator(a), a participant, b participant
      > ask a update
      """
    #expect(throws: RunFileError.self) {
      try Playback<TwoPhaseCommitModel>(RunFile(text, path: "x.run"))
    }
  }

  @Test(arguments: Variant.allCases)
  func `A partition is explored, and a connected majority decides`(variant: Variant) throws {
    var bounds = Bounds(crashes: 0, losses: 0, duplicates: 0, expiries: 0)
    bounds.cuts = 1
    var cluster = try Cluster<QuorumCommitModel>(
      QuorumCommitModel.topology(2), variant: variant, bounds: bounds)
    cluster.asks = cluster.asks.map(\.usual)
    var explorer = Explorer(cluster)
    explorer.judged = [.AC1, .told, .window]
    let found = explorer.explore()
    #expect(found.ending == .exhausted)
    #expect(found.witnesses[.window] != nil)
  }
}
