import Conformance
import ProtocolCore

extension FixtureFormat {
  /// The reference to the wall clock of whoever asks, in milliseconds since 1970.
  static let clock = "clock"

  /// What a reference may ask of a client.
  static let properties = ["session", "password", "timeout", "lastSeen"]

  /// The verbs of a kind of list.
  static func verbs(in kind: StepList) -> [Verb] {
    switch kind {
    case .script: verbs
    case .pipeline, .together: verbs.filter(\.isRequest)
    case .multi: verbs.filter { $0.operation?.isRead == false }
    case .multiRead: verbs.filter { $0.operation?.isRead == true }
    }
  }

  /// What may stand beside this verb.
  static func allowed(beside verb: Verb, in kind: StepList) -> [String] {
    switch (kind, verb.does) {
    case (.multi, _), (.multiRead, _), (.together, _): ["times"]
    case (_, .act(.together)): ["gives", "keep"]
    case (.pipeline, _): ["gives", "error", "or", "keep", "sees", "closes", "excess", "times"]
    case (_, .act(.sees)): ["after", "within", "or"]
    case (_, .act(.drops)), (_, .act(.stopsPinging)), (_, .act(.stopsReading)),
      (_, .act(.readsAgain)), (_, .act(.pipeline)):
      []
    case (_, .act(.frame)): ["closes", "sees"]
    case (_, .act(.opens)): ["gives"]
    default:
      besides.map(\.name).filter { name in
        !["after", "within", "times"].contains(name) && (name != "excess" || verb.isRequest)
      }
    }
  }
}

extension FixtureFormat {
  /// What may be kept of what comes back: all that a step could demand of it, and the xid.
  static func kept(of verb: Verb) -> Shape {
    switch (verb.does, verb.gives) {
    case (.act(.together), .list(.record(let fields, let name), _)):
      let own = [
        Shape.Field("by", .text, "Whose it is."), Shape.Field("sent", data.shape, "What was sent."),
      ]
      return .record(
        [.init("replies", .list(.record(fields + own, named: name)), "Those of all requests.")],
        named: "what came of them")
    case (.request(.multi), .either(let forms)), (.request(.multiRead), .either(let forms)):
      return .record(
        forms.flatMap { form -> [Shape.Field] in
          switch form {
          case .list: [Shape.Field("results", form, "Those of its operations.")]
          case .record(let fields, _): fields
          default: []
          }
        }, named: "a reply")
    case (.act(.connects), .record(let fields, let name)),
      (.act(.resumes), .record(let fields, let name)):
      return .record(
        fields + [.init("password", .payload, "The session's password.")], named: name)
    case (.request, .record(let fields, let name)):
      return .record(fields + [.init("xid", .bounded, "The reply's xid.")], named: name)
    default: return verb.gives
    }
  }
}

extension Shape {
  /// The shape of what stands at a path in a value of this shape: `stat.pzxid`, `results.0.path`.
  ///
  /// - Parameters:
  ///   - place: Where the path is written.
  ///   - name: Whose path it is, for an error.
  func shape(
    at path: String, in name: String, _ place: Place
  ) throws(FixtureError) -> Shape {
    var (shape, name) = (self, name)
    for part in path.split(separator: ".").map({ String($0) }) {
      var known: [Field] = []
      switch shape.bare {
      case .record(let fields, let named):
        // A Stat is written by what it is based upon, and has no such field.
        known = fields.filter { !["new", "like"].contains($0.name) }
        name = named
      case .list(let item, true) where Int(part) != nil:
        shape = item
        continue
      default: break
      }
      guard let field = known.first(where: { $0.name == part }) else {
        let near = nearest(to: part, among: known.map(\.name))
        throw FixtureError(place, .unknownKey(part, in: name, nearest: near))
      }
      (shape, name) = (field.shape, part)
    }
    return shape
  }

  /// The shape without its name in the schema.
  private var bare: Shape {
    if case .named(_, let shape) = self { shape.bare } else { self }
  }
}
