import Conformance
import ZooKeeper

/// Every request on every kind of node under every kind of ACL, in a new session and in a resumed
/// one; in a multi also where it is taken back, and where it is not come to.
///
/// What the grid leaves out: there each operation meets every watch, here every permission. Each
/// request has a node of its own, at which the other client looks afterwards.
enum Crossing {
  /// The cases, in the order of their ids.
  static let cases: [Case] = CrossGroup.allCases.flatMap { group in
    CrossNode.all.map { Case(group, $0) }
  }

  /// The moves of a case that works below `root`.
  static func moves(_ group: CrossGroup, on node: CrossNode, below root: String) -> [Move] {
    var moves = [
      Move(client: Grid.other, .auth(scheme: "digest", credentials: Grid.credentials))
    ]
    for isResumed in [false, true] {
      let folder = root + (isResumed ? "/r" : "/n")
      moves.append(
        Move(client: Grid.own, resumesFirst: isResumed, .create(Create(folder))))
      for index in group.requests(on: "").indices {
        let path = "\(folder)/\(index + 1)"
        moves += node.moves(at: path)
        moves.append(Move(client: Grid.own, group.requests(on: path)[index]))
        moves.append(Move(client: Grid.other, .getChildren(path: path, withStat: true)))
      }
      moves.append(Move(client: Grid.other, .getChildren(path: folder, withStat: true)))
    }
    return moves
  }
}

extension Case {
  /// The case of a group of requests on a kind of node.
  init(_ group: CrossGroup, _ node: CrossNode) {
    self.init(
      drawn: "cross", group.number, node.id, slug: group.rawValue,
      title: "\(group.rawValue) on a node that is \(node.id): replies and what is left",
      claim: group.claim, needs: group.needs
    ) { Crossing.moves(group, on: node, below: $0) }
  }
}
