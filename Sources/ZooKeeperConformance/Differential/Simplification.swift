import ZooKeeper

/// Shorter paths for a run whose moves are all needed: a reader has less to read.
extension [Move] {
  /// The same runs with one folder less each: what stood in it stands where it stood.
  func hoisted(below root: String) -> [[Move]] {
    var folders: [String] = []
    for path in flatMap(\.request.everyPath) where path.hasPrefix(root + "/") {
      let folder = Path.parent(of: path)
      if folder != root, !folders.contains(folder) { folders.append(folder) }
    }
    return folders.map { folder in
      let above = Path.parent(of: folder)
      return compactMap { move in
        move.without(folder)?.mappingPaths { path in
          path.hasPrefix(folder + "/") ? above + path.dropFirst(folder.count) : path
        }
      }
    }
  }

  /// The same run with names of one letter.
  ///
  /// What has an odd name, or a long one, keeps it; so do all where a number ends a name.
  func renamed(below root: String) -> [Move] {
    guard !contains(where: { $0.makesSequential }) else { return self }
    let names = flatMap(\.request.everyPath).flatMap { path in
      path.dropFirst(root.count).split(separator: "/").map(String.init)
    }
    let usual = names.filter { name in
      (2...100).contains(name.utf8.count)
        && name.utf8.allSatisfy { UInt8(ascii: "a")...UInt8(ascii: "z") ~= $0 || 48...57 ~= $0 }
    }
    var letters = "abcdefghijklmnopqrstuvwxyz".map(String.init).filter { !names.contains($0) }[...]
    var new: [String: String] = [:]
    for name in usual where new[name] == nil { new[name] = letters.popFirst() }
    return map { move in
      move.mappingPaths { path in
        guard path.hasPrefix(root + "/") else { return path }
        return root
          + path.dropFirst(root.count).split(separator: "/", omittingEmptySubsequences: false)
          .map { new[String($0)] ?? String($0) }.joined(separator: "/")
      }
    }
  }
}

extension Move {
  fileprivate var makesSequential: Bool { request.creates.contains { $0.mode.isSequential } }

  /// The same move without the creation of a node; nil if nothing is left of it.
  fileprivate func without(_ path: String) -> Move? {
    switch request {
    case .create(let create): return create.path == path ? nil : self
    case .multi(let operations):
      let rest = operations.filter { operation in
        if case .create(let create) = operation { create.path != path } else { true }
      }
      guard !rest.isEmpty else { return nil }
      var move = self
      move.request = .multi(rest)
      return move
    default: return self
    }
  }
}

extension Request {
  fileprivate var creates: [Create] {
    switch self {
    case .create(let create): [create]
    case .multi(let operations):
      operations.compactMap { if case .create(let create) = $0 { create } else { nil } }
    default: []
    }
  }

  /// The paths that it is about, those of setWatches too.
  fileprivate var everyPath: [String] {
    if case .setWatches(let set) = self { set.paths } else { paths }
  }
}
