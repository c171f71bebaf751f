/// What a database may do otherwise, planted between the link and the server.
///
/// Each case fails on one of them: a case that none can fail would prove nothing.
package enum DatabaseFlaw: String, CaseIterable, Hashable, Sendable {
  // What is remembered. What few cases show comes first: a case is tried until one shows.
  case checkpointForgets
  case savepointsStay
  case locksLostAtStart
  case preparedLostAtStart
  case diesWithItsSession
  case onlyReadingIsForgotten
  case commitsLater

  // What is promised.
  case noTakenForYes
  case commitsAtPrepare
  case locksFreedAtPrepare
  case impatient

  // What is decided.
  case abortCommits
  case commitAborts
  case secondCommitAnswersOK
  case unknownAbortAnswersOK
  case decidesInsideTransactions

  // Who may decide.
  case onlyItsSessionDecides
  case anybodyDecides
  case anyDatabaseDecides

  // What it is called.
  case nameTakenOver
  case namesIgnoreCase
  case namesAreCut

  // What others see.
  case viewIsEmpty
  case timeOutsIgnored
  case numbersGivenBack
  case goneClientsStay
  case endedSessionsGoOn
  case deadlocksStay
  case hintsAreLost
}

extension DatabaseFlaw {
  /// The flaw in a sentence.
  package var sentence: String {
    switch self {
    case .locksLostAtStart: "what is prepared has lost its locks when the server has started"
    case .preparedLostAtStart: "what is prepared is rolled back when the server starts"
    case .diesWithItsSession: "what is prepared is rolled back when its session ends"
    case .onlyReadingIsForgotten: "a transaction that has written nothing is not prepared"
    case .commitsLater: "COMMIT PREPARED is answered, and done when the session ends"
    case .checkpointForgets: "what is prepared is rolled back at a checkpoint"
    case .savepointsStay: "ROLLBACK TO does nothing"
    case .noTakenForYes: "a transaction that cannot be prepared is answered with a yes"
    case .commitsAtPrepare: "PREPARE TRANSACTION commits"
    case .locksFreedAtPrepare: "statements are only remembered, and carried out at the commit"
    case .impatient: "what is prepared is rolled back when somebody waits for it"
    case .abortCommits: "ROLLBACK PREPARED commits"
    case .commitAborts: "COMMIT PREPARED rolls back"
    case .secondCommitAnswersOK: "COMMIT PREPARED of an unknown name is answered with a yes"
    case .unknownAbortAnswersOK: "ROLLBACK PREPARED of an unknown name is answered with a yes"
    case .decidesInsideTransactions: "a transaction is decided inside another"
    case .onlyItsSessionDecides: "only the session that has prepared may decide"
    case .anybodyDecides: "any user may decide"
    case .anyDatabaseDecides: "a transaction is decided from another database"
    case .nameTakenOver: "a name in use is taken over, and what had it is rolled back"
    case .namesIgnoreCase: "names are the same whatever the size of their letters"
    case .namesAreCut: "of a name only the first 63 bytes count"
    case .viewIsEmpty: "the view lists nothing"
    case .timeOutsIgnored: "lock_timeout and statement_timeout do nothing"
    case .numbersGivenBack: "a sequence goes back when a transaction is rolled back"
    case .goneClientsStay: "the server does not see that a client is gone"
    case .endedSessionsGoOn: "pg_terminate_backend does nothing"
    case .deadlocksStay: "no deadlock is detected"
    case .hintsAreLost: "an error tells neither detail nor hint"
    }
  }
}
