import Lab
import ProtocolCore
import Testing
import TwoPhaseCommit

struct RunFileTests {
  static let head = """
    run     2PC-900  a run of this test
    nodes   c coordinator(a b), a participant, b participant

    """

  private func play(_ body: String, head: String = head) throws -> Playback<TwoPhaseCommitModel> {
    try Playback<TwoPhaseCommitModel>(RunFile(head + body, path: "x.run"))
  }

  /// The error with which a run file is refused.
  private func refusal(_ body: String, head: String = head) -> String? {
    do {
      _ = try play(body, head: head)
      return nil
    } catch {
      return "\(error)"
    }
  }

  @Test(arguments: [
    ("> delver c→a prepare", "x.run:3:3: unknown act 'delver'; did you mean 'deliver'?"),
    ("> ask a update ; ask q commit", "x.run:3:22: no node is called 'q'; there are c, a, b"),
    ("> ask a updat", "x.run:3:9: unknown request 'updat'; did you mean 'update'?"),
    ("> crash a losing none", "x.run:3:11: after 'losing' stands a number from 1 up"),
    ("> crash a loosing 1", "x.run:3:11: 'loosing' has no meaning here; did you mean 'losing'?"),
    ("> deliver c-a prepare", "x.run:3:11: 'c-a' is no link such as a→b"),
    ("> ask a update ;", "x.run:3:17: nothing stands here"),
    ("> cut a b | b c", "x.run:3:11: a cut parts two groups that share no node"),
    ("> heal now", "x.run:3:8: 'now' has no meaning here"),
    ("= holds AC9", "x.run:3:9: unknown property 'AC9'; did you mean 'AC1'?"),
    ("= blockd a", "x.run:3:3: unknown check 'blockd'; did you mean 'blocked'?"),
    ("= blocked", "x.run:3:3: nobody is named"),
    ("    a ⤓ yes", "x.run:3:1: an indented line follows an act, and none stands here"),
    ("flaw    nonsense\n= up a", "x.run:3:9: unknown flaw 'nonsense'"),
    (
      "without voteStordFirst\n= up a",
      "x.run:3:9: unknown rule 'voteStordFirst'; did you mean 'voteStoredFirst'?"
    ),
    (
      "variant presumed nothin\n= up a",
      "x.run:3:9: unknown variant 'presumed nothin'; did you mean 'presumed nothing'?"
    ),
    ("claim   2PC-1\n= up a", "x.run:3:1: unknown key 'claim'; did you mean 'claims'?"),
    ("nodes   a participant\n= up a", "x.run:3:1: the key 'nodes' stands twice"),
    (
      "from    2PC-901\n= up a",
      "x.run:2:9: 'nodes' is the prelude's, and cannot be changed"
    ),
    ("> heal\nclaims  2PC-1", "x.run:4:1: the header ends where the acts begin"),
    ("", "x.run:3:1: a run needs an act or a check"),
  ])
  func `What cannot be read is refused with its place`(body: String, error: String) {
    #expect(refusal(body) == error)
  }

  @Test(arguments: [
    (
      "nodes   c coordinator(a b), a participant",
      "x.run:2:9: no node is called 'b'"
    ),
    (
      "nodes   c coordinator(a), a participent",
      "x.run:2:29: unknown role 'participent'; did you mean 'participant'?"
    ),
    ("nodes   c coordinator, c participant", "x.run:2:24: two nodes are called 'c'"),
    (
      "nodes   c coordinator(a), a   observer",
      "x.run:2:31: unknown role 'observer'"
    ),
    ("nodes   c", "x.run:2:9: a node is 'name role' or 'name role(arguments)'"),
    ("nodes", "x.run:2:1: 'nodes' has no value"),
  ])
  func `A topology that cannot be is refused`(line: String, error: String) {
    #expect(refusal("= up c", head: "run     2PC-900  a run\n\(line)\n") == error)
  }

  @Test(arguments: [
    (
      "> deliver c→a prepare",
      "x.run:3:3: 'deliver c→a prepare' cannot happen here: nothing is under way on c→a"
    ),
    ("> restart a", "x.run:3:3: 'restart a' cannot happen here: a is up"),
    ("> store a", "x.run:3:3: 'store a' cannot happen here: a has no unstable record"),
    (
      "> expire a decision",
      "x.run:3:3: 'expire a decision' cannot happen here: no timer is set at a"
    ),
    (
      "> crash a losing 1",
      "x.run:3:3: 'crash a losing 1' cannot happen here: a has no unstable record"
    ),
    (
      "= blocked a",
      "x.run:3:3: 'blocked a' fails: a is idle (undecided, settled, excused, idle, reported)"
    ),
    ("= violates AC1", "x.run:3:3: 'violates AC1' fails: not violated: AC1"),
    ("= down a", "x.run:3:3: 'down a' fails: a is up"),
    (
      "> ask a update\n    a ⤓ yes",
      "x.run:4:1: something else followed\n  expected  a ⤓ yes\n  got       "
    ),
  ])
  func `What does not hold is told with its line`(body: String, failure: String) throws {
    #expect(try play(body).failures.map(\.description) == [failure])
  }

