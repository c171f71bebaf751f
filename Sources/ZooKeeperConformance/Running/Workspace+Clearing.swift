import ZooKeeper

/// A node that clean-up could not take away.
struct Leftover: Hashable, Sendable {
  /// Where it is.
  var path: String
  /// What the server said.
  var why: String
  /// What is wrong with that, when the tree allows the delete: what was asked, and what came.
  var contradiction: [Asked]?

  /// A request, and what the server said to it.
  struct Asked: Hashable, Sendable {
    var request: String
    var reply: String
  }
}

extension Workspace {
  /// Deletes a folder and all below it.
  ///
  /// A node whose delete is refused is looked at again: what may be deleted and is not is a
  /// contradiction, and not a folder left behind.
  ///
  /// - Returns: What could not be deleted: the deepest nodes, and nothing of what lies above them.
  func clear(_ path: String) async -> [Leftover] {
    var refusal: ErrorCode?
    for _ in 0..<3 {
      var left: [Leftover] = []
      for name in await children(path) ?? [] {
        left += await clear("\(path)/\(name)")
        // A server that has gone silent would be waited for at every node.
        if hasLeft || left.contains(where: { $0.why == Self.silence }) { return left }
      }
      switch await ask(.delete(path: path)) {
      case .answer, .failure(.noNode): return left
      case .failure(let code):
        if !left.isEmpty { return left }
        refusal = code
        if code != .notEmpty { return [await looked(at: path, after: code)] }
      default: return left + [Leftover(path: path, why: Self.silence)]
      }
      // Something came into it meanwhile, or is about to go.
      _ = await ask(.sync(path: path))
    }
    return [await looked(at: path, after: refusal ?? .notEmpty)]
  }

  private static let silence = "no answer"

  /// Looks whether the tree allows what was refused.
  private func looked(at path: String, after code: ErrorCode) async -> Leftover {
    var leftover = Leftover(path: path, why: "\(code)")
    let delete = Leftover.Asked(request: "delete \(path)", reply: "\(code)")
    switch code {
    case .notEmpty:
      guard await children(path) == [] else { return leftover }
      leftover.contradiction = [.init(request: "children \(path)", reply: "none"), delete]
    case .noAuth:
      let parent = path.lastIndex(of: "/").map { String(path[..<$0]) } ?? ""
      guard case .answer(.acl(let list, _)) = await ask(.getACL(path: parent)),
        list.contains(where: { $0.identity == .anyone && $0.permissions.contains(.delete) })
      else { return leftover }
      leftover.contradiction = [
        .init(request: "getACL \(parent)", reply: "world:anyone may delete"), delete,
      ]
    default: leftover.contradiction = [delete]
    }
    return leftover
  }
}
