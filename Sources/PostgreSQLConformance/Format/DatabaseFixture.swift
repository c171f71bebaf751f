package import Conformance

/// One case for a database, as its fixture writes it.
package struct DatabaseFixture: Sendable {
  /// The fixture's id, with the member's in brackets: `PG-VOTE-001[temporary]`.
  package var id: String
  /// What stands behind the id in the file's name, frozen like the id.
  package var slug: String
  package var title: String
  package var level: Level
  package var claims: [String]
  package var needs: [Capability]
  package var why: String?
  package var source: String?
  /// Statements that are carried out before anybody takes part.
  package var given: [String]
  package var clients: [Client]
  package var steps: [DatabaseStep]
  package var place: Place

  /// Somebody who takes part, over a connection of their own.
  package struct Client: Hashable, Sendable {
    package var name: String
    /// Whether they are not the user of the URL but another one.
    package var isAnother: Bool
    /// Whether they work not in the run's database but in that of the URL.
    package var isElsewhere: Bool
  }
}

/// What a target must have for some cases.
package enum Capability: String, CaseIterable, Hashable, Sendable {
  /// The user may create users.
  case users
  /// The user is a superuser.
  case superuser
  /// The target comes with a program that stops, kills and starts it.
  case control
}

extension Capability {
  /// Why a target without it cannot be asked.
  var lack: String {
    switch self {
    case .users: "the user may not create users (CREATEROLE)"
    case .superuser: "the user is no superuser"
    case .control:
      "the server was not started for this: a target that is only connected to is never stopped"
    }
  }
}

/// A line of a case: who does what, and what must follow.
package struct DatabaseStep: Hashable, Sendable {
  package var place: Place
  /// Who does it: a client, or `server`.
  package var client: String
  package var verb: Verb
  package var arguments: Value
  /// What must follow; nil for a statement that is only sent.
  package var expected: Expected
  /// Whether the statement must come to wait for a lock; its answer is taken by `answers`.
  package var mustWait: Bool
  /// What must stand in the message of an error, its detail or its hint.
  package var told: Value?
  package var alternatives: [Alternative]
  package var keep: [Keep]

  /// What must follow.
  package enum Expected: Hashable, Sendable {
    /// The statement succeeds, and its answer has these fields.
    case answer(Value)
    /// The server refuses it with this condition.
    case error(Condition)
  }

  /// What may follow instead.
  package struct Alternative: Hashable, Sendable {
    package var expected: Expected
    package var because: String
  }

  /// A name for a value of the answer.
  package struct Keep: Hashable, Sendable {
    package var name: String
    package var field: String
  }

  /// What can be done.
  package enum Verb: String, CaseIterable, Hashable, Sendable {
    // A client, by a statement.
    case begin, exec, query, commit, rollback, prepare, commitPrepared, rollbackPrepared, prepared
    // A client, without.
    case waits, answers, drops
    // Two clients decide the same transaction at the same time.
    case races
    // A client: prepares as many empty transactions as there is room for, fill1, fill2 …
    case fills
    // The server.
    case kill, stop, start
  }
}

extension DatabaseStep.Verb {
  /// Whether it is the server that does it.
  var isServers: Bool { self == .kill || self == .stop || self == .start }

  /// Whether an answer of the server follows.
  var isAnswered: Bool {
    switch self {
    case .waits, .drops, .races, .fills, .kill, .stop, .start: false
    case .begin, .exec, .query, .commit, .rollback, .prepare, .commitPrepared, .rollbackPrepared,
      .prepared, .answers:
      true
    }
  }

  /// Whether it sends a statement.
  var sendsStatement: Bool { isAnswered && self != .answers || self == .races }

  /// What the server calls a success, where only one word is one.
  ///
  /// A transaction that has failed is prepared without an error: the answer is `ROLLBACK`.
  var tag: String? {
    switch self {
    case .begin: "BEGIN"
    case .commit: "COMMIT"
    case .rollback: "ROLLBACK"
    case .prepare: "PREPARE TRANSACTION"
    case .commitPrepared: "COMMIT PREPARED"
    case .rollbackPrepared: "ROLLBACK PREPARED"
    case .exec, .query, .prepared, .waits, .answers, .drops, .races, .fills, .kill, .stop, .start:
      nil
    }
  }
}

extension DatabaseStep {
  /// Those that say something in it.
  var speakers: [String] {
    [client] + (verb == .races ? [arguments["with"]?.description ?? ""] : [])
  }
}

extension DatabaseStep: CustomStringConvertible {
  /// The step on one line, as the narrative of a run prints it.
  package var description: String {
    let words: String
    switch arguments {
    case .record(let members):
      words = members.map { " \($0.name) \($0.value)" }.joined()
    default: words = " \(arguments)"
    }
    return ("\(client).\(verb.rawValue)" + words).shortened
  }
}
