import Conformance

/// The format of a service fixture, as a table: it reads fixtures, prints their JSON Schema, and
/// there is no other description of the format in the sources.
package enum FixtureFormat {
  static let caseID = Shape.Form(
    "a case's id such as ZK-WATCH-001", "[A-Z0-9]+-[A-Z0-9]+-[0-9]{3}")
  static let claimID = Shape.Form("a claim's id such as WATCH-1", "[A-Z0-9]+-[0-9]+")
  static let editions = Shape.Form(
    "a range of editions such as 3.4.., 3.5..3.8 or ..3.8",
    #"([0-9]+\.[0-9]+)?\.\.([0-9]+\.[0-9]+)?|[0-9]+\.[0-9]+"#)
  static let version = Shape.Form("a version such as 3.8.0", #"[0-9]+(\.[0-9]+)+"#)
  static let name = Family.name
  static let capability = Shape.Form("a capability's name", "[a-z][a-zA-Z0-9-]*")
  static let span = Shape.Form(
    "a time such as 1 timeout(owner) + 2 tick, or 5 ms", Span.pattern)
  static let field = Shape.Form("a field of the reply", #"[a-zA-Z]+(\.[a-zA-Z0-9]+)*"#)

  /// What stands at the top of a fixture.
  static let top: [Shape.Field] = [
    .init("case", .form(caseID), required: true, "The case's id. Never reused, never changed."),
    .init("title", .text, required: true, "What holds, in a sentence."),
    .init("level", .word(Level.allCases.map(\.rawValue)), required: true, "How binding it is."),
    .init("claims", .list(.form(claimID)), required: true, "The claims that it judges."),
    .init("editions", .form(editions), required: true, "The editions for which it holds."),
    .init("seen", .list(.form(version)), required: true, "The real versions on which it ran."),
    .init("needs", .list(.form(capability)), "Capabilities without which it is unsupported."),
    .init("unless", .list(.form(capability)), "Capabilities with which it is unsupported."),
    .init("why", .text, "What goes wrong for a user when it does not hold."),
    .init("source", .text, "The document that says so."),
    .init("clients", clients, required: true, "Who takes part; each connects before the steps."),
    .init(
      "each", Family.table, "Rows: a member of the family for each, $column in the steps its value."
    ),
    .init(
      "steps", .steps(StepList.script.rawValue), required: true,
      "What is done, and what must follow."),
  ]

  static let clients = Shape.either([
    .list(.form(name)), .map(name, .record(clientOptions, named: "a client"), named: "clients"),
  ])

  static let timeout = Shape.either([
    .word(["shortest", "longest"]), .number(Int64(Int32.min)...Int64(Int32.max)),
  ])

  static let clientOptions: [Shape.Field] = [
    .init("timeout", timeout, "The session timeout to ask for: in ms, or the server's extremes."),
    .init("connects", .word(["first", "later"]), "later: it connects in a step, not before all."),
    .init(
      "overhears", .flag,
      "What others change outside the case's folder, and no step expects, is passed over."),
  ]

  /// What may stand beside a step's verb.
  enum Beside: String, CaseIterable {
    case gives, error, or, keep, sees, excess, times, closes, after, within

    /// Those that may stand in an alternative too.
    static let inAlternatives: [Beside] = [.gives, .error, .sees, .closes]

    /// Its shape.
    var field: Shape.Field {
      switch self {
      case .gives: field(.anything, "The reply: the fields that are given must be equal.")
      case .error: field(FixtureFormat.error, "The error that the reply carries.")
      case .or: field(.list(.anything), "Other allowed replies: a pass that is not strict.")
      case .keep:
        field(
          .map(name, .form(FixtureFormat.field), named: "keep"), "Names for fields of the reply.")
      case .sees: field(events, "Exactly these events come before the reply.")
      case .excess: field(.hex, "Bytes behind the request's record, in the same frame.")
      case .times: field(.number(1...100_000), "So often, in a pipeline or a multi.")
      case .closes:
        field(.flag, "The server closes the connection, after the reply if it gives one.")
      case .after: field(.form(span), "Not earlier than this.")
      case .within: field(.form(span), "Not later than this.")
      }
    }

    private func field(_ shape: Shape, _ about: String) -> Shape.Field {
      Shape.Field(rawValue, shape, about)
    }
  }

  /// What may stand beside a step's verb, as fields.
  static let besides: [Shape.Field] = Beside.allCases.map(\.field)

  /// Why an alternative is allowed.
  static let because = Shape.Field("because", .text, required: true, "Why it is allowed.")

  /// What may stand in an alternative.
  static let alternative: [Shape.Field] = Beside.inAlternatives.map(\.field) + [because]

  static let events = Shape.named(
    "events", .list(.either([.record(eventKinds, named: "an event"), .word(["closed"])])))

  static let eventKinds: [Shape.Field] = [
    .init("NodeCreated", .long, "A node was created at this path."),
    .init("NodeDeleted", .long, "The node at this path was deleted."),
    .init("NodeDataChanged", .long, "The node at this path was set."),
    .init("NodeChildrenChanged", .long, "A child of the node at this path came or went."),
    .init("zxid", .number(Int64.min...Int64.max), "The zxid in the event's header."),
    .init(
      "numbered", .number(1...10_000),
      "So many of them in order, their paths ended by the numbers of sequential creates from 0."),
  ]
}
