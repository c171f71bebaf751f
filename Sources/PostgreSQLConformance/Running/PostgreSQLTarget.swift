public import Conformance
import PostgreSQLClient
import Synchronization

/// A database server, as a participant in two-phase commit.
public struct PostgreSQLTarget: Target {
  /// What its URL says.
  package let address: DatabaseURL
  /// What probing found.
  package let profile: DatabaseProfile
  /// The server as clients meet it.
  let server: any DatabaseServer
  /// The server as it is.
  let plain: any DatabaseServer

  /// Whether a URL is a database's.
  public static func isMeant(_ url: String) -> Bool { DatabaseURL.isMeant(url) }

  /// Looks who is there.
  ///
  /// - Parameter url: `postgresql://user@host:port/database`.
  public init(_ url: String) async throws(TargetError) {
    let address = try DatabaseURL(url)
    let plain = LibPQServer(address.address)
    self.address = address
    self.plain = SteadyServer(server: plain)
    do throws(DatabaseError) {
      let session = try await plain.session(in: nil, patience: 5000)
      profile = try await DatabaseProfile(session, control: address.control)
      await session.close()
    } catch {
      throw address.targetError(error)
    }
    server = address.flaw.map { [plain = self.plain] in FlawedServer(plain, $0) } ?? self.plain
  }

  /// How it was named, without its password.
  public var url: String { address.shown }
  /// One server for all cases.
  public var isShared: Bool { true }
  /// What it is, in a line.
  public var profileLine: String { profile.description }

  /// What calls itself so, in a word, as a column of a table: `15.13`.
  public var version: String {
    profile.version.split(separator: " ").last.map(String.init) ?? profile.version
  }

  /// Why it can be asked nothing, with what mends that; nil if it can.
  public var obstacle: TargetError? {
    profile.obstacle.map { TargetError(url, .unusable($0), kind: DatabaseURL.kind) }
  }

  /// What was found, as lines for a reader.
  public var lines: [String] {
    let has = Capability.allCases.filter(profile.capabilities.contains).map(\.rawValue)
    let lacks = Capability.allCases.filter { !profile.capabilities.contains($0) }
    return [
      "target   \(url), \(about)",
      "is       \(profile)",
      "has      \(has.isEmpty ? "nothing that only some cases need" : has.joined(separator: ", "))",
    ] + lacks.map { "lacks    \($0.rawValue): \($0.lack)" }
      + (profile.obstacle.map { ["judged   by no case: \($0)"] } ?? [])
  }

  /// Whose server it is, and what is planted.
  public var about: String {
    let whose =
      address.control == nil
      ? "one server, not started by us: it is never stopped"
      : "one server, started for this: it is killed and started again"
    return whose + (address.flaw.map { "; with the flaw \($0.rawValue)" } ?? "")
  }

  /// How many cases at a time it can be asked: one whose server is killed has no neighbours, and
  /// each needs room for two transactions that are prepared.
  public var usualJobs: Int {
    address.control == nil ? max(1, min(4, profile.mostPrepared / 2)) : 1
  }

  /// Why a conversation is not for it; nil if it is.
  public func reasonAgainst(_ conversation: any Conversation) -> String? {
    guard let each = conversation as? DatabaseCase else {
      return "asks a target of another kind than a database"
    }
    return profile.reasonAgainst(each.fixture)
  }

  /// A run in a database of its own.
  public func run(_ options: RunOptions) -> any TargetRun { DatabaseRun(self, options) }
}

/// A run in a database of its own, which it makes and takes away again.
private final class DatabaseRun: TargetRun {
  let target: PostgreSQLTarget
  let options: RunOptions
  let database: String
  /// What makes the database, once; it ends with what went wrong.
  private let making = Mutex<Task<DatabaseError?, Never>?>(nil)

  init(_ target: PostgreSQLTarget, _ options: RunOptions) {
    self.target = target
    self.options = options
    database = Abandoned.newName()
  }

  var place: String { "the database \(database)" }

