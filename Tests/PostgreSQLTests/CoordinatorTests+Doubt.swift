import AtomicCommitment
import Foundation
import PostgreSQLClient
import PostgreSQLConformance
import ProtocolCore
import Testing

/// What a coordinator that starts again could decide wrongly.
extension RealServers.CoordinatorTests {
  /// The work's own words, so that two transactions do not wait for each other.
  private static let idle = ["--work", "a=select 1", "--work", "b=select 1"]

  /// Leaves a transaction whose commit is on disk, and of which no database knows.
  private static func leave(_ transaction: String, in folder: String, _ banks: Banks) throws {
    let killed = try banks.coordinate(folder, ["--begin", transaction, "--kill-at", "13"] + work)
    #expect(killed.output.contains("✗ killed at point 13"), "\(killed.output)")
  }

  /// A stand-by that takes over may have the prepared transaction and not its commit.
  @Test func `A decision that stands in the journal is told to whoever asks behind its end`()
    async throws
  {
    let banks = try await Banks()
    let folder = try banks.newFolder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let (before, transaction) = (try await banks.balances(), "\(banks.run)-over")
    try Self.leave(transaction, in: folder, banks)
    let path = "\(folder)/\(transaction).journal"
    let text = try String(contentsOfFile: path, encoding: .utf8)
    try (text + Self.line("end")).write(toFile: path, atomically: true, encoding: .utf8)
    let (code, output) = try banks.coordinate(folder, [])
    #expect(code == 0 && output.contains("\(transaction): commit"), "\(output)")
    #expect(try await banks.balances() == [before[0] - 1, before[1] + 1], "\(output)")
  }

