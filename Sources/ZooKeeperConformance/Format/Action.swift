/// What is done in a step: decoded when the fixture is read, so that nothing unknown is played.
package enum Action: Hashable, Sendable {
  /// A request that a client's library makes.
  case request(Request)
  /// A request given in bytes.
  case raw
  /// A part of a multi.
  case operation(Operation)
  /// Something that is no request.
  case act(Act)

  /// The requests, by the names that fixtures give them.
  package enum Request: String, CaseIterable, Sendable {
    case create, create2, delete, exists, get, set, getACL, setACL, children, children2
    case sync, multi, ping, auth, setWatches, close
    case createContainer, createTTL, multiRead, getEphemerals, countChildren, whoAmI
    case setWatches2, addWatch, checkWatches, removeWatches, reconfig, sasl

    /// Whether it takes a zxid of its own.
    var writes: Bool {
      switch self {
      case .create, .create2, .createContainer, .createTTL, .delete, .set, .setACL, .multi,
        .reconfig:
        true
      case .exists, .get, .getACL, .children, .children2, .sync, .ping, .auth, .setWatches, .close,
        .multiRead, .getEphemerals, .countChildren, .whoAmI, .setWatches2, .addWatch,
        .checkWatches, .removeWatches, .sasl:
        false
      }
    }
  }

  /// What may stand in a multi, and the last two in a multiRead.
  package enum Operation: String, CaseIterable, Sendable {
    case create, create2, createContainer, createTTL, delete, set, check
    case get, children

    /// Whether it stands in a multiRead.
    var isRead: Bool { self == .get || self == .children }
  }

  /// What is no request: bytes, connections, what a client sees; and that time passes.
  package enum Act: String, CaseIterable, Sendable {
    case frame, pipeline, together, connects, resumes, opens, drops
    case stopsPinging, stopsReading, readsAgain, sees, passes
  }

  /// The word in a fixture.
  package var name: String {
    switch self {
    case .request(let request): request.rawValue
    case .raw: "raw"
    case .operation(let operation): operation.rawValue
    case .act(let act): act.rawValue
    }
  }
}
