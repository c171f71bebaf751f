import Conformance
import ZooKeeper

/// What a client does in a step.
package struct Verb: Sendable {
  package var does: Action
  package var about: String
  /// Its arguments, a record or a list.
  var arguments: Shape
  /// The fields of its reply; empty when it has none to speak of.
  var gives: Shape

  package var name: String { does.name }

  /// Whether it may stand in a pipeline.
  var isRequest: Bool {
    switch does {
    case .request, .raw: true
    case .operation, .act: false
    }
  }

  /// Whether it is nobody's: it says itself who does what.
  var isNobodys: Bool { does == .act(.together) }

  /// What it is in a multi; nil if it may not stand there.
  var operation: Action.Operation? { Action.Operation(rawValue: name) }
}

/// The kinds of list of steps, by their names in the schema.
enum StepList: String, CaseIterable {
  /// A case's: `client.verb`.
  case script
  /// What is sent at once: `verb`.
  case pipeline
  /// What several clients send before any reply is read: `client.verb`, without a reply of its own.
  case together
  /// What stands in a multi: `verb`, without a reply of its own.
  case multi
  /// What stands in a multiRead, likewise.
  case multiRead

  /// Whether a step says whose it is.
  var namesClients: Bool { self == .script || self == .together }

  /// What a verb does in such a list.
  func action(of verb: Verb) -> Action {
    switch self {
    case .script, .pipeline, .together: verb.does
    case .multi, .multiRead: verb.operation.map(Action.operation) ?? verb.does
    }
  }
}

extension FixtureFormat {
  static let errorNames = ErrorCode.named.map(\.description)
  static let error = Shape.named("error", .word(errorNames))

  static let path = Shape.Field("path", .long, required: true, "The node's path.")
  static let absolute = Shape.Field(
    "absolute", .flag, "The path begins at the server's root, not at the case's folder.")
  /// Where quotas stand, which is outside the case's folder.
  private static let quota = Shape.Field(
    "quota", .flag, "The path begins where the quotas of the case's folder stand.")
  private static let watch = Shape.Field("watch", .flag, "Whether to leave a watch.")
  private static let versionField = Shape.Field(
    "version", .number(Int64(Int32.min)...Int64(Int32.max)), "The version to match; -1 is any.")
  static let data = Shape.Field("data", .payload, "The node's data; empty if not given.")
  static let acl = Shape.Field(
    "acl", ACLNotation.list, "Its ACL; world:anyone:cdrwa if not given.")
  static let paths = Shape.list(.text)
  private static let allNames = Shape.list(.long, ordered: false)
  /// All names, or some of them where others may stand too.
  static let names = Shape.either([
    allNames,
    .record(
      [
        .init("has", allNames, "These, and perhaps others."),
        .init("count", .number(0...1_000_000), "So many in all."),
      ], named: "names"),
  ])

  /// The fields of a Stat, and what it may be based upon.
  static let stat = Shape.named(
    "stat",
    .record(
      [
        .init("new", anyNumber, "All fields of a node made at this zxid, but for those given."),
        .init("like", .kept, "All fields as in a Stat kept before, but for those given."),
      ]
        + [
          "czxid", "mzxid", "ctime", "mtime", "version", "cversion", "aversion", "ephemeralOwner",
          "dataLength", "numChildren", "pzxid",
        ].map { .init($0, .bounded, "") }, named: "a stat"))

  static func reply(_ fields: Shape.Field...) -> Shape {
    .record(
      [
        .init("error", .word(errorNames + ["any"]), "The error's name; any, and none, for all."),
        .init("zxid", .bounded, "The reply's zxid."),
      ] + fields, named: "a reply")
  }

  static let statField = Shape.Field("stat", stat, "The node's Stat.")
  static let pathField = Shape.Field("path", .long, "The path that comes back.")

  static let sequential = Shape.Field(
    "sequential", .flag, "Whether the parent's counter ends the name.")
  static let flags = Shape.Field(
    "flags", .number(Int64(Int32.min)...Int64(Int32.max)), "The flags field as a number.")

  private static let create = Shape.record(
    [
      path, data, acl,
      .init("mode", .word(["persistent", "ephemeral"]), "What ends the node's life."),
      sequential, flags, absolute, quota,
    ], named: "create")

