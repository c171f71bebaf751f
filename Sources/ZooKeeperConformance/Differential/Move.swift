public import ZooKeeper

/// One step of a generated run: a session asks something.
///
/// After `closeSession` the same place in the run is taken by a new session, so that a run can go
/// on: the moves say *the second client*, not *session 0x1000…*.
public struct Move: Hashable, Sendable {
  /// Which of the run's clients, from zero.
  public var client: Int
  /// Whether it loses its connection before that, and resumes its session on another.
  public var resumesFirst: Bool
  /// Whether it is sent right behind the move before, in one segment with it; that one is the same
  /// client's.
  public var isBehind: Bool
  /// What it asks.
  public var request: Request
  /// Bytes behind the request's record, in the same frame.
  public var excess: [UInt8]

  /// The move of these parts.
  public init(
    client: Int, resumesFirst: Bool = false, isBehind: Bool = false, _ request: Request,
    excess: [UInt8] = []
  ) {
    self.client = client
    self.resumesFirst = resumesFirst
    self.isBehind = isBehind
    self.request = request
    self.excess = excess
  }
}

extension Move {
  /// What goes over the wire.
  var outgoing: Outgoing {
    excess.isEmpty ? .request(request) : .exceeding(request, excess)
  }
}

extension [Move] {
  /// The moves in segments: what is sent at once stands together.
  ///
  /// What is behind nothing of the same client, because that was left out, begins a segment.
  var segments: [ArraySlice<Move>] {
    var segments: [ArraySlice<Move>] = []
    var start = startIndex
    for index in indices.dropFirst() {
      let (move, before) = (self[index], self[index - 1])
      let isBehind =
        move.isBehind && move.client == before.client && !move.resumesFirst
        && before.request != .closeSession
      if !isBehind {
        segments.append(self[start..<index])
        start = index
      }
    }
    return isEmpty ? [] : segments + [self[start...]]
  }
}

/// What follows from a move.
public struct Consequence: Hashable, Sendable {
  /// The reply.
  public var reply: Reply
  /// The events that it caused, and which client gets each, in order.
  public var events: [Told]

  /// An event for a client.
  public struct Told: Hashable, Sendable {
    /// Who is told.
    public var client: Int
    /// What.
    public var event: WatchEvent
  }
}

extension Request {
  /// Whether it becomes a transaction, which takes a zxid even when it fails.
  public var isWrite: Bool {
    switch self {
    case .create, .delete, .setData, .setACL, .check, .multi, .reconfig, .closeSession: true
    case .exists, .getData, .getACL, .getChildren, .sync, .ping, .auth, .setWatches, .multiRead,
      .getEphemerals, .getAllChildrenNumber, .whoAmI, .addWatch, .checkWatches, .removeWatches,
      .sasl:
      false
    }
  }

  /// The name of the operation, as the documentation writes it.
  public var operation: String {
    switch self {
    case .create(let create): create.operation
    case .delete: "delete"
    case .exists: "exists"
    case .getData: "getData"
    case .setData: "setData"
    case .getACL: "getACL"
    case .setACL: "setACL"
    case .getChildren(_, _, let withStat): withStat ? "getChildren2" : "getChildren"
    case .sync: "sync"
    case .check: "check"
    case .multi: "multi"
    case .ping: "ping"
    case .auth: "auth"
    case .setWatches(let set): set.lasting == nil ? "setWatches" : "setWatches2"
    case .multiRead: "multiRead"
    case .getEphemerals: "getEphemerals"
    case .getAllChildrenNumber: "getAllChildrenNumber"
    case .whoAmI: "whoAmI"
    case .addWatch: "addWatch"
    case .checkWatches: "checkWatches"
    case .removeWatches: "removeWatches"
    case .reconfig: "reconfig"
    case .sasl: "sasl"
    case .closeSession: "closeSession"
    }
  }
}

extension Create {
  /// The name of the operation, as the documentation writes it.
  var operation: String {
    switch form {
    case .create: "create"
    case .create2: "create2"
    case .container: "createContainer"
    case .ttl: "createTTL"
    }
  }
}
