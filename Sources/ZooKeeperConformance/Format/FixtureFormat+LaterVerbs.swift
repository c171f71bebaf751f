import Conformance
import ZooKeeper

/// The requests that came after 3.4.
extension FixtureFormat {
  /// Creates of nodes that the server takes away by itself.
  private static let creations: [Verb] = [
    Verb(
      does: .request(.createContainer),
      about: "Creates a node that goes when its last child has gone; its Stat comes back.",
      arguments: .record([path, data, acl, flags, absolute], named: "createContainer"),
      gives: reply(pathField, statField)),
    Verb(
      does: .request(.createTTL),
      about: "Creates a node that goes after a time without children; its Stat comes back.",
      arguments: .record(
        [
          path, data, acl, sequential, flags, absolute,
          .init("ttl", anyNumber, required: true, "The time, in milliseconds."),
        ], named: "createTTL"),
      gives: reply(pathField, statField)),
  ]

  private static let readings: [Verb] = [
    Verb(
      does: .request(.multiRead), about: "Several reads as one; each fails by itself.",
      arguments: .steps(StepList.multiRead.rawValue),
      gives: .either([
        .list(
          .record(
            [
              .init("error", error, "The operation's code."),
              .init("data", .payload, "The node's data."), statField,
              .init("children", names, "Their names, in any order."),
            ], named: "a result")),
        reply(),
      ])),
    Verb(
      does: .request(.getEphemerals),
      about: "Lists the session's ephemerals whose paths begin so.",
      arguments: .record(
        [
          .init("path", .text, "How they begin, below the case's folder; null if not given."),
          absolute,
        ], named: "getEphemerals"),
      gives: reply(.init("paths", .list(.text, ordered: false), "Their paths, in any order."))),
    Verb(
      does: .request(.countChildren), about: "Counts the nodes below a node, at all depths.",
      arguments: .record([path, absolute], named: "countChildren"),
      gives: reply(.init("count", .bounded, "How many."))),
    Verb(
      does: .request(.whoAmI), about: "Asks whom the server takes the connection for.",
      arguments: .record([], named: "whoAmI"),
      gives: reply(
        .init(
          "identities",
          .either([
            .list(.text, ordered: false),
            .record(
              [.init("has", .list(.text, ordered: false), "These, and perhaps others.")],
              named: "identities"),
          ]), "As scheme:user, in any order."))),
  ]

  private static let number = Shape.number(Int64(Int32.min)...Int64(Int32.max))
  private static let watcherType = Shape.Field(
    "type", .either([.word(WatcherType.named.map(\.description)), number]), required: true,
    "Which watches.")

  private static let watchings: [Verb] = [
    Verb(
      does: .request(.setWatches2),
      about: "Sets the watches of an earlier connection again, those that stay too.",
      arguments: .record(
        [
          .init("relativeZxid", anyNumber, required: true, "What changed after it fires at once."),
          .init("data", paths, "Paths with a data watch."),
          .init("exist", paths, "Paths with a watch for creation."),
          .init("child", paths, "Paths with a child watch."),
          .init("persistent", paths, "Paths with a persistent watch."),
          .init("recursive", paths, "Paths with a persistent recursive watch."),
        ], named: "setWatches2"), gives: reply()),
    Verb(
      does: .request(.addWatch), about: "Leaves a watch that stays.",
      arguments: .record(
        [
          path,
          .init(
            "mode", .either([.word(RequestBuilding.modes.map(\.description)), number]),
            required: true, "Of the node, or of all below it too."),
          absolute,
        ], named: "addWatch"), gives: reply()),
    Verb(
      does: .request(.checkWatches), about: "Looks for a watch of this connection.",
      arguments: .record([path, watcherType, absolute], named: "checkWatches"), gives: reply()),
    Verb(
      does: .request(.removeWatches), about: "Takes watches of this connection back.",
      arguments: .record([path, watcherType, absolute], named: "removeWatches"), gives: reply()),
  ]

  private static let administrations: [Verb] = [
    Verb(
      does: .request(.reconfig), about: "Asks for another ensemble.",
      arguments: .record(
        [
          .init("joining", .text, "Who joins; null if not given."),
          .init("leaving", .text, "Who leaves; null if not given."),
          .init("members", .text, "Who there shall be; null if not given."),
          .init("version", anyNumber, required: true, "The configuration that it is to follow."),
        ], named: "reconfig"), gives: reply()),
    Verb(
      does: .request(.sasl), about: "Sends a token of SASL.",
      arguments: .record(
        [
          .init("token", .payload, "The token; empty if not given."),
          .init("user", .text, "Whose response to the last challenge it is."),
          .init("password", .text, "With which password it is made."),
          .init("authzid", .text, "For whom it is to act; not said if not given."),
        ], named: "sasl"),
      gives: reply(
        .init(
          "says", .word(ReplyValue.saslWords), "What comes back; a proof is looked at."))),
  ]

  static let laterRequests = creations + readings + watchings + administrations
}