  @Test func `An update rewrites what followed, and turns no failing check green`() throws {
    let body = """
      > ask a update ; ask c commit
          this is not what follows
      # A comment stays.
      = decided commit a
      > deliver c→a prepare
      = uncertain a
      """
    let before = try play(body)
    #expect(before.failures.count == 3)
    let after = try Playback<TwoPhaseCommitModel>(RunFile(before.updated, path: "x.run"))
    #expect(after.failures.map(\.place.line) == [6])
    #expect(after.updated == before.updated)
    let authored = before.updated.split(separator: "\n").filter { !$0.hasPrefix(" ") }
    #expect(authored == (Self.head + body).split(separator: "\n").filter { !$0.hasPrefix(" ") })
  }

  /// Editors on Windows end lines so.
  @Test func `A file whose lines end with CRLF says the same, and keeps them`() throws {
    let body = """
      > ask a update ; ask c commit
      # A comment stays.
      = decided commit a

      > deliver c→a prepare
          a ⤓ no
      = uncertain a

      """
    let unix = try play(body)
    let text = (Self.head + body).replacing("\n", with: "\r\n")
    let windows = try Playback<TwoPhaseCommitModel>(RunFile(text, path: "x.run"))
    #expect(windows.acts == unix.acts && windows.acts.count == 3)
    #expect(windows.failures == unix.failures && !windows.failures.isEmpty)
    #expect(windows.updated == unix.updated.replacing("\n", with: "\r\n"))
    #expect(windows.file.title == "a run of this test")
    let pinned = "explore 2pc --size 2 = 6488 states\n# more\nexplore 3pc = 1"
    #expect(
      try ExpectedCount.all(in: pinned.replacing("\n", with: "\r\n"))
        == ExpectedCount.all(in: pinned))
    #expect(refusal("> delver c→a prepare\r\n") == refusal("> delver c→a prepare\n"))
  }

  @Test func `A message that waits for the disk is told from one that was never sent`() throws {
    func failure(_ act: String) throws -> String {
      let voted = "> ask a update ; ask c commit ; deliver c→a prepare\n"
      return "\(try #require(try play(voted + act).failures.first))"
    }
    let held = "'vote yes' is held until what a has written is stable: store a"
    #expect(try failure("> deliver a→c vote yes").hasSuffix(held))
    #expect(try failure("> deliver a→c ack").hasSuffix("nothing is under way on a→c"))
  }

  @Test func `A second part at one process would be another transaction`() throws {
    let twice = try play("> ask a update ; crash a ; restart a ; ask a update")
    #expect(twice.departure?.reason == .anotherTransaction)
    #expect(twice.departure?.place.line == 3)
    // A refused ask changes nothing, and two parts of two processes are one transaction.
    #expect(try play("> ask a update ; ask a read").departure == nil)
    #expect(try play("> ask a update ; ask c commit").departure == nil)
  }

  @Test func `A prelude's acts come first`() throws {
    let prelude = try RunFile(Self.head + "> ask a update", path: "first.run")
    let file = try RunFile(
      "run     2PC-901  another\nfrom    2PC-900\n> expire a request\n    a ● decided abort",
      path: "x.run")
    let playback = try Playback<TwoPhaseCommitModel>(file) { $0 == "2PC-900" ? prelude : nil }
    #expect(playback.failures.isEmpty)
    #expect(playback.acts == [.ask("a", .work(.update)), .expire("a", .request)])
    #expect(playback.frames.map(\.line) == [nil, nil, 3])
    #expect(playback.updated.split(separator: "\n").map(String.init) == file.lines.map(\.text))
    #expect(throws: RunFileError.self) { try Playback<TwoPhaseCommitModel>(file) { _ in nil } }
  }

  @Test func `A screen is a function of its position, and names the rule at work`() throws {
    let body = "> ask a update ; ask c commit ; deliver c→a prepare"
    let playback = try Playback<TwoPhaseCommitModel>(RunFile(play(body).updated, path: "x.run"))
    #expect(playback.rulesAtWork(at: 3) == [.voteStoredFirst])
    #expect(
      playback.screen(at: 3) == """
        2PC-900  a run of this test
        act 3 of 3

        > deliver c→a prepare
            a ⤓ yes
            a → c vote yes  held
          rule voteStoredFirst: a yes vote leaves when the yes is on disk

        c  collecting, without a b   ⏰ votes
           not stable  start
        a  prepared, in doubt   ⏰ decision
           not stable  yes, (→ c vote yes)
        b  idle

        under way
          c→b prepare
        """)
    #expect(playback.screen(at: 0) == playback.screen(at: 0))
  }

  @Test func `A run that was written down replays`() throws {
    let cluster = try Cluster<TwoPhaseCommitModel>(
      TwoPhaseCommitModel.topology(3), variant: .commit, without: [.unanimity])
    for seed in 1...30 as ClosedRange<UInt64> {
      let run = Simulator(cluster).run(seed: seed)
      let text = RunFile.text(
        id: "2PC-902", title: "seed", header: [(.claims, "2PC-3")], cluster: cluster,
        acts: run.acts, checks: run.violated.map { ["violates \($0)"] } ?? ["holds AC3"])
      let playback = try Playback<TwoPhaseCommitModel>(RunFile(text, path: "x.run"))
      #expect(playback.failures.isEmpty)
      #expect(playback.acts == run.acts)
      #expect(playback.updated == text)
    }
  }
}