  /// The requests.
  private static let requests: [Verb] = [
    Verb(
      does: .request(.create), about: "Creates a node.", arguments: create,
      gives: reply(pathField)),
    Verb(
      does: .request(.create2), about: "Creates a node; its Stat comes back.", arguments: create,
      gives: reply(pathField, statField)),
    Verb(
      does: .request(.delete), about: "Deletes a node.",
      arguments: .record([path, versionField, absolute, quota], named: "delete"), gives: reply()),
    Verb(
      does: .request(.exists), about: "Asks for a node's Stat.",
      arguments: .record([path, watch, absolute, quota], named: "exists"), gives: reply(statField)),
    Verb(
      does: .request(.get), about: "Reads a node's data.",
      arguments: .record([path, watch, absolute, quota], named: "get"),
      gives: reply(.init("data", .payload, "The node's data."), statField)),
    Verb(
      does: .request(.set), about: "Replaces a node's data.",
      arguments: .record([path, data, versionField, absolute, quota], named: "set"),
      gives: reply(statField)),
    Verb(
      does: .request(.getACL), about: "Reads a node's ACL.",
      arguments: .record([path, absolute], named: "getACL"),
      gives: reply(.init("acl", ACLNotation.list, "The node's ACL."), statField)),
    Verb(
      does: .request(.setACL), about: "Replaces a node's ACL.",
      arguments: .record([path, acl, versionField, absolute], named: "setACL"),
      gives: reply(statField)),
    Verb(
      does: .request(.children), about: "Lists a node's children.",
      arguments: .record([path, watch, absolute], named: "children"),
      gives: reply(.init("children", names, "Their names, in any order."))),
    Verb(
      does: .request(.children2), about: "Lists a node's children; its Stat comes back.",
      arguments: .record([path, watch, absolute], named: "children2"),
      gives: reply(.init("children", names, "Their names, in any order."), statField)),
    Verb(
      does: .request(.sync), about: "Waits until the server has what was committed before.",
      arguments: .record([path, absolute], named: "sync"), gives: reply(pathField)),
    Verb(
      does: .operation(.check), about: "Fails unless the node has this version; in a multi only.",
      arguments: .record([path, versionField, absolute], named: "check"), gives: reply()),
    Verb(
      does: .request(.multi), about: "All of these operations or none.",
      arguments: .steps(StepList.multi.rawValue),
      gives: .either([
        .list(
          .record(
            [
              .init("error", error, "The operation's code."),
              pathField, statField,
            ], named: "a result")),
        reply(),
      ])),
    Verb(
      does: .request(.ping), about: "Keeps the session alive.",
      arguments: .record([], named: "ping"),
      gives: reply()),
    Verb(
      does: .request(.auth), about: "Adds an identity to this connection.",
      arguments: .record(
        [
          .init("scheme", .text, required: true, "The scheme's name."),
          .init("credentials", .payload, required: true, "In the scheme's form."),
        ], named: "auth"), gives: reply()),
    Verb(
      does: .request(.setWatches), about: "Sets the watches of an earlier connection again.",
      arguments: .record(
        [
          .init("relativeZxid", anyNumber, required: true, "What changed after it fires at once."),
          .init("data", paths, "Paths with a data watch."),
          .init("exist", paths, "Paths with a watch for creation."),
          .init("child", paths, "Paths with a child watch."),
        ], named: "setWatches"), gives: reply()),
    Verb(
      does: .request(.close), about: "Ends the session; the server then closes the connection.",
      arguments: .record([], named: "close"), gives: reply()),
  ]

  static let anyNumber = Shape.number(Int64.min...Int64.max)

  private static let rawFields: [Shape.Field] = [
    .init("opcode", .number(Int64(Int32.min)...Int64(Int32.max)), required: true, "Its opcode."),
    .init("body", Pieces.shape, "What follows the header: hexadecimal, or pieces."),
    .init("xid", .number(Int64(Int32.min)...Int64(Int32.max)), "Its xid, if not the next."),
  ]

  private static let session = Shape.either([.word(["new", "same", "expired"]), anyNumber])

  private static let connectionReply = Shape.record(
    [
      .init("session", session, "Which session the server gave."),
      .init("timeout", .either([extremes, .bounded]), "As negotiated, ms."),
      .init("id", anyNumber, "The session's id as the answer has it, 0 for none."),
      .init("readOnly", readOnly, "Whether the server only reads, if it says so."),
      .init("protocol", anyNumber, "The version of the protocol that the answer names."),
    ], named: "a connect reply")

  private static let fieldName = Shape.Form("a field's name", "[A-Za-z][A-Za-z_ ]*")
  private static let extremes = Shape.word(["shortest", "longest"])

