import ZooKeeper

/// A kind of node, and whom its ACL lets do what.
struct CrossNode: Hashable, Sendable {
  /// What it is.
  enum Kind: String, CaseIterable, Sendable {
    case leaf, parent
    case ownEphemeral = "own-ephemeral"
    case othersEphemeral = "others-ephemeral"
  }

  /// Whom it is open to.
  enum Access: String, CaseIterable, Sendable {
    /// To everybody, by the usual ACL.
    case open
    /// To everybody, by another ACL.
    case shared
    /// To its maker; others may read.
    case guarded
    /// To its maker alone.
    case closed
  }

  var kind: Kind
  var access: Access

  static let all = Kind.allCases.flatMap { kind in
    Access.allCases.map { CrossNode(kind: kind, access: $0) }
  }

  /// The member's id: `own-ephemeral,guarded`.
  var id: String { "\(kind.rawValue),\(access.rawValue)" }

  var acl: [ACL] {
    switch access {
    case .open: .open
    case .shared:
      [ACL(.all, .anyone), ACL(.read, Identity(scheme: "ip", id: "192.0.2.1"))]
    case .guarded: Grid.guarded
    case .closed: Grid.closed
    }
  }

  /// The moves that make it.
  func moves(at path: String) -> [Move] {
    let mode: CreateMode =
      switch kind {
      case .leaf, .parent: .persistent
      case .ownEphemeral, .othersEphemeral: .ephemeral
      }
    let maker = kind == .ownEphemeral ? Grid.own : Grid.other
    let create = Create(path, data: Array("x".utf8), acl: acl, mode: mode)
    let child = Move(client: Grid.other, .create(Create(path + "/k")))
    return [Move(client: maker, .create(create))] + (kind == .parent ? [child] : [])
  }
}
