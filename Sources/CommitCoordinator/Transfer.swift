import AtomicCommitment
public import Conformance
public import Foundation
import PostgreSQLClient
import PostgreSQLConformance
import Synchronization

/// A transfer between two banks, each a database of its own, and a coordinator that may be killed.
public struct Transfer: Sendable {
  private let banks: [Bank]
  private let folder: URL
  private let killAt: Int?
  private let rules: [String]
  private let program: URL
  private let tell: @Sendable (String) -> Void
  private let end = EarlyEnd()

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
    tell: @escaping @Sendable (String) -> Void
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

  /// Ends it soon; whoever shows it takes away what was made.
  public func stop() { end.come() }

  /// The databases that are made for it.
  public var places: [String] { banks.map(\.database) }

  /// Shows it, and leaves nothing behind.
  ///
  /// - Returns: What was not as it should be, in sentences.
  /// - Throws: `TargetError` for a server that cannot be used; what the system says of files.
  public func show() async throws -> [String] {
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    for bank in banks {
      if let obstacle = try await PostgreSQLTarget(bank.url.text).obstacle { throw obstacle }
    }
    var opened: [Bank] = []
    var troubles: [String] = []
    var decisions: [Decision] = []
    do {
      for bank in banks {
        opened.append(bank)
        try await open(bank)
        try end.check()
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
        ["--begin", "transfer"] + works + kill, mayBeKilled: killAt != nil, &decisions)
      var found = [before]
      if killAt != nil {
        found.append(try await balances())
        tell("another coordinator goes on from the journal:")
        troubles += try await coordinate([], mayBeKilled: false, &decisions)
      }
      found.append(try await balances())
      troubles += judge(found, decisions)
    } catch {
      await close(opened)
      throw error
    }
    await close(opened)
    return troubles
  }

  /// Tells what the banks have together, and which of the promises hold.
  ///
  /// - Parameters:
  ///   - found: What the banks had before, behind a kill, and in the end.
  ///   - decisions: What the coordinator has said that it decided.
  /// - Returns: What is wrong.
  private func judge(_ found: [[Balance]], _ decisions: [Decision]) -> [String] {
    guard let before = found.first, let after = found.last else { return [] }
    let sums = [before, after].map { $0.reduce(0) { $0 + $1.amount } }
    tell("together \(sums[1]), " + (sums[0] == sums[1] ? "as before" : "not \(sums[0]) as before"))
    func committed(_ balances: [Balance]) -> [String] {
      banks.indices.filter { balances[$0].amount != before[$0].amount }.map { banks[$0].id }
    }
    let done = committed(after)
    let doubtful = zip(banks, after).filter { $1.isInDoubt }.map(\.0.id)
    let undone = found.flatMap(committed).filter { !done.contains($0) }.map { "bank \($0)" }
    let reversed = undone + (Set(decisions).count > 1 ? ["the coordinator"] : [])
    var broken: [String] = []
    func say(_ property: Commitment.Property, _ trouble: String?, _ words: String) {
      tell(trouble.map { "\(property) is violated: \($0)" } ?? "\(property) holds: \(words)")
      broken += trouble.map { ["\(property): \($0)"] } ?? []
    }
    let isSplit = !done.isEmpty && done.count + doubtful.count < banks.count
    say(
      .AC1, isSplit ? "of two banks only \(done[0]) has committed" : nil,
      "no bank has gone another way than the other")
    let changed = reversed.joined(separator: ", ")
    say(
      .AC2, changed.isEmpty ? nil : "\(changed) decided, and then otherwise",
      "nobody has reversed a decision")
    say(
      .AC5, doubtful.isEmpty ? nil : "in doubt: bank \(doubtful.joined(separator: ", bank "))",
      "nobody is in doubt in the end")
    return broken
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
  ///   - decisions: Takes what it says that it has decided.
  /// - Returns: What is wrong with how it has ended.
  private func coordinate(
    _ more: [String], mayBeKilled: Bool, _ decisions: inout [Decision]
  ) async throws -> [String] {
    try end.check()
    let process = Process()
    process.executableURL = program
    process.arguments =
      ["coordinate", "--journals", folder.path]
      + banks.flatMap { ["--participant", "\($0.id)=\($0.url.naming($0.database))"] }
      + rules.flatMap { ["--without", $0] } + more
    let pipe = Pipe()
    process.standardOutput = pipe
    try process.run()
    end.take(along: process)
    for await line in pipe.fileHandleForReading.lines {
      tell(line)
      decisions += Decision.allCases.filter { Self.lines(saying: $0).contains(line) }
    }
    process.waitUntilExit()
    try end.check()
    let status = process.terminationStatus
    guard process.terminationReason == .uncaughtSignal else {
      return status == 0 ? [] : ["the coordinator has ended with code \(status)"]
    }
    return status == SIGKILL && mayBeKilled
      ? [] : ["the coordinator was ended by signal \(status)"]
  }

  /// The lines by which a coordinator says that it has decided: to its journal, its client, aloud.
  private static func lines(saying decision: Decision) -> [String] {
    let told = Commitment.Reply.decided(decision)
    return ["c ⤓ \(decision)", "c ⇒ \(told)", "c ● decided \(decision)"]
  }

  private func close(_ opened: [Bank]) async {
    for bank in opened {
      do throws(DatabaseError) {
        try await Abandoned.remove(bank.database, from: bank.server)
      } catch {
        // It was not made.
        guard error.sqlState != "3D000" else { continue }
        tell("left behind: \(bank.database): \(error)")
      }
    }
  }
}

/// That somebody wants no more of it, told from another thread.
private final class EarlyEnd: Sendable {
  private let state = Mutex<(hasCome: Bool, process: Process?)>((false, nil))

  /// It comes, and takes a process along that works.
  func come() {
    state.withLock {
      $0.hasCome = true
      $0.process?.terminate()
    }
  }

  /// Takes this process along when it comes, or has come.
  func take(along process: Process) {
    state.withLock {
      $0.process = process
      if $0.hasCome { process.terminate() }
    }
  }

  /// Throws when it has come.
  func check() throws(TargetError) {
    guard !state.withLock(\.hasCome) else {
      throw TargetError("", .stopped, kind: "database")
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
