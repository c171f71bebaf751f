import Foundation
import Testing

/// What the command says to those who mistype or misplace something.
@Suite struct `What the command says` {
  @Test(arguments: [
    (["verfy"], "Error: 'quorate' has no command 'verfy'; did you mean 'verify'?\nUsage: quorate"),
    (
      ["serve", "zookeper"], "'quorate serve' has no command 'zookeper'; did you mean 'zookeeper'?"
    ),
    (["verify", "--unsupported"], "--unsupported goes with --list\nUsage: quorate verify "),
    (["verify", "--column", "3.8"], "--column goes with --table\nUsage: quorate verify "),
    (["verify", "--list", "--junit", "x.xml"], "--list judges nothing, so there is nothing for"),
    (["explore", "2pp"], "did you mean '2pc'?\nUsage: quorate explore "),
    (["break"], "name a chapter, or a table with --check or --table"),
    (
      ["break", "--check", "README.md"],
      "README.md: line 1: a table of searches begins with 'chapter"
    ),
    (["break", "--check", "nosuch"], "there is no file 'nosuch'"),
    (["break", "--check", "a", "--table", "b"], "--check compares with a table, --table writes"),
    (["break", "2pc", "--all", "--check", "a"], "with --check or --table only a chapter is taken"),
    (["break", "2pp", "--check", "\(Quorate.fixtures)/searches.tsv"], "did you mean '2pc'?"),
    (["replay", "ZK-STAT-017", "--step"], "and 'ZK-STAT-017' is none\nUsage: quorate replay "),
    (["replay", "2PC-S06.run", "--wire"], "--wire goes with a service's case"),
    (["list", "--fixtures", Quorate.few, "--chapter", "zookeepr"], "did you mean 'zookeeper'?"),
    (["list", "--fixtures", Quorate.few, "--skip", "ZK-STTA-*"], "no case matches 'ZK-STTA-*'"),
    (
      ["verify", "--fixtures", Quorate.few, "--known-deviations", "nosuch"], "there is no such file"
    ),
    (
      ["verify", "--fixtures", Quorate.few, "--known-deviations", "ZK-STAT-017"],
      "a single case is given as --known-deviation 'ZK-STAT-017 REASON'"
    ),
    (
      ["verify", "--fixtures", Quorate.few, "--known-deviation", "ZK-STAT-017"],
      "'ZK-STAT-017' is not a case and the reason"
    ),
    (["diff", "--edition", "3.3"], "no edition '3.3' is known; there are 3.9.5"),
    (["report", "nosuch.ndjson"], "there is no file 'nosuch.ndjson'"),
    (["verify", "http://127.0.0.1:1"], "did you mean zookeeper://127.0.0.1:1?"),
    (["verify", "exec:cat"], "of a program, say what it is asked for: --recipe with one of lock,"),
    (["verify", "exec:cat", "--recipe", "lok"], "did you mean lock?"),
    (["verify", "exec:nosuch", "--recipe", "lock"], "there is no command nosuch"),
    (["verify", "--recipe", "lock"], "--recipe goes with exec:"),
    (["replay", "EXEC-lok-expired", "exec:cat"], "did you mean EXEC-lock-expired?"),
    (
      ["recipes", "run", "lock", "exec:cat", "--fault", "at request 1 of d break"],
      "lock has no process d"
    ),
  ])
  func `A mistake ends with 64, and says what was meant`(
    arguments: [String], complaint: String
  ) throws {
    let result = try Quorate.run(arguments)
    #expect(result.code == 64 && result.output == "")
    #expect(result.errors.contains(complaint), "\(result.errors)")
    #expect(!result.errors.contains("NSError") && !result.errors.contains("Domain="))
  }