  /// A user that is not the URL's.
  var anotherUser: String { database + "_another" }

  func session(patience: Int64) async throws(TargetError) -> any TargetSession {
    let task = making.withLock { making in
      let task = making ?? Task { await self.make(patience: patience) }
      making = task
      return task
    }
    if let error = await task.value {
      // The next who wants a session tries again.
      making.withLock { if $0 == task { $0 = nil } }
      throw target.address.targetError(error)
    }
    guard await isAnswered() else { throw target.address.targetError(.noAnswer(after: patience)) }
    return DatabaseTargetSession(run: self)
  }

  /// Makes the run's database and its other user; what is there already is as good.
  private func make(patience: Int64) async -> DatabaseError? {
    do throws(DatabaseError) {
      let session = try await target.plain.session(in: nil, patience: patience)
      let name = database.sqlIdentifier
      try await make("CREATE DATABASE \(name)", unless: "42P04", by: session)
      _ = try await session.run("COMMENT ON DATABASE \(name) IS '\(Abandoned.mark)'")
      if target.profile.capabilities.contains(.users) {
        let user = anotherUser.sqlIdentifier
        try await make("CREATE ROLE \(user) NOLOGIN", unless: "42710", by: session)
        // So that somebody who is no superuser may take the other's part.
        if !target.profile.capabilities.contains(.superuser) {
          _ = try await session.run("GRANT \(user) TO CURRENT_USER")
        }
      }
      await session.close()
      return nil
    } catch {
      return error
    }
  }

  private func make(
    _ statement: String, unless sqlState: String, by session: any DatabaseSession
  ) async throws(DatabaseError) {
    do throws(DatabaseError) {
      _ = try await session.run(statement, [], patience: 60_000)
    } catch {
      guard error.sqlState == sqlState else { throw error }
    }
  }

  func premises(of label: CaseLabel) -> Premises {
    Premises(
      server: target.server, plain: target.plain, database: database,
      schema: label.id.lowercased(), prefix: "\(database)/\(label.id)/", anotherUser: anotherUser,
      control: target.address.control, patience: options.patience)
  }

  func isAnswered() async -> Bool {
    do throws(DatabaseError) {
      let session = try await target.plain.session(in: nil, patience: 5000)
      _ = try await session.run("SELECT 1", [], patience: 5000)
      await session.close()
      return true
    } catch {
      return false
    }
  }

  /// The database goes as a whole.
  func clear(after performance: any Performance, with session: (any TargetSession)?) async {}

  func end() async -> CleanUpReport {
    guard let made = making.withLock(\.self), await made.value == nil else {
      return CleanUpReport()
    }
    do throws(DatabaseError) {
      try await Abandoned.remove(database, from: target.plain)
      return CleanUpReport()
    } catch {
      return CleanUpReport(leftBehind: "\(place): \(error)")
    }
  }
}

/// What looks after a run's cases; each case opens connections of its own.
private struct DatabaseTargetSession: TargetSession {
  let run: DatabaseRun

  var hasEnded: Bool { false }
  var silence: Double { 0 }

  func prepare(
    _ conversation: any Conversation, of label: CaseLabel
  ) async throws -> any Performance {
    guard let each = conversation as? DatabaseCase else {
      throw TargetError(
        run.target.url, .unusable("the case asks a target of another kind"), kind: DatabaseURL.kind)
    }
    let premises = run.premises(of: label)
    do throws(DatabaseError) {
      try await premises.furnish(
        each.fixture.given, isShared: each.fixture.clients.contains { $0.isAnother })
    } catch {
      guard case .refused = error else { throw run.target.address.targetError(error) }
      throw error
    }
    return DatabasePlayer(each.fixture, in: premises)
  }

  func isAnswered() async -> Bool { await run.isAnswered() }
  func pause(_ milliseconds: Int64) async {
    try? await Task.sleep(for: .milliseconds(milliseconds))
  }
  func leave() async {}
  func abandon() {}
}
