package import Conformance
package import ZooKeeper

/// One case for a ZooKeeper service, as its fixture writes it.
package struct ServiceFixture: Sendable {
  /// The fixture's id, with the member's in brackets: `ZK-WATCH-030[delete,child]`.
  package var id: String
  /// What stands behind the id in the file's name, frozen like the id.
  package var slug: String
  package var title: String
  package var level: Level
  package var claims: [String]
  package var editions: Editions
  package var seen: [String]
  package var needs: [String]
  package var unless: [String]
  package var why: String?
  package var source: String?
  package var clients: [Client]
  package var steps: [Step]
  package var place: Place

  /// Whether it is for a server that only reads.
  var isForReadOnly: Bool { needs.contains(Capability.readOnly.rawValue) }

  /// Somebody who takes part.
  package struct Client: Hashable, Sendable {
    package var name: String
    package var timeout: Timeout
    package var connectsLater: Bool
    /// What others change outside the case's folder, and no step expects, is passed over.
    package var overhears = false
  }

  /// A session timeout to ask for.
  package enum Timeout: Hashable, Sendable {
    case shortest, longest
    case milliseconds(Int32)
  }
}

/// A line of a case: who does what, and what must follow.
package struct Step: Hashable, Sendable {
  package var place: Place
  /// Who does it; nil when time passes.
  package var client: String?
  package var does: Action
  package var arguments: Value
  /// The requests of a pipeline, or of several clients, the operations of a multi.
  package var parts: [Step] = []
  /// Bytes behind the request's record.
  package var excess: [UInt8] = []
  package var expected: Expected
  package var alternatives: [Alternative] = []
  package var keep: [Keep] = []
  package var after: Span?
  package var within: Span?

  /// What must follow.
  package struct Expected: Hashable, Sendable {
    /// The reply's fields, a multi's list of results, or nil when no reply may come.
    package var gives: Value?
    /// The events that must have come before the reply; nil when the step does not say.
    package var sees: [Sighting]?
    /// Whether the server must close the connection.
    package var closes = false
  }

  /// What may follow instead.
  package struct Alternative: Hashable, Sendable {
    package var expected: Expected
    package var because: String
  }

  /// A name for a field of the reply.
  package struct Keep: Hashable, Sendable {
    package var name: String
    package var field: String
  }
}

/// What a client can see without having asked.
package enum Sighting: Hashable, Sendable {
  case event(EventType, Value)
  /// An event whose header must carry this zxid.
  case stamped(EventType, Value, zxid: Value)
  /// The server closed the connection.
  case closed
}

extension Sighting: CustomStringConvertible {
  /// As in a fixture: `NodeDeleted: /e`.
  package var description: String {
    switch self {
    case .event(let type, let path), .stamped(let type, let path, _): "\(type): \(path)"
    case .closed: "closed"
    }
  }
}

extension Step: CustomStringConvertible {
  /// The step on one line, as the narrative of a run prints it: `a.create /p watch`.
  package var description: String {
    let words = (client.map { "\($0).\(does.name)" } ?? does.name) + printedArguments
    guard !parts.isEmpty else { return words.shortened }
    let first = parts.prefix(Self.shownParts).map(\.description).joined(separator: ", ")
    let rest = parts.count - Self.shownParts
    return words + " [ " + first + (rest > 0 ? ", … \(rest) more" : "") + " ]"
  }

  /// How many operations of a multi, or requests of a pipeline, are told one by one.
  private static let shownParts = 12

  private var printedArguments: String {
    switch arguments {
    case .record(let members):
      return members.map { member in
        switch (member.name, member.value) {
        case ("path", let path): " \(path)"
        case (let name, .flag(true)): " \(name)"
        case (let name, .text(let word)): " \(name) \(word)"
        case (let name, let value): " \(name) \(value)"
        }
      }.joined()
    default: return ""
    }
  }
}
