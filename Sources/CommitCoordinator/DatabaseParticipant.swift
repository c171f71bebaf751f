import AtomicCommitment
import Foundation
import PostgreSQLClient
import TwoPhaseCommit

/// Speaks for a database as a participant in one transaction.
///
/// The database is the participant: its prepared transaction is the record of its yes. What is here
/// remembers nothing that a crash of the coordinator may not lose. Which way the database has gone
/// is told by a row that the transaction writes: it is there if and only if it was committed.
actor DatabaseParticipant {
  private let id: String
  private let server: any DatabaseServer
  private let transaction: String
  /// What tells the transaction from others of its name.
  private let run: String
  /// The database that takes part; nil if it could not be asked when the transaction began, and
  /// votes no.
  private let place: String?
  private var session: (any DatabaseSession)?

  /// Why the database did not prepare, if it has said so.
  private(set) var refusal: DatabaseError?
  /// Whether the work has committed a part before the transaction was decided.
  private(set) var hasCommittedEarly = false

  /// What the table is called that holds the names of transactions that were committed.
  ///
  /// With its schema: whoever asks after a crash may look elsewhere than whoever wrote.
  static let outcomes = "public.quorate_outcome"

  init(
    _ id: String, _ server: any DatabaseServer, transaction: String, run: String, at place: String?
  ) {
    self.id = id
    self.server = server
    self.transaction = transaction
    self.run = run
    self.place = place
  }

  /// The name of the transaction at the database: two databases of one server need two, and so do
  /// two coordinators that call a transaction the same.
  nonisolated var name: String { "quorate-\(transaction)-\(run)-\(id)".sqlLiteral }

  /// The name of the session that works on it; the server keeps no more than 63 bytes.
  private var sessionName: String { "quorate-\(run)-\(id)".sqlLiteral }

  // MARK: Which database it is

  /// Which database it is: the number that its system was given when it was made, which its
  /// stand-bys share, and the database's own there.
  static func place(of server: any DatabaseServer) async throws(DatabaseError) -> String {
    let session = try await server.session(in: nil, patience: 5000)
    let place = try await place(session)
    await session.close()
    return place
  }

  private static func place(_ session: any DatabaseSession) async throws(DatabaseError) -> String {
    let answer = try await session.run(
      """
      SELECT system_identifier || '/' || oid FROM pg_control_system(), pg_database
      WHERE datname = current_database()
      """)
    return answer.rows.first?.first.flatMap { $0 } ?? ""
  }

  /// A session with the database that takes part, and no other.
  private func open() async throws(DatabaseError) -> any DatabaseSession {
    let session = try await server.session(in: nil, patience: 5000)
    guard let place else { return session }
    let found = try await Self.place(session)
    guard found == place else {
      await session.close()
      throw .anotherDatabase(found, meant: place)
    }
    return session
  }

  // MARK: The work

  /// Does this participant's part of the transaction, and leaves it open.
  ///
  /// - Parameter statements: What it is to do.
  func work(_ statements: [String]) async throws(DatabaseError) {
    let session = try await open()
    // So that whoever comes after a crash can find this session and end it.
    _ = try await session.run("SET application_name = \(sessionName)")
    let outcomes = Self.outcomes
    do throws(DatabaseError) {
      _ = try await session.run(
        "CREATE TABLE IF NOT EXISTS \(outcomes) (transaction text PRIMARY KEY)")
    } catch {
      // Two that make it at a time: it is there. One that may make none: it is there, or the row
      // is refused.
      guard ["23505", "42P07", "42501"].contains(error.sqlState) else { throw error }
    }
    self.session = session
    _ = try await session.run("BEGIN")
    _ = try await session.run("INSERT INTO \(outcomes) VALUES (\(name))")
    let number = try await session.run("SELECT pg_current_xact_id()").rows
    for statement in statements { _ = try await session.run(statement) }
    guard try await session.run("SELECT pg_current_xact_id()").rows != number else { return }
    self.session = nil
    hasCommittedEarly = try await isCommitted(session)
    await session.close()
    let early = hasCommittedEarly ? ", and what it did before is committed" : ""
    throw .refused(
      ServerMessage(sqlState: "2D000", text: "the work has ended the transaction\(early)"))
  }

  // MARK: What it is told

  /// What the database answers to a message of the coordinator; nil if nothing can be heard.
  ///
  /// - Throws: Why there is no answer: the message is lost, or it would be refused each time.
  func answer(to message: Words.Message) async throws(DatabaseError) -> Words.Message? {
    switch message {
    case .prepare: await prepare()
    case .decide(let decision): try await resolve(decision)
    // It has heard of the damage. The rest only participants say.
    case .ack, .vote, .inquire, .uncertain, .damage: nil
    }
  }

  private func prepare() async -> Words.Message? {
    // Whoever knows nothing of the transaction votes no.
    guard let session else { return .vote(.no) }
    self.session = nil
    do throws(DatabaseError) {
      let answer = try await session.run("PREPARE TRANSACTION \(name)")
      await session.close()
      // A transaction that had failed is rolled back, and that is no error.
      return .vote(answer.tag == "PREPARE TRANSACTION" ? .yes : .no)
    } catch {
      await session.close()
      if case .refused = error {
        refusal = error
        return .vote(.no)
      }
      // Nobody knows what came of it: the coordinator's patience decides, and the decision finds
      // out.
      return nil
    }
  }

  private func resolve(_ decision: Decision) async throws(DatabaseError) -> Words.Message? {
    if let session {
      self.session = nil
      await session.close()
    }
    let session = try await open()
    let answer = try await resolve(decision, by: session)
    await session.close()
    return answer
  }

  private func resolve(
    _ decision: Decision, by session: any DatabaseSession
  ) async throws(DatabaseError) -> Words.Message? {
    // A session that still works on the transaction could prepare it behind an abort.
    while try await isWorkedOn(session) { try? await Task.sleep(for: .milliseconds(5)) }
    do throws(DatabaseError) {
      let verb = decision == .commit ? "COMMIT" : "ROLLBACK"
      _ = try await session.run("\(verb) PREPARED \(name)")
      return .ack
    } catch {
      guard error.sqlState == "42704" else { throw error }
      // It was told before, or an operator was here, or it never prepared.
      let isCommitted: Bool
      do throws(DatabaseError) {
        isCommitted = try await self.isCommitted(session)
      } catch {
        // Whoever voted yes had the table. Without it, nobody knows what became of a commit.
        guard error.sqlState == "42P01", decision == .abort else { throw error }
        isCommitted = false
      }
      return isCommitted == (decision == .commit) ? .ack : .damage
    }
  }

  private func isWorkedOn(_ session: any DatabaseSession) async throws(DatabaseError) -> Bool {
    let answer = try await session.run(
      """
      SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = \(sessionName)
      """)
    return !answer.rows.isEmpty
  }

  private func isCommitted(_ session: any DatabaseSession) async throws(DatabaseError) -> Bool {
    let answer = try await session.run(
      "SELECT 1 FROM \(Self.outcomes) WHERE transaction = \(name)")
    return !answer.rows.isEmpty
  }

  // MARK: What it asks

  /// Whether the database is in doubt about the transaction.
  ///
  /// No session works on it any more when this is answered.
  func isInDoubt() async throws(DatabaseError) -> Bool {
    let session = try await open()
    while try await isWorkedOn(session) { try? await Task.sleep(for: .milliseconds(5)) }
    let answer = try await session.run("SELECT 1 FROM pg_prepared_xacts WHERE gid = \(name)")
    await session.close()
    return !answer.rows.isEmpty
  }

  // MARK: What it forgets

  /// Removes the row that tells of the commit, if that can be done at once.
  ///
  /// Call it when all have acknowledged and the coordinator has stored that: nobody asks any more.
  func forget() async {
    do throws(DatabaseError) {
      let session = try await open()
      _ = try await session.run("SET lock_timeout = '500ms'")
      _ = try await session.run("DELETE FROM \(Self.outcomes) WHERE transaction = \(name)")
      await session.close()
    } catch {
      // It stays until the next process looks at the journal, and harms nobody.
    }
  }
}
