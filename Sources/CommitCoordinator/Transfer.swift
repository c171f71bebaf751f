public import Conformance
public import Foundation
import PostgreSQLClient
import PostgreSQLConformance

/// A transfer between two banks, each a database of its own, and a coordinator that may be killed.
public struct Transfer {
  private let banks: [Bank]
  private let folder: URL
  private let killAt: Int?
  private let rules: [String]
  private let program: URL
  private let tell: (String) -> Void

  /// A bank: an account in a database that is made for it.
  private struct Bank {
    let id: String
    let holder: String
    let change: Int
    let url: DatabaseURL
    let database: String
    var server: LibPQServer { LibPQServer(url.address) }
  }

  /// A transfer between banks at these servers, or at the one.
  ///
  /// - Parameters:
  ///   - urls: One or two URLs of servers.
  ///   - killAt: The point at which the coordinator is killed; nil if it is not.
  ///   - rules: The rules of the chapter that the coordinator does not obey.
  ///   - program: What coordinates, when it is called with the word `coordinate`.
  ///   - tell: Told each line.
  public init(
    at urls: [String], killAt: Int?, without rules: [String] = [], program: URL,
    tell: @escaping (String) -> Void
  ) throws(TargetError) {
    var addresses: [DatabaseURL] = []
    for url in urls.prefix(2) {
      guard DatabaseURL.isMeant(url) else {
        throw TargetError(
          url, .badURL("postgresql://host:port/database is wanted"), kind: "database")
      }
      addresses.append(try DatabaseURL(url))
    }
    let holders = [("a", "alice", -30), ("b", "bob", 30)]
    banks = holders.enumerated().map { index, holder in
      Bank(
        id: holder.0, holder: holder.1, change: holder.2,
        url: addresses[min(index, addresses.count - 1)], database: Abandoned.newName())
    }
    self.killAt = killAt
    self.rules = rules
    self.program = program
    self.tell = tell
    folder = FileManager.default.temporaryDirectory.appending(path: "quorate-\(UUID().uuidString)")
  }

  /// Shows it, and leaves nothing behind.
  ///
  /// - Returns: What was not as it should be, in sentences.
  /// - Throws: `TargetError` for a server that cannot be used; what the system says of files.
  public func show() async throws -> [String] {
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    var opened: [Bank] = []
    var troubles: [String] = []
    do {
      for bank in banks {
        try await open(bank)
        opened.append(bank)
      }
      let before = try await balances()
      tell("30 from alice to bob:")
      let works = banks.flatMap { bank in
        let change = "\(bank.change < 0 ? "-" : "+") \(abs(bank.change))"
        let sql = "update account set balance = balance \(change) where holder = '\(bank.holder)'"
        return ["--work", "\(bank.id)=\(sql)"]
      }
      let kill = killAt.map { ["--kill-at", "\($0)"] } ?? []
      troubles += try await coordinate(
        ["--begin", "transfer"] + works + kill, mayBeKilled: killAt != nil)
      if killAt != nil {
        _ = try await balances()
        tell("another coordinator goes on from the journal:")
        troubles += try await coordinate([], mayBeKilled: false)
      }
      troubles += compare(before, try await balances())
    } catch {
      await close(opened)
      throw error
    }
    await close(opened)
    return troubles
  }

  /// Tells what the banks have together, and what is wrong with it.
  private func compare(_ before: [Balance], _ after: [Balance]) -> [String] {
    let sums = [before, after].map { $0.reduce(0) { $0 + $1.amount } }
    let isKept = sums[0] == sums[1]
    tell("together \(sums[1]), " + (isKept ? "as before" : "not \(sums[0]) as before"))
    let doubts = zip(banks, after).filter { $1.isInDoubt }.map { "bank \($0.0.id) is in doubt" }
    return (isKept ? [] : ["the banks had \(sums[0]) together, and have \(sums[1])"]) + doubts
  }

  /// What a bank has.
  private struct Balance {
    var amount: Int
    var isInDoubt: Bool
  }

