import ZooKeeper

/// What an operation of the grid is about: every kind of node that a client can meet.
enum GridNode: String, CaseIterable, Sendable {
  case leaf, parent, numbered
  case ownEphemeral = "own-ephemeral"
  case othersEphemeral = "others-ephemeral"
  case ownNumberedEphemeral = "own-numbered-ephemeral"
  case guarded, closed
  case belowGuarded = "below-guarded"
  case missing, orphan

  /// What it is called in a sentence.
  var words: String {
    switch self {
    case .leaf: "a node without children"
    case .parent: "a node with a child"
    case .numbered: "a sequential node"
    case .ownEphemeral: "an ephemeral of its own"
    case .othersEphemeral: "another session's ephemeral"
    case .ownNumberedEphemeral: "a sequential ephemeral of its own"
    case .guarded: "a node that it may only read"
    case .closed: "a node of which it may do nothing"
    case .belowGuarded: "a node whose parent it may only read"
    case .missing: "a node that is not there"
    case .orphan: "a node without a parent"
    }
  }

  /// Its path, when it has been made in a folder.
  func path(in folder: String) -> String {
    switch self {
    case .numbered, .ownNumberedEphemeral: folder + "/s0000000000"
    case .orphan: folder + "/none/s"
    default: folder + "/s"
    }
  }

  /// The moves that make the folder and the node in it.
  func moves(in folder: String) -> [Move] {
    func create(
      _ path: String, by client: Int = Grid.other, acl: [ACL] = .open, _ mode: CreateMode
    ) -> Move {
      Move(client: client, .create(Create(path, data: Array("x".utf8), acl: acl, mode: mode)))
    }
    let path = folder + "/s"
    let make: [Move] =
      switch self {
      case .leaf, .belowGuarded: [create(path, .persistent)]
      case .parent: [create(path, .persistent), create(path + "/k", .persistent)]
      case .numbered: [create(path, .persistentSequential)]
      case .ownEphemeral: [create(path, by: Grid.own, .ephemeral)]
      case .othersEphemeral: [create(path, .ephemeral)]
      case .ownNumberedEphemeral: [create(path, by: Grid.own, .ephemeralSequential)]
      case .guarded: [create(path, acl: Grid.guarded, .persistent)]
      case .closed: [create(path, acl: Grid.closed, .persistent)]
      case .missing, .orphan: []
      }
    let acl: [ACL] = self == .belowGuarded ? Grid.guarded : .open
    return [create(folder, acl: acl, .persistent)] + make
  }
}
