import Foundation
import PostgreSQLConformance
import Testing

extension RealServers.CoordinatorTests {
  static let work = [
    "--work", "a=update account set balance = balance - 1",
    "--work", "b=update account set balance = balance + 1",
  ]

  /// A database that refuses for good, and how: by whom it is asked, and for what.
  enum Refusal: String, CaseIterable {
    case notItsOwner = "42501"
    case anotherDatabase = "0A000"
    case noSuchUser = "28000"
    case noSuchDatabase = "3D000"

    func url(_ bank: DatabaseURL) -> String {
      switch self {
      case .notItsOwner: bank.text.replacing("postgres@", with: "stranger@")
      case .anotherDatabase: bank.naming("template1")
      case .noSuchUser: bank.text.replacing("postgres@", with: "nobody@")
      case .noSuchDatabase: bank.naming("nowhere")
      }
    }
  }

  @Test(arguments: Refusal.allCases)
  func `Who is refused for good is told of once, stays in doubt, and is helped later`(
    refusal: Refusal
  ) async throws {
    let banks = try await Banks()
    let folder = try banks.newFolder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let bank = banks.banks[1]
    _ = try await banks.ask(bank.url, "DROP ROLE IF EXISTS stranger")
    _ = try await banks.ask(bank.url, "CREATE ROLE stranger LOGIN")
    let (before, transaction) = (try await banks.balances(), "\(banks.run)-\(refusal)")
    // The decision to commit is on disk, and nobody knows of it.
    _ = try banks.coordinate(
      folder, ["--begin", transaction, "--kill-at", "13"] + Self.work)
    let (code, output) = try banks.coordinate(folder, [], b: refusal.url(bank.url), patience: 30)
    if refusal == .anotherDatabase {
      #expect(code == 3, "\(output)")
      #expect(output.split(separator: "b: this is another database").count == 2, "\(output)")
    } else {
      #expect(code == 2, "\(output)")
      #expect(output.split(separator: "b refuses for good").count == 2, "\(output)")
      #expect(output.contains("SQLSTATE \(refusal.rawValue)"), "\(output)")
      #expect(output.contains("COMMIT PREPARED 'quorate-\(transaction)-"), "\(output)")
    }
    #expect(output.contains("\(folder)/\(transaction).journal"), "\(output)")
    // The other is not held up.
    let held = [
      try await banks.holding(banks.banks[0], transaction, from: before[0]),
      try await banks.holding(bank, transaction, from: before[1]),
    ]
    #expect(held == [.committed, .prepared], "\(output)")
    let mended = try banks.coordinate(folder, [])
    #expect(mended.code == 0, "\(mended.output)")
    #expect(try await banks.balances() == [before[0] - 1, before[1] + 1])
    // What is over is no trouble, whatever a database refuses.
    #expect(try banks.coordinate(folder, [], b: refusal.url(bank.url)).code == 0)
    _ = try await banks.ask(bank.url, "DROP ROLE stranger")
  }

  @Test func `The row of a commit stays until the end is on disk, and is gone then`() async throws {
    let banks = try await Banks()
    let folder = try banks.newFolder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    var killed = ""
    var transaction = ""
    for point in 20...26 where !killed.contains("before end is stored") {
      // The one before would hold up this one.
      _ = try banks.coordinate(folder, [])
      transaction = "\(banks.run)-row-\(point)"
      killed = try banks.coordinate(
        folder, ["--begin", transaction, "--kill-at", "\(point)"] + Self.work
      ).output
    }
    #expect(killed.contains("before end is stored"), "\(killed)")
    for bank in banks.banks { #expect(try await banks.hasRow(bank, transaction)) }
    let (code, output) = try banks.coordinate(folder, [])
    #expect(code == 0 && !output.contains("damage"), "\(output)")
    for bank in banks.banks { #expect(try await !banks.hasRow(bank, transaction)) }
  }

  @Test func `A folder of journals that is not there is told by its name`() async throws {
    let banks = try await Banks()
    for more in [[], ["--begin", "t"]] {
      let (code, output) = try banks.coordinate("/nowhere/jurnals", more)
      #expect(code == 3 && output == "/nowhere/jurnals: No such file or directory\n", "\(output)")
    }
    let file = try #require(CommandLine.arguments.first)
    #expect(try banks.coordinate(file, []).code == 3)
  }

  /// A line of a journal: the checksum is FNV-1a.
  static func line(_ record: String) -> String {
    let word = "1796057824.123456 \(record)"
    let hash = word.utf8.reduce(UInt32(0x811c_9dc5)) { ($0 ^ UInt32($1)) &* 0x0100_0193 }
    let digits = String(hash, radix: 16)
    return String(repeating: "0", count: 8 - digits.count) + digits + " \(word)\n"
  }

  @Test func `A journal that is not as it was written is refused with its line`() async throws {
    let banks = try await Banks()
    let folder = try banks.newFolder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let heading = Self.line("participants 0123456789abcdef a= b=") + Self.line("start")
    let wrong = Self.line("commit").replacing("commit", with: "abort")
    try (heading + wrong + Self.line("end")).write(
      toFile: folder + "/t.journal", atomically: true, encoding: .utf8)
    let damaged = try banks.coordinate(folder, [])
    #expect(damaged.output.contains("t.journal:3: this line is not as it was written"))
    #expect(damaged.code == 3)
    // What a crash has torn at the end was never stable.
    try (heading + wrong.prefix(12)).write(
      toFile: folder + "/t.journal", atomically: true, encoding: .utf8)
    let torn = try banks.coordinate(folder, [])
    #expect(torn.code == 0 && torn.output.contains("t: abort"), "\(torn.output)")
    // A last line that is whole and wrong was not torn.
    try (heading + wrong).write(
      toFile: folder + "/t.journal", atomically: true, encoding: .utf8)
    #expect(try banks.coordinate(folder, []).code == 3)
    // Who takes part and is not named must not be forgotten.
    try (Self.line("participants 0123456789abcdef a= b= c=") + Self.line("start")).write(
      toFile: folder + "/t.journal", atomically: true, encoding: .utf8)
    let lacking = try banks.coordinate(folder, [])
    #expect(lacking.code == 3 && lacking.output.contains("c takes part"), "\(lacking.output)")
  }
}
