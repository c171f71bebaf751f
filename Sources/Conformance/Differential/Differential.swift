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

  /// Runs of so many moves by so many clients.
  public init(length: Int = 1000, clients: Int = 3, dialect: Dialect = .reference) {
    self.length = length
    self.clients = clients
    self.dialect = dialect
  }

  /// The folder in which the run of a seed works; it is removed afterwards.
  public static func root(seed: UInt64) -> String { "/quorate-differential-\(seed)/run" }

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
    let root = Differential.root(seed: seed)
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
    for path in Differential.ancestors(of: root) {
      try await steward.make(path, address: target.url)
    }
    var comparison = try await Comparison(
      clients: clients, in: world, folder: Folder(root), dialect: dialect)
    let divergence = try await comparison.play(moves)
    await comparison.end()
    _ = await steward.clear(Differential.ancestors(of: root)[0])
    await steward.leave()
    return (divergence, comparison.reached)
  }

  static func ancestors(of path: String) -> [String] {
    let names = path.split(separator: "/")
    return names.indices.map { "/" + names[...$0].joined(separator: "/") }
  }

  private static let credentials = Request.auth(
    scheme: "digest", credentials: Array("quorate:janitor".utf8))
  private static let janitor = ACL(.all, .digest("quorate:janitor"))
}
