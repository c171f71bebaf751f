import Foundation
import Testing

/// Runs that do not come to their end.
@Suite(.serialized) struct `A run that ends early` {
  private func withServer(
    _ options: String..., body: (Serving, URL) throws -> Void
  ) throws {
    let folder = try Quorate.newFolder()
    let server = try Serving("--tick-time", "500")
    defer {
      server.end()
      try? FileManager.default.removeItem(at: folder)
    }
    try body(server, folder)
  }

  private func verify(_ server: Serving, _ options: String...) -> [String] {
    ["verify", server.url, "--fixtures", Quorate.slow, "--junit", "r.xml"] + options
  }

  /// A run that is over in a moment.
  private func look(_ server: Serving, _ options: String..., in folder: URL) throws
    -> Quorate.Result
  {
    try Quorate.run(
      ["verify", server.url, "--fixtures", Quorate.few, "--case", "ZK-STAT-017"] + options,
      in: folder)
  }

  private func report(in folder: URL) throws -> String {
    try String(contentsOf: folder.appending(path: "r.xml"), encoding: .utf8)
  }

  private static func count(_ text: String, in xml: String) -> Int { xml.ranges(of: text).count }

  @Test func `Ctrl-C leaves a report in which what was not judged is an error, and no folder`()
    throws
  {
    try withServer { server, folder in
      let run = try Running(verify(server), in: folder)
      run.wait(for: " of ", onErrors: true)
      run.signal(SIGINT)
      let result = run.result()
      #expect(result.code == 2)
      let match = try #require(
        result.output.firstMatch(
          of: /stopped  the run was interrupted; (\d+) cases were not judged/))
      let xml = try report(in: folder)
      #expect("\(Self.count("type=\"stopped\"", in: xml))" == match.1)
      #expect(xml.contains("message=\"not judged: the run was interrupted\""))
      let again = try look(server, in: folder)
      #expect(again.code == 0 && !again.output.contains("found "))
    }
  }

  @Test func `A budget that is spent leaves errors too`() throws {
    try withServer { server, folder in
      let result = try Quorate.run(verify(server, "--budget", "0.5s"), in: folder)
      #expect(result.code == 2)
      #expect(result.output.contains("stopped  the run's budget of 0.5 s was spent; "))
      let xml = try report(in: folder)
      #expect(xml.contains("message=\"not judged: the run's budget was spent\" type=\"stopped\""))
    }
  }

  @Test func `The second Ctrl-C tells what stays, and what is left is found and removed`() throws {
    try withServer { server, folder in
      let run = try Running(verify(server), in: folder)
      run.wait(for: " of ", onErrors: true)
      // A server that answers nothing: the clean-up waits for it.
      server.running.signal(SIGSTOP)
      run.signal(SIGINT)
      run.wait(for: "stopping", onErrors: true)
      // What comes at once is taken for the same signal.
      let done = DispatchSemaphore(value: 0)
      Thread.detachNewThread {
        while run.isAlive {
          run.signal(SIGINT)
          _ = done.wait(timeout: .now() + 0.1)
        }
      }
      let result = run.result()
      server.running.signal(SIGCONT)
      #expect(result.code == 128 + SIGINT)
      let left = try #require(
        result.errors.firstMatch(of: /left behind: (\/quorate-[0-9a-f]{4}); quorate verify/))
      let made = try #require(
        result.errors.firstMatch(of: /no report: quorate report (\S+) > r\.xml makes it/))
      #expect(try report(in: folder).contains("the run has not ended"))
      let report = try Quorate.run(["report", String(made.1)], in: folder)
      #expect(report.output.contains("message=\"not judged: the run was interrupted\""))
      let found = try look(server, in: folder)
      #expect(found.code == 0 && found.output.contains("found    \(left.1), "))
      let cleaned = try look(server, "--clean", in: folder)
      #expect(cleaned.code == 0 && cleaned.output.contains("removed  \(left.1)\n"))
      let last = try look(server, in: folder)
      #expect(last.code == 0 && !last.output.contains("found "))
    }
  }

  @Test(arguments: [SIGKILL, SIGSTOP])
  func `A target that is gone for good ends the run, told once`(signal: Int32) throws {
    try withServer { server, folder in
      let run = try Running(verify(server, "--patience", "2s"), in: folder)
      run.wait(for: " of ", onErrors: true)
      server.running.signal(signal)
      let result = run.result()
      #expect(result.code == 3)
      let told = try #require(
        result.output.firstMatch(
          of:
            #/
            stopped\x20\x20the\x20target\x20stopped\x20answering\x20at\x20([0-9.]+)\x20s,\x20
            while\x20these\x20ran:\x20(.*);\x20(\d+)\x20cases\x20were\x20not\x20judged
            /#
        ))
      #expect(told.2.split(separator: ", ").count <= 6)
      #expect(result.output.ranges(of: "\nERROR  ").count <= 6)
      #expect(result.errors.ranges(of: "left behind: ").count == 1)
      let xml = try report(in: folder)
      #expect("\(Self.count("type=\"stopped\"", in: xml))" == told.3)
      #expect(xml.contains("message=\"not judged: the target stopped answering\""))
    }
  }

  @Test func `A comparison that is stopped leaves no folder`() throws {
    try withServer { server, folder in
      for signal in [SIGINT, SIGTERM] {
        let run = try Running(["diff", server.url, "--seeds", "1000"])
        run.wait(for: "seed 1: ")
        run.signal(signal)
        let result = run.result()
        #expect(result.code == 2 && result.errors.contains("stopping: the server is cleaned up"))
        #expect(result.errors.contains("; before it there was no difference"))
      }
      let after = try look(server, in: folder)
      #expect(after.code == 0 && !after.output.contains("found "))
    }
  }

  @Test func `A comparison that is stopped after it has found something tells and writes it`()
    throws
  {
    let server = try Serving("--quirk", "set-ignores-the-version")
    defer { server.end() }
    let folder = try Quorate.newFolder()
    defer { try? FileManager.default.removeItem(at: folder) }
    let run = try Running(["diff", server.url, "--write", "found.yaml"], in: folder)
    let told = run.wait(for: "operations; making it small\n")
    #expect(told != nil)
    // A server that stands still: the search has not ended before the signal comes.
    server.running.signal(SIGSTOP)
    run.signal(SIGINT)
    run.wait(for: "stopping: the server is cleaned up", onErrors: true)
    server.running.signal(SIGCONT)
    let result = run.result()
    #expect(result.code == 1, "\(result)")
    #expect(result.output.contains(/stopped: there may be a shorter run\nso far \d+ operations/))
    let found = try String(contentsOf: folder.appending(path: "found.yaml"), encoding: .utf8)
    #expect(result.output.contains(found))
    #expect(try !look(server, in: folder).output.contains("found "))
  }

  @Test func `What a killed comparison has left is removed too, closed nodes among it`() throws {
    try withServer { server, folder in
      let run = try Running(["diff", server.url, "--seeds", "1000"])
      run.wait(for: "is compared with")
      // Between two seeds there is no folder: it stands still while somebody makes sure.
      func hasFolder() throws -> Bool {
        try look(server, in: folder).output.contains("found    /quorate-diff-")
      }
      var isFound = false
      while !isFound, run.isAlive {
        guard try hasFolder() else { continue }
        run.signal(SIGSTOP)
        isFound = try hasFolder()
        if !isFound { run.signal(SIGCONT) }
      }
      run.signal(SIGKILL)
      #expect(run.result().code == SIGKILL)
      #expect(isFound)
      let cleaned = try look(server, "--clean", in: folder)
      #expect(cleaned.code == 0)
      #expect(cleaned.output.contains(/removed  \/quorate-diff-[0-9a-f]{4}\n/), "\(cleaned)")
      #expect(!cleaned.output.contains("found ") && !cleaned.errors.contains("left behind"))
      let after = try look(server, in: folder)
      #expect(after.code == 0 && !after.output.contains("found "))
    }
  }

  @Test func `Two comparisons at once do not disturb one another`() throws {
    try withServer { server, _ in
      let runs = try (1...2).map { _ in try Running(["diff", server.url, "--seeds", "3"]) }
      for run in runs {
        let result = run.result()
        #expect(result.code == 0, "\(result)")
      }
    }
  }
}

extension Running {
  /// Whether it has not ended, or nobody has asked yet how.
  var isAlive: Bool { kill(id, 0) == 0 }
}
