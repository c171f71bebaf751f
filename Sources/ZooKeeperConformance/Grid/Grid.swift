public import Conformance
import ZooKeeper

/// Every operation on every kind of node, in all ways that lead to another result, met by every
/// kind of watch, in a new session and in a resumed one.
///
/// Nobody writes these cases: their moves are a product, and what each must bring is what the
/// reference answers, in the dialect that probing found. Each is played as a fixture like any
/// other, and `quorate show` prints it.
///
/// A run of moves for each request of the operation: a node is made in a folder of its own;
/// both clients watch its data, its children and the folder's; the operation is tried; the node
/// and the folder are looked at; and the other client changes all that is there, which fires the
/// watches that are left. Then all again with the session resumed just before the operation.
public enum Grid {
  /// The client that tries the operation.
  static let own = 0
  /// The client that owns all else.
  static let other = 1

  static let credentials = Array("ann:pw".utf8)
  /// All for the other client alone, reading for everybody.
  static let guarded = [ACL(.all, .digest("ann:pw")), ACL(.read, .anyone)]
  /// All for the other client alone.
  static let closed = [ACL(.all, .digest("ann:pw"))]

  /// The cases, and those of ``Pairs`` and ``Crossing``, in the order of their ids.
  public static let cases: [Case] =
    (GridOperation.allCases.flatMap { operation in
      GridNode.allCases.map { Case(operation, $0) }
    } + Pairs.cases + Crossing.cases).sorted { $0.label.id < $1.label.id }

  /// The moves of a case that works below `root`.
  static func moves(_ operation: GridOperation, on node: GridNode, below root: String) -> [Move] {
    var moves = [Move(client: other, .auth(scheme: "digest", credentials: credentials))]
    for isResumed in [false, true] {
      for index in operation.requests(on: "").indices {
        let folder = "\(root)/\(isResumed ? "r" : "n")\(index + 1)"
        let path = node.path(in: folder)
        moves += node.moves(in: folder)
        moves += watching(path, by: other)
        if !operation.leavesWatches { moves += watching(path, by: own) }
        moves.append(
          Move(client: own, resumesFirst: isResumed, operation.requests(on: path)[index]))
        moves += looking(at: path)
        if !isResumed { moves += changing(path) }
      }
    }
    return moves
  }

  private static func watching(_ path: String, by client: Int) -> [Move] {
    [
      .exists(path: path, watch: true), .getChildren(path: path, watch: true),
      .getChildren(path: Path.parent(of: path), watch: true),
    ].map { Move(client: client, $0) }
  }

  private static func looking(at path: String) -> [Move] {
    [
      Move(client: other, .getData(path: path)), Move(client: other, .getACL(path: path)),
      Move(client: own, .getChildren(path: Path.parent(of: path), withStat: true)),
    ]
  }

  private static func changing(_ path: String) -> [Move] {
    [
      .create(Create(path)), .setData(path: path, data: []), .create(Create(path + "/x")),
      .delete(path: path + "/x"), .delete(path: path),
    ].map { Move(client: other, $0) }
  }
}

extension Case {
  /// The case of an operation on a kind of node.
  init(_ operation: GridOperation, _ node: GridNode) {
    self.init(
      drawn: "grid", operation.number, node.rawValue, slug: operation.rawValue,
      title: "\(operation.rawValue) on \(node.words): reply, Stats and events",
      claim: operation.claim, needs: operation.needs
    ) { Grid.moves(operation, on: node, below: $0) }
  }

  /// A case that nobody wrote: its moves are drawn, below the folder that `moves` is given.
  ///
  /// - Parameters:
  ///   - topic: `grid`, as in `ZK-GRID-001` and as its folder is called.
  ///   - number: Its number.
  ///   - member: What stands in brackets.
  init(
    drawn topic: String, _ number: Int, _ member: String, slug: String, title: String,
    claim: String, needs: [String], moves: @escaping @Sendable (_ root: String) -> [Move]
  ) {
    let digits = "\(number)"
    let zeros = String(repeating: "0", count: max(0, 3 - digits.count))
    let family = "ZK-\(topic.uppercased())-\(zeros)\(digits)"
    let id = "\(family)[\(member)]"
    let root = "/\(topic)"
    self.init(
      CaseLabel(
        id: id, slug: slug, title: title, level: .must, claims: [claim], chapter: "zookeeper",
        topic: topic, place: Place(file: id)),
      .conversation(
        ServiceCase(needs: needs) { dialect in
          MoveFixture(
            id: family, title: title, moves(root), below: root, clients: 2, dialect: dialect)
        }))
  }
}