  /// Options that take a number, each with what else its command needs.
  static let numeric: [(command: [String], option: String)] = [
    (["verify", "--fixtures", Quorate.few], "--budget"),
    (["verify", "--fixtures", Quorate.few], "--patience"),
    (["verify", "--fixtures", Quorate.few], "--jobs"),
    (["check", history], "--budget"), (["check", history], "--staleness"),
    (["check", history], "--memory"), (["check", history], "--versions"),
    (["simulate", "2pc", "--runs", "1"], "--size"), (["simulate", "2pc"], "--runs"),
    (["explore", "2pc"], "--size"), (["explore", "2pc"], "--memory"), (["diff"], "--seeds"),
    (["diff"], "--moves"), (["diff"], "--clients"),
    (["serve", "zookeeper"], "--port"), (["serve", "zookeeper"], "--tick-time"),
    (["bench", "histories"], "--sizes"), (["bench", "histories"], "--budget"),
  ]

  static let history = "\(Quorate.fixtures)/Histories/register-stale.ndjson"

  @Test(arguments: numeric.indices)
  func `A number that nobody can mean is refused`(index: Int) throws {
    let (command, option) = Self.numeric[index]
    let absurd = [
      "1e300s", "1e400", "nan", "inf", "-1", "0", "99999999999999999999", "999999999999h", "m", "",
      "0x10z",
    ]
    // Of ports 0 is one that is free.
    for value in absurd where (option, value) != ("--port", "0") {
      let result = try Quorate.run(command + [option, value])
      #expect(result.code == 64 && result.output == "", "\(option) \(value): \(result)")
      #expect(result.errors.contains(option) || result.errors.contains(value), "\(result.errors)")
    }
  }

  @Test func `Session guarantees are asked together, and nothing else is`() throws {
    let file = "\(Quorate.fixtures)/Histories/Refuted/monotonic-writes.ndjson"
    // The file may stand behind; runs spell the names otherwise.
    for names in ["monotonic-reads,monotonic-writes", "monotonicReads,monotonicWrites"] {
      let result = try Quorate.run(["check", "--together", names, file])
      #expect(result.code == 1 && result.output.contains("monotonic-reads with monotonic-writes"))
    }
    let alone = try Quorate.run(["check", "--guarantee", "monotonic-writes", file])
    #expect(alone.code == 1, "\(alone)")
    let none = try Quorate.run(["check", "--guarantee", "monotonic-reads,nothing", file])
    #expect(none.code == 64 && none.errors.contains("nothing"), "\(none)")
    let other = try Quorate.run(["check", "--together", "monotonic-reads,pram", file])
    #expect(other.code == 64 && other.errors.contains("pram is none"), "\(other)")
  }

  @Test func `What a time and a size are is said`() throws {
    let time = try Quorate.run(["check", Self.history, "--budget", "1e300s"])
    #expect(time.errors.contains("'1e300s' is invalid for '--budget <time>': a time is 60s, 5m"))
    let size = try Quorate.run(["check", Self.history, "--memory", "1T"])
    #expect(size.errors.contains("'1T' is invalid for '--memory <bytes>': a size is 4096, 200M"))
  }

  @Test(arguments: [
    ["--help"], ["help"], ["verify", "--help"], ["help", "verify"], ["diff", "-h"],
    ["serve", "zookeeper", "--help"], ["bench", "histories", "--help"], ["explore", "--help"],
  ])
  func `Help that is asked for is given`(arguments: [String]) throws {
    let result = try Quorate.run(arguments)
    #expect(result.code == 0 && result.errors == "")
    let command = arguments.filter { !["--help", "-h", "help"].contains($0) }
    let usage = (["USAGE: quorate"] + command).joined(separator: " ")
    #expect(result.output.contains(usage), "\(result.output)")
    #expect(result.output.contains("OVERVIEW: ") && result.output.contains("--help"))
  }

