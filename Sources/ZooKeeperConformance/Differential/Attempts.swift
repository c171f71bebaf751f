import Conformance

/// Plays runs on a service one after another, each below a node that no other has used.
struct Attempts {
  private let differential: Differential
  /// The node that the moves name.
  private let root: String
  private let target: any ServiceTarget
  private var count = 0
  /// What the first of them tried.
  private(set) var reached = Reached()
  /// What could not be deleted, and why.
  private(set) var left: [String] = []

  init(_ differential: Differential, _ root: String, on target: any ServiceTarget) {
    self.differential = differential
    self.root = root
    self.target = target
  }

  /// Where the service and the model part on these moves; nil if they agree.
  ///
  /// - Throws: If the target cannot be reached, or does not let a folder be made.
  mutating func divergence(of moves: [Move]) async throws(TargetError) -> Divergence? {
    count += 1
    let folder = differential.folder
    let place = "\(folder)/\(count)/run"
    let world = try await target.world()
    let workspace = try await Workspace.opened(in: world, address: target.url)
    await workspace.show(Differential.credentials)
    try await workspace.make(folder, address: target.url)
    if target.isShared { await workspace.occupy(folder) }
    for path in Differential.ancestors(of: place) where path.hasPrefix(folder + "/") {
      try await workspace.make(path, address: target.url)
    }
    var comparison = try await Comparison(
      clients: differential.clients, in: world, folder: Folder(place),
      dialect: differential.dialect)
    var result: Result<Divergence?, TargetError>
    do throws(TargetError) {
      result = .success(try await comparison.play(moves.map { $0.moved(from: root, to: place) }))
    } catch {
      result = .failure(error)
    }
    if Task.isCancelled { result = .failure(TargetError(target.url, .stopped)) }
    if count == 1 { reached = comparison.reached }
    left += await clear("\(folder)/\(count)", comparison, workspace)
    var divergence = try result.get()
    if let found = divergence?.moves {
      divergence?.moves = found.map { $0.moved(from: place, to: root) }
    }
    return divergence
  }

  /// In a task of its own, which nobody has cancelled: the target is left as it was found.
  ///
  /// What an earlier attempt has left is not tried again.
  private func clear(
    _ place: String, _ comparison: Comparison, _ workspace: Workspace
  ) async -> [String] {
    let (folder, isClean) = (differential.folder, left.isEmpty)
    return await Task.detached {
      await comparison.end()
      var left = await workspace.clear(place)
      if isClean, left.isEmpty { left = await workspace.clear(folder) }
      await workspace.leave()
      return left.map { "\($0.path): \($0.why)" }
    }.value
  }
}