  private func open(_ bank: Bank) async throws {
    do throws(DatabaseError) {
      let session = try await bank.server.session(in: nil, patience: 5000)
      _ = try await session.run("CREATE DATABASE \(bank.database)", [], patience: 60_000)
      _ = try await session.run(
        "COMMENT ON DATABASE \(bank.database) IS \(Abandoned.mark.sqlLiteral)")
      await session.close()
      let inside = try await bank.server.session(in: bank.database, patience: 5000)
      _ = try await inside.run(
        "CREATE TABLE account (holder text, balance int CHECK (balance >= 0))")
      _ = try await inside.run("INSERT INTO account VALUES (\(bank.holder.sqlLiteral), 100)")
      await inside.close()
    } catch {
      throw bank.url.targetError(error)
    }
  }

  /// What each bank's database holds, and whether it is in doubt.
  private func balances() async throws -> [Balance] {
    var found: [Balance] = []
    for bank in banks {
      do throws(DatabaseError) {
        let session = try await bank.server.session(in: bank.database, patience: 5000)
        let answer = try await session.run(
          """
          SELECT balance, (SELECT string_agg(gid, ', ') FROM pg_prepared_xacts
            WHERE database = current_database()) FROM account
          """)
        let row = answer.rows.first ?? []
        let balance = row.first.flatMap { $0 } ?? "nothing"
        var line = "bank \(bank.id)   \(bank.holder) has \(balance)"
        if let prepared = row.last.flatMap({ $0 }) {
          line += "; in doubt about \(prepared)" + (try await lock(session))
        }
        tell(line)
        found.append(
          Balance(amount: Int(balance) ?? 0, isInDoubt: row.last.flatMap { $0 } != nil))
        await session.close()
      } catch {
        throw bank.url.targetError(error)
      }
    }
    return found
  }

  /// What a bystander meets who wants to change the account.
  private func lock(_ session: any DatabaseSession) async throws(DatabaseError) -> String {
    do throws(DatabaseError) {
      _ = try await session.run("SELECT 1 FROM account FOR UPDATE NOWAIT")
      return ""
    } catch {
      guard error.sqlState == "55P03" else { throw error }
      return ", and whoever wants to change it waits"
    }
  }

  /// Has a process of its own coordinate, and tells what it says.
  ///
  /// - Parameters:
  ///   - more: Further arguments.
  ///   - mayBeKilled: Whether it is no trouble that SIGKILL ends it.
  /// - Returns: What is wrong with how it has ended.
  private func coordinate(_ more: [String], mayBeKilled: Bool) async throws -> [String] {
    let process = Process()
    process.executableURL = program
    process.arguments =
      ["coordinate", "--journals", folder.path]
      + banks.flatMap { ["--participant", "\($0.id)=\($0.url.naming($0.database))"] }
      + rules.flatMap { ["--without", $0] } + more
    let pipe = Pipe()
    process.standardOutput = pipe
    try process.run()
    for try await line in pipe.fileHandleForReading.lines { tell(line) }
    process.waitUntilExit()
    let status = process.terminationStatus
    guard process.terminationReason == .uncaughtSignal else {
      return status == 0 ? [] : ["the coordinator has ended with code \(status)"]
    }
    return status == SIGKILL && mayBeKilled
      ? [] : ["the coordinator was ended by signal \(status)"]
  }

  private func close(_ opened: [Bank]) async {
    for bank in opened {
      do throws(DatabaseError) {
        try await Abandoned.remove(bank.database, from: bank.server)
      } catch {
        tell("left behind: \(bank.database): \(error)")
      }
    }
  }
}

extension FileHandle {
  /// The lines, as they come.
  fileprivate var lines: AsyncStream<String> {
    AsyncStream { stream in
      Thread.detachNewThread {
        var rest = Data()
        while case let data = self.availableData, !data.isEmpty {
          rest += data
          while let end = rest.firstIndex(of: 0x0a) {
            stream.yield(String(decoding: rest[rest.startIndex..<end], as: UTF8.self))
            rest = Data(rest[rest.index(after: end)...])
          }
        }
        stream.finish()
      }
    }
  }
}
