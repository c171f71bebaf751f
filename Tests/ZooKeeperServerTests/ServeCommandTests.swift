import Foundation
import NIOCore
import Testing

/// `quorate serve zookeeper`, as somebody starts it.
@Suite struct `The command serve` {
  /// The command lies beside the tests.
  static let command = URL(filePath: CommandLine.arguments[0])
    .deletingLastPathComponent().appending(path: "quorate")

  struct Run {
    let process = Process()
    let output = Pipe()
    let errors = Pipe()

    init(_ arguments: String...) throws { try self.init(arguments, descriptors: nil) }

    /// - Parameter descriptors: How many files it may open, if that is fewer than usual.
    init(_ arguments: [String], descriptors: Int?) throws {
      let words = ["serve", "zookeeper"] + arguments
      process.executableURL = descriptors == nil ? command : URL(filePath: "/bin/sh")
      process.arguments =
        descriptors.map {
          ["-c", "ulimit -n \($0) && exec \"$0\" \"$@\"", command.path] + words
        } ?? words
      process.standardOutput = output
      process.standardError = errors
      try process.run()
    }

    /// Everything up to the end of a pipe.
    static func text(_ pipe: Pipe) -> String {
      String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    }
  }

  @Test(arguments: [SIGINT, SIGTERM])
  func `It says where it listens, and ends in good order when asked to`(signal: Int32) throws {
    let run = try Run("--port", "0", "--quirk", "ephemerals-stay", "--edition", "3.8")
    // One line comes at once, whole.
    let line = String(decoding: run.output.fileHandleForReading.availableData, as: UTF8.self)
    let start = "ZooKeeper with edition 3.8, ephemerals-stay on 127.0.0.1:"
    #expect(line.hasPrefix(start) && line.hasSuffix(", in memory only\n"))
    #expect(Int(line.dropFirst(start.count).prefix { $0.isNumber }) ?? 0 > 0)
    kill(run.process.processIdentifier, signal)
    run.process.waitUntilExit()
    #expect(run.process.terminationStatus == 0)
    let log = Run.text(run.errors)
    #expect(log.contains(" info ") && !log.contains(" warning ") && !log.contains(" error "))
    let name = signal == SIGINT ? "SIGINT" : "SIGTERM"
    #expect(log.contains("\(name) received: stopping\n") && log.hasSuffix("stopped\n"))
  }

  @Test func `It says what is wrong with its arguments`() throws {
    let misspelt = try Run("--quirk", "ephemeral-stay")
    misspelt.process.waitUntilExit()
    #expect(misspelt.process.terminationStatus == 64)
    #expect(
      Run.text(misspelt.errors).hasPrefix(
        "Error: unknown quirk 'ephemeral-stay'; did you mean 'ephemerals-stay'?\n"))
    let foreign = try Run("--edition", "ephemerals-stay")
    foreign.process.waitUntilExit()
    #expect(foreign.process.terminationStatus == 64)
  }

  @Test(arguments: ["3.10", "ephemerals-stay", "3.3"])
  func `An edition that is not known is told with those that are`(name: String) throws {
    let run = try Run("--edition", name)
    run.process.waitUntilExit()
    #expect(run.process.terminationStatus == 64)
    #expect(
      Run.text(run.errors).hasPrefix(
        "Error: no edition '\(name)' is known; there are 3.4 to 3.9, and 3.9.5, 3.9.4, 3.9.3,"))
  }

  @Test(arguments: [
    (["--tick-time", "2000"], "tickTime"), (["--max-connections", "9"], "maxCnxns"),
    (["--super-digest", "a:b"], "DigestAuthenticationProvider.superDigest"),
    (["--reaping-interval", "9"], "znode.container.checkIntervalMs"),
    (["--enforce-quotas"], "enforceQuota=true"), (["--no-ttl"], "extendedTypesEnabled=false"),
    (["--sasl-user", "a:b"], "java.security.auth.login.config and authProvider.1"),
    (["--read-only"], "no key"),
  ])
  func `What a zoo_cfg says otherwise is refused beside one, with its key`(
    option: [String], key: String
  ) throws {
    let run = try Run(["zoo.cfg"] + option, descriptors: nil)
    run.process.waitUntilExit()
    #expect(run.process.terminationStatus == 64)
    let words = Run.text(run.errors)
    #expect(
      words.hasPrefix("Error: \(option[0]) is for a server in memory; zoo.cfg has \(key) for it"),
      "\(words)")
  }

  @Test func `In memory all words are answered but those that tell of files`() async throws {
    let run = try Run("--port", "0")
    let line = String(decoding: run.output.fileHandleForReading.availableData, as: UTF8.self)
    let port = try #require(Int(line.split(separator: ":").last?.prefix { $0.isNumber } ?? ""))
    for (word, answer) in [
      ("ruok", "imok"),
      ("dirs", "dirs is not executed because this server keeps all in memory.\n"),
      ("hash", "hash is not executed because this server keeps all in memory.\n"),
    ] {
      let peer = try await Peer(port)
      try await peer.send(word)
      #expect(String(buffer: await peer.rest()) == answer)
    }
    run.process.terminate()
    run.process.waitUntilExit()
  }

  @Test func `A port that is taken is said, and is the error of a server that is not there`() throws
  {
    let first = try Run("--port", "0")
    let line = String(decoding: first.output.fileHandleForReading.availableData, as: UTF8.self)
    let port = String(line.split(separator: ":").last?.prefix { $0.isNumber } ?? "")
    let second = try Run("--port", port)
    second.process.waitUntilExit()
    #expect(second.process.terminationStatus == 3)
    #expect(
      Run.text(second.errors)
        == "quorate: cannot listen on 127.0.0.1:\(port): address already in use\n"
        + "  It is where clients are served (clientPort, clientPortAddress; --port, --host).\n")
    first.process.terminate()
    first.process.waitUntilExit()
  }

  @Test func `It lists its quirks`() throws {
    let run = try Run("--quirks")
    let text = Run.text(run.output)
    run.process.waitUntilExit()
    #expect(
      text.contains("\n  ephemerals-stay\n      Ephemerals outlive their session. (ZNODE-4)\n"))
  }
}
