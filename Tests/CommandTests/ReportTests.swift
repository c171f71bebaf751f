import Foundation
import Testing

/// What `quorate verify` leaves behind for a pipeline.
@Suite struct `Reports of a run` {
  private static let few = ["--fixtures", Quorate.few]

  private static func stub(_ text: String) -> Bool {
    text.contains("tests=\"1\" failures=\"0\" errors=\"1\"")
  }

  private func inFolder(_ body: (URL) throws -> Void) throws {
    let folder = try Quorate.newFolder()
    defer { try? FileManager.default.removeItem(at: folder) }
    try body(folder)
  }

  private func verify(_ arguments: [String], in folder: URL) throws -> Quorate.Result {
    try Quorate.run(["verify", "--fixtures", Quorate.few] + arguments, in: folder)
  }

  @Test(arguments: ["missing", "empty", "file.txt"])
  func `A folder without fixtures is no reason to judge anything else`(name: String) throws {
    try inFolder { folder in
      try FileManager.default.createDirectory(
        at: folder.appending(path: "empty"), withIntermediateDirectories: true)
      try Data().write(to: folder.appending(path: "file.txt"))
      let result = try Quorate.run(["verify", "--fixtures", name], in: folder)
      #expect(result.code == 64 && result.output == "")
      #expect(result.errors.contains("'\(name)' holds no fixtures; nothing was judged"))
    }
  }

  @Test func `A folder with fixtures of somebody's own is judged, and nothing besides`() throws {
    try inFolder { folder in
      let name = "ZK-STAT-017-pzxid-on-delete.yaml"
      try FileManager.default.copyItem(
        atPath: "\(Quorate.fixtures)/ZooKeeper/stat/\(name)",
        toPath: folder.appending(path: name).path)
      let result = try Quorate.run(["verify", "--fixtures", "."], in: folder)
      #expect(result.code == 0 && result.output.contains("plan     1 case: 1 to run"))
    }
  }

  /// A fixture of somebody's own.
  static func own(_ id: String, _ steps: String) -> String {
    """
    case: \(id)
    title: My own
    level: must
    claims: []
    editions: "3.4.."
    seen: []
    clients: [a]
    steps:
    \(steps)
    """
  }

  @Test func `A fixture of somebody's own is judged whatever its id, alone or beside the suite's`()
    throws
  {
    try inFolder { folder in
      let mine = folder.appending(path: "mine")
      try FileManager.default.createDirectory(at: mine, withIntermediateDirectories: true)
      func write(_ id: String, _ steps: String) throws {
        let file = mine.appending(path: "\(id)-a-try.yaml")
        try Data(Self.own(id, steps).utf8).write(to: file)
      }
      try write("MY-NODE-001", "  - a.exists: { path: /none }\n    gives: {}")
      let alone = try Quorate.run(["verify", "--fixtures", "mine"], in: folder)
      #expect(alone.code == 1 && alone.output.contains("FAIL  MY-NODE-001"))
      let both = try verify(["--also", "mine/"], in: folder)
      #expect(both.code == 1 && both.output.contains("FAIL  MY-NODE-001"))
      #expect(both.output.contains("  again  quorate replay mine/MY-NODE-001-a-try.yaml"))
      #expect(both.output.contains(/\d\d run in .*: \d\d pass, 1 FAIL/))

      try write("PG-LOCK-901", "  - a.begin: {}")
      let another = try Quorate.run(["verify", "--fixtures", "mine"], in: folder)
      #expect(another.output.contains("plan     1 case: 1 to run"))
      try FileManager.default.removeItem(at: mine.appending(path: "PG-LOCK-901-a-try.yaml"))
      try write("ZK-STAT-017", "  - a.exists: { path: /none }")
      let twice = try verify(["--also", "mine"], in: folder)
      #expect(twice.code == 64 && twice.errors.contains("the case ZK-STAT-017 stands in "))
      let none = try verify(["--also", "none"], in: folder)
      #expect(none.code == 64 && none.errors.contains("'none' holds no fixtures"))
      let theirs = "\(Quorate.fixtures)/PostgreSQL/lock"
      let others = try verify(["--also", theirs], in: folder)
      #expect(others.code == 64 && others.errors.contains("holds fixtures for databases alone"))
    }
  }

