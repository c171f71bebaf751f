import Conformance
import ZooKeeper

/// Every operation right behind every other that it depends on, in one segment and on one
/// connection: what the first has done must hold for what stands behind it.
///
/// Drawn as the grid is: for each pair a folder of its own is made on a new connection; the first,
/// the second and a look at the node and the folder are sent at once; then the other client looks
/// at all that is there. What each must bring is what the reference answers, which serves one
/// request after another.
///
/// Behind an auth a folder is closed to all but whom it shows to be.
enum Pairs {
  /// The cases, in the order of their ids.
  static let cases: [Case] = PairFirst.allCases.flatMap { first in
    PairSecond.allCases.filter { $0.isPromised(behind: first) }.map { Case(first, $0) }
  }

  /// The moves of a case that works below `root`.
  static func moves(_ first: PairFirst, _ second: PairSecond, below root: String) -> [Move] {
    var moves = [
      Move(client: Grid.other, .auth(scheme: "digest", credentials: Grid.credentials))
    ]
    let count = second.requests(on: "", in: "").count
    for index in 0..<count {
      let folder = "\(root)/\(index + 1)"
      let path = first.path(in: folder)
      moves += making(folder, acl: first == .auth ? Grid.closed : .open)
      let watching = first.leavesWatches || first == .auth ? [] : watching(path, in: folder)
      var segment = watching.map { ($0, false) } + [(first.request(in: folder), false)]
      segment += [(second.requests(on: path, in: folder)[index], true)]
      segment += looking(at: path, in: folder).map { ($0, true) }
      for (place, (request, isBehind)) in segment.enumerated() {
        moves.append(
          Move(client: Grid.own, resumesFirst: place == 0, isBehind: isBehind, request))
      }
      moves += looking(at: path, in: folder).map { Move(client: Grid.other, $0) }
    }
    return moves
  }

  private static func making(_ folder: String, acl: [ACL]) -> [Move] {
    [
      ("", CreateMode.persistent), ("/n", .persistent), ("/p", .persistent),
      ("/p/k", .persistent),
    ].map { name, mode in
      Move(
        client: Grid.other,
        .create(Create(folder + name, data: Array("x".utf8), acl: acl, mode: mode)))
    }
  }

  private static func watching(_ path: String, in folder: String) -> [Request] {
    [
      .exists(path: path, watch: true), .getChildren(path: path, watch: true),
      .getChildren(path: folder, watch: true),
    ]
  }

  private static func looking(at path: String, in folder: String) -> [Request] {
    [.getData(path: path), .getACL(path: path), .getChildren(path: folder, withStat: true)]
  }
}

extension Case {
  /// The case of what stands behind an operation.
  init(_ first: PairFirst, _ second: PairSecond) {
    self.init(
      drawn: "pair", first.number, second.rawValue, slug: first.rawValue,
      title: "Right behind \(first.words), in one segment: \(second.words)", claim: "SESS-6",
      needs: Array(Set(["resume"] + first.needs + second.needs)).sorted()
    ) { Pairs.moves(first, second, below: $0) }
  }
}
