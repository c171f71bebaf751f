import Conformance

/// The format of a database's fixtures as tables: they read fixtures, and print their JSON Schema.
package enum DatabaseFormat {
  private static let identifier = Shape.Form(
    "an id such as PG-LOCK-001", "PG-[A-Z][A-Z0-9]*-[0-9]{3}")

  /// The keys of a fixture.
  static let top: [Shape.Field] = [
    .init("case", .form(identifier), required: true, "The id; never reused."),
    .init("title", .text, required: true, "What holds, in a sentence."),
    .init(
      "level", .word(Level.allCases.map(\.rawValue)), required: true, "How binding it is."),
    .init("claims", .list(.text), required: true, "The claims that it judges."),
    .init(
      "needs", .list(.word(Capability.allCases.map(\.rawValue))),
      "What the target must have."),
    .init("why", .text, "What goes wrong for a user when it does not hold."),
    .init("source", .text, "Where it is promised."),
    .init("given", .list(.text), "Statements that come before everything."),
    .init("clients", clients, required: true, "Who takes part."),
    .init("each", Family.table, "Rows: a member of the family for each."),
    .init("steps", .steps(script), required: true, "Who does what, in order."),
  ]

  /// What the list of steps is called in the schema.
  static let script = "script"

  private static let clients = Shape.either([
    .list(.form(Family.name)),
    .map(
      Family.name,
      .record(
        [
          .init("user", .word(["another"]), "Not the user of the URL but another one."),
          .init("database", .word(["another"]), "Not the run's database but that of the URL."),
        ], named: "a client"), named: "clients"),
  ])

  private static let name = Shape.form(
    Shape.Form("a transaction's name: letters, digits", "[a-z][a-zA-Z0-9]*"))

  /// Its name, or how many bytes the server's name for it is to have: it is filled up with x.
  private static let transaction = Shape.either([
    name,
    .record(
      [.init("size", .number(64...255), required: true, "The bytes of the server's name.")],
      named: "a transaction"),
  ])

  private static let nothing = Shape.record([], named: "nothing")

  /// What stands behind a verb.
  static func arguments(of verb: DatabaseStep.Verb) -> Shape {
    switch verb {
    case .begin:
      .record(
        [
          .init(
            "isolation", .word(["committed", "repeatable", "serializable"]),
            "The level; read committed if it is not said."),
          .init("readOnly", .flag, "Whether it may only read."),
        ], named: "begin")
    case .exec, .query: .text
    case .prepare, .commitPrepared, .rollbackPrepared: transaction
    case .waits:
      .record(
        [
          .init(
            "timeouts", .number(1...10),
            "For so many of its deadlock_timeouts, by the server's clock.")
        ], named: "waits")
    case .races:
      .record(
        [
          .init("with", .form(Family.name), required: true, "The other client."),
          .init(
            "to", .word(["commitPrepared", "rollbackPrepared"]), required: true,
            "What both do: one succeeds, the other finds it busy or gone."),
          .init("of", name, required: true, "The transaction."),
        ], named: "races")
    case .commit, .rollback, .prepared, .answers, .drops, .fills, .kill, .stop, .start: nothing
    }
  }

  /// A cell: numbers are compared as numbers, all else by its text; NULL is `null`.
  static let cell = Shape.named(
    "cell", .either([.number(Int64.min...Int64.max), .text, .bounded]))

  /// The shape of what `gives` says.
  static func gives(of verb: DatabaseStep.Verb) -> Shape {
    switch verb {
    case .query, .answers: .either([.list(.list(cell)), tag])
    case .prepared: .list(.text)
    case .begin, .exec, .commit, .rollback, .prepare, .commitPrepared, .rollbackPrepared, .waits,
      .drops, .races, .fills, .kill, .stop, .start:
      tag
    }
  }

  private static let tag = Shape.record(
    [.init("tag", .text, required: true, "What the server says it did.")], named: "an answer")

  /// The condition that `error` names.
  static let error = Shape.named("error", .word(Condition.all.map(\.name)))

  /// The names that `keep` gives to cells: `{ id: rows.0.0 }`.
  static let keep = Shape.map(
    Family.name, .form(Shape.Form("a cell: rows.0.0", "rows\\.[0-9]+\\.[0-9]+")), named: "keep")

  /// What a statement must come to wait for.
  static let mustWait = Shape.word(["lock"])

  /// The keys that may stand beside a verb.
  static func besides(_ verb: DatabaseStep.Verb) -> [String] {
    guard verb.isAnswered else { return [] }
    return ["gives", "error", "tells", "or", "keep"] + (verb.sendsStatement ? ["waits"] : [])
  }

  /// All of them.
  static let allBesides = ["gives", "error", "tells", "or", "keep", "waits"]
}