  @Test(arguments: [
    (
      "  - a.get: { path: /none }\n    error: NoNode\n    keep: { s: stat }\n"
        + "  - a.set: { path: /none, version: $s.version }\n    error: NoNode",
      "line 12: nothing was kept as $s.version: what came in line 9 has no stat"
    ),
    (
      "  - a.create: { path: /n, data: x }\n  - a.get: { path: /n }\n    keep: { d: data }\n"
        + "  - a.set: { path: /n, version: $d }",
      "line 12: $d is \"x\", which is no version"
    ),
  ]) func `What was not kept, or does not fit, is an error of the case, not the server's`(
    steps: String, says: String
  ) throws {
    try inFolder { folder in
      let text = Self.own("MY-NODE-002", steps)
      try Data(text.utf8).write(to: folder.appending(path: "mine.yaml"))
      let result = try Quorate.run(["replay", "mine.yaml"], in: folder)
      #expect(result.code == 3 && result.output.contains(says), "\(result)")
    }
  }

  @Test func `A target that cannot be judged leaves a report with one error, not last week's`()
    throws
  {
    try inFolder { folder in
      let file = folder.appending(path: "r.xml")
      try Data("<testsuites tests=\"9\"/>".utf8).write(to: file)
      let result = try verify(["zookeeper://127.0.0.1:1", "--junit", "r.xml"], in: folder)
      #expect(result.code == 3)
      let report = try String(contentsOf: file, encoding: .utf8)
      #expect(Self.stub(report) && report.contains("nothing listens on 127.0.0.1:1"))
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["r.xml"])
    }
  }

  @Test(arguments: [
    (["--junit", "no/r.xml"], "--junit no/r.xml: there is no folder no"),
    (["--junit", "."], "--junit .: it is a folder"),
    (["--junit", "file/r.xml"], "--junit file/r.xml: file is no folder"),
    (["--table", "no/t.tsv"], "--table no/t.tsv: there is no folder no"),
    (["--table", "file"], "file:2:1: 'x' is not 0 verdicts"),
  ])
  func `What cannot be written is told before anything is asked`(
    arguments: [String], complaint: String
  ) throws {
    try inFolder { folder in
      try Data("x\nx\ty\n".utf8).write(to: folder.appending(path: "file"))
      let result = try verify(["zookeeper://127.0.0.1:1"] + arguments, in: folder)
      #expect(result.code == 64 && result.output == "")
      #expect(result.errors == complaint + "\n")
    }
  }

  @Test func `A comparison looks at its file first too, and so does a search`() throws {
    for command in [
      ["diff", "zookeeper://127.0.0.1:1"], ["explore", "2pc"], ["break", "2pc", "voteStoredFirst"],
      ["simulate", "2pc"],
    ] {
      let result = try Quorate.run(command + ["--write", "/nosuch/x"])
      #expect(result.code == 64 && result.output == "")
      #expect(result.errors == "--write /nosuch/x: there is no folder /nosuch\n")
    }
  }

  @Test func `A file that takes nothing any more costs the report, and no verdict`() throws {
    let result = try Quorate.run(["verify"] + Self.few + ["--junit", "/dev/full"])
    #expect(result.code == 3)
    #expect(result.errors.contains("--junit /dev/full could not be written: no space left on"))
    let journal = try #require(
      result.errors.firstMatch(of: /the verdicts are in (\S+): quorate report/))
    #expect(result.output.contains(" 0 FAIL\nCONFORMANT ") && result.output.hasSuffix("exit 3\n"))
    #expect(try Quorate.run(["report", String(journal.1)]).output.contains("ZK-STAT-017"))
    try FileManager.default.removeItem(atPath: String(journal.1))
  }

  @Test func `A report is made where names have spaces and letters of any kind`() throws {
    try inFolder { folder in
      let name = "räport 1 – 'x'.xml"
      let result = try verify(["--case", "ZK-STAT-017", "--junit", name], in: folder)
      #expect(result.code == 0 && result.output.contains("report   \(name), 1 case\n"))
      let files = try FileManager.default.contentsOfDirectory(atPath: folder.path)
      #expect(files.count == 1)
    }
  }

  @Test(arguments: [
    ["list", "--fixtures", Quorate.few], ["schema"],
    ["schema", "--for", "postgresql"], ["verify", "--fixtures", Quorate.few],
    ["break", "2pc"], ["break", "locks", "--all"],
  ])
  func `Who cannot write to standard output does not end as if all were well`(
    arguments: [String]
  ) throws {
    let result = try Quorate.run(arguments, output: "/dev/full")
    #expect(result.code == 3)
    let told = "standard output cannot be written: no space left on device\n"
    #expect(result.errors.ranges(of: told).count == 1)
  }

  @Test func `A file that has the journal's name stays, and two runs do not share a report`()
    throws
  {
    try inFolder { folder in
      let mine = folder.appending(path: "r.ndjson")
      try Data("mine".utf8).write(to: mine)
      let server = try Serving()
      defer { server.end() }
      let all = ["verify", server.url, "--fixtures", Quorate.slow, "--junit"]
      let first = try Running(all + ["r.xml"], in: folder)
      first.wait(for: "plan ")
      try FileManager.default.createSymbolicLink(
        atPath: folder.appending(path: "link.xml").path, withDestinationPath: "r.xml")
      let second = try Quorate.run(all + ["link.xml"], in: folder)
      #expect(second.code == 64)
      #expect(second.errors.contains("--junit link.xml: another run is going to write it"))
      let stub = try String(contentsOf: folder.appending(path: "r.xml"), encoding: .utf8)
      #expect(Self.stub(stub) && stub.contains("the run has not ended"))
      first.signal(SIGINT)
      #expect(first.result().code == 2)
      #expect(try String(contentsOf: mine, encoding: .utf8) == "mine")
      let files = try FileManager.default.contentsOfDirectory(atPath: folder.path)
      #expect(files.sorted() == ["link.xml", "r.ndjson", "r.xml"])
    }
  }

  @Test func `What the clients of a run saw is written, and judged`() throws {
    try inFolder { folder in
      let runs = "\(Quorate.fixtures)/CAP"
      let name = try #require(
        try FileManager.default.contentsOfDirectory(atPath: runs).first {
          $0.hasPrefix("CAP-S10c")
        })
      let result = try Quorate.run(
        ["replay", "\(runs)/\(name)", "--history", "seen.ndjson"], in: folder)
      #expect(result.code == 0)
      #expect(result.output.contains(/history  \d+ events, in seen\.ndjson\n/))
      let judged = try Quorate.run(
        ["check", "seen.ndjson", "--guarantee", "linearizable"], in: folder)
      #expect(judged.code == 1)
      let nowhere = try Quorate.run(
        ["replay", "\(runs)/\(name)", "--history", "no/such/seen.ndjson"], in: folder)
      #expect(nowhere.code == 64)
    }
  }

  @Test func `A claim that nobody makes is refused where it stands, in a run too`() throws {
    try inFolder { folder in
      let runs = "\(Quorate.fixtures)/TwoPhaseCommit"
      let name = try #require(
        try FileManager.default.contentsOfDirectory(atPath: runs).first { $0.hasPrefix("2PC-S06") })
      let text = try String(contentsOfFile: "\(runs)/\(name)", encoding: .utf8)
      let wrong = text.replacing("2PC-1 ", with: "2PC-66 ")
      try Data(wrong.utf8).write(to: folder.appending(path: "mine.run"))
      let result = try Quorate.run(["replay", "mine.run"], in: folder)
      #expect(result.code == 64)
      #expect(
        result.errors.contains(
          /mine\.run:\d+:\d+: no claim is called '2PC-66'; did you mean '2PC-/),
        "\(result.errors)")
    }
  }
}