  private static let readOnly = Shape.word(["yes", "no", "absent"])

  private static let opening: [Shape.Field] = [
    .init("timeout", timeout, "The session timeout to ask for."),
    .init("session", anyNumber, "The session to resume, if not this client's own."),
    .init(
      "password", .either([.word(["wrong"]), .payload]), "Its password, if not the right one."),
    .init("lastSeen", .either([.word(["ahead"]), anyNumber]), "The last zxid seen, if not that."),
    .init("readOnly", readOnly, "Whether a server that only reads will do; absent for no byte."),
  ]

  /// Everything else that a client can do.
  private static let others: [Verb] = [
    Verb(
      does: .raw, about: "Sends a request given in bytes.",
      arguments: .record(rawFields, named: "raw"),
      gives: .record(
        [
          .init(
            "error", .either([.word(errorNames + ["any"]), anyNumber]),
            "The error's name or number; any, and none, for what is not judged."),
          .init("zxid", .bounded, "The reply's zxid."),
          .init("xid", .bounded, "The reply's xid."),
          .init(
            "body", Pieces.shape, "What follows the reply's header, for an opcode without a verb."),
          pathField, statField,
          .init("data", .payload, "The node's data."),
          .init("children", .list(.text, ordered: false), "Their names, in any order."),
        ], named: "a raw reply")),
    Verb(
      does: .act(.frame), about: "Sends bytes behind a length that need not be theirs.",
      arguments: .record(
        [
          .init(
            "length",
            .either([.word(["none"]), .number(Int64(Int32.min)...Int64(Int32.max))]),
            "The length to announce, theirs if not given; none announces nothing."),
          .init("bytes", .either([Pieces.list, .payload]), "The bytes that follow."),
        ], named: "frame"), gives: .record([], named: "nothing")),
    Verb(
      does: .act(.pipeline), about: "Sends requests at once; replies come in their order.",
      arguments: .steps(StepList.pipeline.rawValue), gives: .record([], named: "nothing")),
    Verb(
      does: .act(.together),
      about: "Several clients send before any reply is read; the replies are these, in any order.",
      arguments: .steps(StepList.together.rawValue),
      gives: .list(
        reply(
          pathField, statField,
          .init(
            "results",
            .list(
              .record(
                [.init("error", error, "The operation's code."), pathField, statField],
                named: "a result")), "Those of a multi.")))),
    Verb(
      does: .act(.connects), about: "Opens a connection and asks for a session.",
      arguments: .record(opening, named: "connects"), gives: connectionReply),
    Verb(
      does: .act(.resumes), about: "Opens a connection and asks for this client's session again.",
      arguments: .record(opening, named: "resumes"), gives: connectionReply),
    Verb(
      does: .act(.opens), about: "Opens a connection and asks for no session.",
      arguments: .record(
        [.init("says", .text, "A word of four letters, whose answer ends the connection.")],
        named: "opens"),
      gives: .record(
        [
          .init("begins", .text, "How the answer begins."),
          .init(
            "has", .list(.text), "Patterns that it has; <a.session> and </path> stand in them."),
          .init("lacks", .list(.text), "Patterns that it has not."),
          .init(
            "fields", .map(fieldName, .either([extremes, .bounded]), named: "fields"),
            "Its lines `name: number`, `name=number` and `name`, a tab, a number."),
        ], named: "an answer")),
    Verb(
      does: .act(.drops), about: "Breaks its connection off; the session stays.",
      arguments: .record([], named: "drops"), gives: .record([], named: "nothing")),
    Verb(
      does: .act(.stopsPinging), about: "Sends nothing more on its own; the connection stays.",
      arguments: .record([], named: "stopsPinging"), gives: .record([], named: "nothing")),
    Verb(
      does: .act(.stopsReading),
      about: "Asks for a node's data many times, and takes nothing more that the server sends.",
      arguments: .record(
        [
          path,
          .init("times", .number(1...1000), required: true, "How often it asks."),
        ], named: "stopsReading"), gives: .record([], named: "nothing")),
    Verb(
      does: .act(.readsAgain),
      about: "Takes what the server has sent meanwhile, after stopsReading.",
      arguments: .record([], named: "readsAgain"), gives: .record([], named: "nothing")),
    Verb(
      does: .act(.sees), about: "Has had exactly these events since it last looked.",
      arguments: events, gives: .record([], named: "nothing")),
  ]

  /// All that can stand behind a client's name.
  package static let verbs: [Verb] = requests + laterRequests + others
}