  @Test func `It says which it is, and how many cases it has`() throws {
    let result = try Quorate.run(["--version"])
    #expect(result.output.wholeMatch(of: /quorate \d+\.\d+\.\d+, \d{4} cases\n/) != nil)
    let screen = try Quorate.run(["verify", "--case", "ZK-STAT-017"]).output
    let line = result.output.dropFirst("quorate ".count)
    #expect(screen.hasPrefix("quorate  \(line)"))
  }

  @Test func `An edition is named by its number or by its line`() throws {
    for (edition, number) in [("3.8", "3.8.0"), ("3.8.0", "3.8.0"), ("3.5", "3.5.9")] {
      let result = try Quorate.run(
        ["diff", "reference:\(number)", "--edition", edition, "--seeds", "1", "--moves", "20"])
      #expect(result.code == 0)
      #expect(result.output.contains("is compared with edition \(number), as --edition tells"))
    }
    let probed = try Quorate.run(["diff", "reference:3.5", "--seeds", "2", "--moves", "300"])
    #expect(probed.code == 0, "differences of editions are none: \(probed.output)")
    #expect(probed.output.contains("is compared with edition 3.5, as which it behaves"))
  }

  @Test func `Failures say how to see them again, and the step that failed is marked`() throws {
    let target = "reference:keeper-deletes-leave-pzxid"
    let id = try Quorate.run(["replay", "ZK-STAT-017", target])
    #expect(id.code == 1)
    #expect(id.output.contains("again  quorate replay 'ZK-STAT-017' \(target)\n"))
    #expect(id.output.contains(/15  a\.exists \/p .* FAILS\n/))
    let folder = try Quorate.newFolder()
    defer { try? FileManager.default.removeItem(at: folder) }
    let mine = folder.appending(path: "it's mine.yaml")
    try FileManager.default.copyItem(
      atPath: "\(Quorate.fixtures)/ZooKeeper/stat/ZK-STAT-017-pzxid-on-delete.yaml",
      toPath: mine.path)
    let file = try Quorate.run(["replay", mine.path, target])
    let typed = mine.path.replacing("'", with: "'\\''")
    #expect(file.output.contains("again  quorate replay '\(typed)' \(target)\n"))
  }

  @Test func `A deviation may be given for one case, and must be one`() throws {
    let verify = [
      "verify", "reference:keeper-deletes-leave-pzxid", "--fixtures", Quorate.few, "--case",
      "ZK-STAT-017",
    ]
    let known = try Quorate.run(verify + ["--known-deviation", "ZK-STAT-017 as issue 12 says"])
    #expect(known.code == 0 && known.output.contains("1 known deviation\n"))
    let stale = try Quorate.run([
      "verify", "--fixtures", Quorate.few, "--case", "ZK-STAT-017", "--known-deviation",
      "ZK-STAT-017 as issue 12 says",
    ])
    #expect(stale.code == 1)
    let twice = try Quorate.run(
      verify + ["--known-deviation", "ZK-STAT-017 a", "--known-deviation", "ZK-STAT-017 b"])
    #expect(twice.code == 64)
    #expect(twice.errors.contains("stands in --known-deviation:1 already"))
  }

  @Test func `More failures than are shown stand in the report only where there is one`() throws {
    // A server with more than one thing wrong.
    let verify = [
      "verify",
      "reference:version-begins-with-one,aversion-begins-with-one,mzxid-and-pzxid-swapped",
      "--fixtures", Quorate.few,
    ]
    let result = try Quorate.run(verify)
    #expect(result.output.contains(" more like these; --junit FILE writes them all\n"))
  }

  @Test func `Cases that a target has not the means for are no success when there are no others`()
    throws
  {
    let old = "reference:3.4.14"
    let unsupported = try Quorate.run(["verify", old, "--list", "--unsupported"])
    let id = try #require(unsupported.output.split(separator: " ").first.map(String.init))
    let result = try Quorate.run(["verify", old, "--case", id])
    #expect(result.code == 2 && result.output.contains("INCONCLUSIVE"))
  }
}
