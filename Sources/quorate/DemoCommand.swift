import ArgumentParser
import CommitCoordinator
import Conformance
import Foundation
import ProtocolCore
import TwoPhaseCommit

/// Shows protocols at work on real systems.
struct DemoCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "demo",
    abstract: "Show a protocol or a recipe at work: several processes, one of which dies.",
    subcommands: [
      ConfigCenterDemo.self, LoadBalancerDemo.self, NamingDemo.self, MonitorDemo.self,
      MasterDemo.self, LockDemo.self, QueueDemo.self, BarrierDemo.self, TransferDemo.self,
      DemoProcess.self,
    ])
}

/// A transfer between two banks.
struct TransferDemo: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "2pc",
    abstract: "Move money between two PostgreSQL databases by two-phase commit.",
    discussion: """
      quorate demo 2pc postgresql://127.0.0.1:5432/postgres
      quorate demo 2pc postgresql://127.0.0.1:5432/db postgresql://127.0.0.1:5433/db --kill-at 13

      Chapter 3's coordinator, unchanged, with its journal in a file. Each bank is a database of \
      its own, which is removed at the end; with one server both are there. --kill-at ends the \
      coordinator at a point, of which there are 26: before and after each record and each \
      message. What the databases hold then is shown, and another process goes on.

      In the end it is told which of the chapter's promises hold: AC1, neither bank has gone \
      another way than the other; AC2, nobody has reversed a decision; AC5, nobody is in doubt.

      Exit codes: 0 they hold; 1 not so, which --without RULE can show; 3 a server cannot be used, \
      or it was stopped (Ctrl-C, which takes the banks away); 64 a mistake in the command.
      """)

  @Argument(help: "One server, or two: postgresql://host:port/database.")
  var servers: [String]

  @Option(help: ArgumentHelp("Kill the coordinator at this point.", valueName: "number"))
  var killAt: Int?

  @Option(
    help: ArgumentHelp("Leave out a rule of the chapter; may be repeated.", valueName: "rule"))
  var without: [String] = []

  func validate() throws {
    guard (1...2).contains(servers.count) else { throw ValidationError("one server, or two") }
    if let killAt, killAt < 1 { throw ValidationError("--kill-at counts from 1") }
    for name in without where Rule(rawValue: name) == nil {
      let near = nearest(to: name, among: Rule.allCases.map(\.rawValue))
      throw ValidationError(
        "--without \(name): no such rule" + (near.map { "; did you mean \($0)?" } ?? ""))
    }
  }

  func run() async throws {
    let path = Bundle.main.executablePath ?? CommandLine.arguments[0]
    let troubles = try await told {
      let transfer = try Transfer(
        at: servers, killAt: killAt, without: without, program: URL(filePath: path),
        tell: Terminal.say)
      Interrupts.listen(
        first: {
          Terminal.complain("\nstopping: the banks are taken away")
          transfer.stop()
        },
        second: {
          let places = transfer.places.joined(separator: ", ")
          Terminal.complain("left behind: \(places), which 'quorate verify URL --clean' removes")
        })
      return try await transfer.show()
    }
    if !troubles.isEmpty { throw failure(.notConformant, troubles.joined(separator: "; ")) }
  }
}