  @Test func `Two coordinators that call a transaction the same do not decide for each other`()
    async throws
  {
    let banks = try await Banks()
    let folders = [try banks.newFolder(), try banks.newFolder()]
    defer { for each in folders { try? FileManager.default.removeItem(atPath: each) } }
    let (before, transaction) = (try await banks.balances(), "\(banks.run)-same")
    try Self.leave(transaction, in: folders[0], banks)
    let other = try banks.coordinate(folders[1], ["--begin", transaction] + Self.idle)
    #expect(other.code == 0 && other.output.contains("\(transaction): commit"), "\(other.output)")
    for bank in banks.banks { #expect(try await banks.prepared(bank, transaction) != nil) }
    let first = try banks.coordinate(folders[0], [])
    #expect(first.code == 0, "\(first.output)")
    #expect(try await banks.balances() == [before[0] - 1, before[1] + 1], "\(first.output)")
  }

  @Test func `Two participants may be one database`() async throws {
    let banks = try await Banks()
    let folder = try banks.newFolder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let url = banks.banks[0].url.text
    let (code, output) = try banks.coordinate(
      folder, ["--begin", "\(banks.run)-one"] + Self.idle, b: url)
    #expect(code == 0 && output.contains("-one: commit"), "\(output)")
  }

  @Test func `Databases under each other's names are told nothing`() async throws {
    let banks = try await Banks()
    let folder = try banks.newFolder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let (before, transaction) = (try await banks.balances(), "\(banks.run)-swapped")
    try Self.leave(transaction, in: folder, banks)
    let swapped = try banks.coordinate(
      folder, [], a: banks.banks[1].url.text, b: banks.banks[0].url.text, patience: 30)
    #expect(swapped.code == 3, "\(swapped.output)")
    #expect(swapped.output.contains("a: this is another database"), "\(swapped.output)")
    #expect(!swapped.output.contains("damage"), "\(swapped.output)")
    for bank in banks.banks { #expect(try await banks.prepared(bank, transaction) != nil) }
    #expect(try banks.coordinate(folder, []).code == 0)
    #expect(try await banks.balances() == [before[0] - 1, before[1] + 1])
  }

  @Test(arguments: ["commit and chain", "rollback", "END", "prepare transaction 'x'", " abort"])
  func `Work that would end the transaction is a mistake in the command`(statement: String)
    async throws
  {
    let banks = try await Banks()
    let folder = try banks.newFolder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let (code, output) = try banks.coordinate(
      folder, ["--begin", "t", "--work", "a=\(statement)"] + Self.work)
    #expect(code == 64 && output.contains("the coordinator ends the transaction"), "\(output)")
  }

  @Test(arguments: [
    ("/* well */ commit and chain", 4 as Int32, 1), ("/* well */ rollback and chain", 0, 0),
  ]) func `Work that has ended the transaction votes no, and what it has committed is damage`(
    statement: String, expected: Int32, lost: Int
  ) async throws {
    let banks = try await Banks()
    let folder = try banks.newFolder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let before = try await banks.balances()
    let (code, output) = try banks.coordinate(
      folder,
      ["--begin", "\(banks.run)-ended"] + Self.work + ["--work", "a=\(statement)"])
    #expect(code == expected && output.contains("-ended: abort"), "\(output)")
    #expect(output.contains("the work has ended the transaction"), "\(output)")
    #expect(output.contains("damage at a") == (expected == 4), "\(output)")
    #expect(try await banks.balances() == [before[0] - lost, before[1]])
  }

  @Test func `Damage has a code of its own, and is told again until its journal is gone`()
    async throws
  {
    let banks = try await Banks()
    let folder = try banks.newFolder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let (bank, transaction) = (banks.banks[1], "\(banks.run)-hand")
    try Self.leave(transaction, in: folder, banks)
    let name = try #require(try await banks.prepared(bank, transaction))
    _ = try await banks.ask(bank.url, "ROLLBACK PREPARED '\(name)'")
    for _ in 1...2 {
      let (code, output) = try banks.coordinate(folder, [])
      #expect(code == 4 && output.contains("\(transaction): commit, damage at b"), "\(output)")
      #expect(output.contains("take away \(folder)/\(transaction).journal"), "\(output)")
    }
    try FileManager.default.removeItem(atPath: "\(folder)/\(transaction).journal")
    #expect(try banks.coordinate(folder, []).code == 0)
  }

  @Test func `The row of a commit is found, wherever the session looks for tables`()
    async throws
  {
    let banks = try await Banks()
    let folder = try banks.newFolder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let (bank, transaction) = (banks.banks[1], "\(banks.run)-path")
    try Self.leave(transaction, in: folder, banks)
    // As was decided: no damage.
    let name = try #require(try await banks.prepared(bank, transaction))
    _ = try await banks.ask(bank.url, "COMMIT PREPARED '\(name)'")
    let (code, output) = try banks.coordinate(
      folder, [], b: bank.url.text + "&options=-csearch_path%3Dpg_catalog")
    #expect(code == 0 && !output.contains("damage"), "\(output)")
  }

  @Test func `A database that does not answer is told of once, and asked again`() async throws {
    let banks = try await Banks()
    let folder = try banks.newFolder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try Self.leave("\(banks.run)-gone", in: folder, banks)
    let control = try #require(banks.banks[1].url.control)
    #expect(await control.run("kill") == nil)
    let (_, output) = try banks.coordinate(folder, [], patience: 4)
    #expect(await control.run("start") == nil)
    #expect(output.split(separator: "b does not answer (").count == 2, "\(output)")
    #expect(try banks.coordinate(folder, []).code == 0)
  }

  /// The first is over, or waits for b, which is gone; the second has nothing to do with b.
  @Test(arguments: [true, false]) func `One transaction does not hold up another`(isOver: Bool)
    async throws
  {
    let banks = try await Banks()
    let folder = try banks.newFolder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let first = banks.banks[0]
    if isOver {
      #expect(try banks.coordinate(folder, ["--begin", "\(banks.run)-1"] + Self.idle).code == 0)
    } else {
      let begin = ["--begin", "\(banks.run)-1", "--kill-at", "13"]
      _ = try banks.coordinate(folder, begin + Self.idle)
    }
    let others = [(id: NodeID("c"), url: first.url.text)]
    let second = "\(banks.run)-2"
    let before = try await banks.balances()
    _ = try banks.coordinate(
      folder,
      ["--begin", second, "--kill-at", "13", "--work", "c=select 1"] + Self.work.prefix(2),
      and: others, leavingOut: "b")
    #expect(try await banks.prepared(first, second) != nil)
    let control = try #require(banks.banks[1].url.control)
    #expect(await control.run("kill") == nil)
    let (code, output) = try banks.coordinate(folder, [], and: others, patience: 5)
    #expect(await control.run("start") == nil)
    #expect((code == 0) == isOver, "\(output)")
    #expect(output.contains("\(second): commit"), "\(output)")
    #expect(output.contains("\(second): c ● decided commit"), "\(output)")
    #expect(
      output.split(separator: "\n").allSatisfy { $0.hasPrefix("\(banks.run)-") }, "\(output)")
    #expect(try await banks.balances() == [before[0] - 1, before[1]], "\(output)")
    #expect(try banks.coordinate(folder, [], and: others).code == 0)
  }

  @Test func `A client that hears nothing from a coordinator that lives is left waiting`() throws {
    for (output, broken) in ["\nc ● commit": true, "\nc ⇒ committed": false, "✗ killed": false] {
      var judge = Judge([], "t")
      try judge.hear(output, journal: "/nowhere", isAsked: true)
      #expect(judge.broken.contains(.AC5) == broken, "\(output)")
    }
  }

  @Test func `Why a database does not prepare is told`() async throws {
    let banks = try await Banks()
    let folder = try banks.newFolder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let (code, output) = try banks.coordinate(
      folder, ["--begin", "\(banks.run)-why", "--work", "b=create temp table t (x int)"])
    #expect(code == 0 && output.contains("-why: abort"), "\(output)")
    #expect(output.contains("b cannot prepare: cannot PREPARE a transaction"), "\(output)")
    #expect(output.contains("SQLSTATE 0A000"), "\(output)")
  }
}
