import Lab
import ProtocolCore
public import ZooKeeper

/// Runs drawn from the model, played on a service and compared with it move by move.
public struct Differential: Sendable {
  /// How long a run is.
  public var length: Int
  /// How many clients take part.
  public var clients: Int
  /// How the service answers where editions differ.
  public var dialect: Dialect
  /// The folder in which all runs work, and which is removed after each.
  public var folder: String

  /// Runs of so many moves by so many clients.
  public init(length: Int = 1000, clients: Int = 3, dialect: Dialect = .reference) {
    self.length = length
    self.clients = clients
    self.dialect = dialect
    folder = Remains.newFolder(below: "", for: "diff")
  }

  /// The node below which all runs work.
  ///
  /// Its parent has no other child, whose creation would be counted.
  public var root: String { folder + "/tree/run" }

  /// What came of a seed.
  public struct Finding: Sendable {
    /// What the run tried.
    public var reached: Reached
    /// Where the service and the model part, minimized; nil if they agree.
    public var divergence: Divergence?
    /// How long the run was that parted first.
    public var moves: Int
    /// Whether the same moves parted twice; one that does not repeat is a defect of its own kind.
    public var repeats = true
  }

  /// Draws the moves that follow from a seed, by playing them on the model alone.
  public func moves(seed: UInt64, below root: String) -> [Move] {
    var model = Model(clients: clients, root: Differential.ancestors(of: root), dialect: dialect)
    var generator = MoveGenerator(
      seed: seed, clients: clients, root: root, janitor: Differential.janitor)
    return (0..<length).map { _ in
      let move = generator.next(in: model)
      generator.learn(move, model.play(move).reply)
      return move
    }
  }

  /// Plays the run of a seed on the target and, if they part, finds the shortest that does.
  ///
  /// Each attempt works in a new folder, which is removed.
  public func run(
    seed: UInt64, on target: any ServiceTarget
  ) async throws(TargetError) -> Finding {
    let root = root
    let moves = moves(seed: seed, below: root)
    let (first, reached) = try await attempt(moves, root, on: target)
    guard let first else { return Finding(reached: reached, moves: moves.count) }
    let (again, _) = try await attempt(first.moves, root, on: target)
    guard var least = again else {
      return Finding(reached: reached, divergence: first, moves: first.moves.count, repeats: false)
    }
    let (named, _) = try await attempt(named(least.moves, below: root), root, on: target)
    if let named { least = named }
    var reduction = Reduction(least.moves, lowering: { _ in [] })
    while let candidate = reduction.candidate {
      let (still, _) = try await attempt(candidate, root, on: target)
      if let still { least = still }
      reduction.answer(still != nil)
    }
    return Finding(reached: reached, divergence: least, moves: first.moves.count)
  }

  /// The same run with the names that its sequential creates gave written out, so that what comes
  /// later does not depend on how many creates there were before.
  private func named(_ moves: [Move], below root: String) -> [Move] {
    var model = Model(clients: clients, root: Differential.ancestors(of: root), dialect: dialect)
    return moves.map { move in
      let reply = model.play(move).reply
      guard case .create(var create) = move.request, create.mode.isSequential,
        case .success(.created(let path, _)) = reply.result
      else { return move }
      create.path = path
      create.mode = create.mode.isEphemeral ? .ephemeral : .persistent
      return Move(client: move.client, .create(create))
    }
  }

  private func attempt(
    _ moves: [Move], _ root: String, on target: any ServiceTarget
  ) async throws(TargetError) -> (Divergence?, Reached) {
    let world = try await target.world()
    let steward = try await Steward.hired(in: world, address: target.url)
    await steward.show([Differential.credentials])
    try await steward.make(folder, address: target.url)
    if target.isShared { await steward.occupy(folder) }
    for path in Differential.ancestors(of: root) where path.hasPrefix(folder + "/") {
      try await steward.make(path, address: target.url)
    }
    var comparison = try await Comparison(
      clients: clients, in: world, folder: Folder(root), dialect: dialect)
    var result: Result<Divergence?, TargetError>
    do throws(TargetError) {
      result = .success(try await comparison.play(moves))
    } catch {
      result = .failure(error)
    }
    if Task.isCancelled { result = .failure(TargetError(target.url, .stopped)) }
    // In a task of its own, which nobody has cancelled: the target is left as it was found.
    let played = comparison
    _ = await Task.detached { [folder] in
      await played.end()
      _ = await steward.clear(folder)
      await steward.leave()
    }.value
    return (try result.get(), comparison.reached)
  }

  /// Takes away what an attempt has left that was broken off.
  public func clear(_ target: any ServiceTarget) async {
    guard target.isShared, let world = try? await target.world(),
      let steward = try? await Steward.hired(in: world, address: target.url)
    else { return }
    await steward.show([Differential.credentials])
    _ = await steward.clear(folder)
    await steward.leave()
  }

  static func ancestors(of path: String) -> [String] {
    let names = path.split(separator: "/")
    return names.indices.map { "/" + names[...$0].joined(separator: "/") }
  }

  private static let credentials = Request.auth(
    scheme: "digest", credentials: Array("quorate:janitor".utf8))
  private static let janitor = ACL(.all, .digest("quorate:janitor"))
}
