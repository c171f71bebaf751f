public import Conformance
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

  /// The node below which all runs work, as a fixture of one says.
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
    /// Why there may be a shorter run that parts: what broke the search off; nil if none did.
    public var brokenOff: TargetError?
    /// What could not be deleted afterwards, and why.
    public var left: [String] = []
  }

  /// Draws the moves that follow from a seed, by playing them on the model alone.
  public func moves(seed: UInt64, below root: String) -> [Move] {
    var model = Model(clients: clients, root: Differential.ancestors(of: root), dialect: dialect)
    var generator = MoveGenerator(
      seed: seed, clients: clients, root: root, janitor: Differential.janitor, dialect: dialect)
    return (0..<length).map { _ in
      let move = generator.next(in: model)
      generator.learn(move, model.play(move).reply)
      return move
    }
  }

  /// Plays the run of a seed on the target and, if they part, finds the shortest that does.
  ///
  /// Each attempt works in a folder that no other has used, so that what one leaves behind is not
  /// taken for the next one's doing. What is found is not lost when the search for the shortest is
  /// broken off, by whoever waits for it or by the target's going away.
  ///
  /// - Parameter found: Told of the first difference, before the shortest run is searched for.
  public func run(
    seed: UInt64, on target: any ServiceTarget, found: (Divergence) -> Void = { _ in }
  ) async throws(TargetError) -> Finding {
    let root = root
    let moves = moves(seed: seed, below: root)
    var attempts = Attempts(self, root, on: target)
    let first = try await attempts.divergence(of: moves)
    var finding = Finding(
      reached: attempts.reached, divergence: first, moves: first?.moves.count ?? moves.count)
    if let first {
      found(first)
      do throws(TargetError) {
        finding.repeats = try await shorten(&finding.divergence, below: root, &attempts)
      } catch {
        finding.brokenOff = error
      }
    }
    finding.left = attempts.left
    return finding
  }

  /// Makes a run that parts as short as it can be.
  ///
  /// - Returns: Whether it parts a second time.
  private func shorten(
    _ found: inout Divergence?, below root: String, _ attempts: inout Attempts
  ) async throws(TargetError) -> Bool {
    guard let first = found, var least = try await attempts.divergence(of: first.moves) else {
      return false
    }
    defer { found = least }
    let named = try await attempts.divergence(of: named(least.moves, below: root))
    if let named { least = named }
    var previous: [Move]
    repeat {
      previous = least.moves
      try await reduce(&least, &attempts)
      try await simplify(&least, below: root, &attempts)
    } while least.moves != previous
    return true
  }

  /// Leaves out what is not needed.
  private func reduce(
    _ least: inout Divergence, _ attempts: inout Attempts
  ) async throws(TargetError) {
    var reduction = Reduction(least.moves, lowering: \.lowered)
    while let candidate = reduction.candidate {
      let still = try await attempts.divergence(of: candidate)
      if let still { least = still }
      reduction.answer(still != nil)
    }
  }

  /// Makes paths shorter.
  private func simplify(
    _ least: inout Divergence, below root: String, _ attempts: inout Attempts
  ) async throws(TargetError) {
    var candidates = least.moves.hoisted(below: root)[...]
    while let candidate = candidates.popFirst() {
      guard let still = try await attempts.divergence(of: candidate) else { continue }
      least = still
      candidates = least.moves.hoisted(below: root)[...]
    }
    let renamed = least.moves.renamed(below: root)
    if renamed != least.moves, let still = try await attempts.divergence(of: renamed) {
      least = still
    }
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
      var named = move
      named.request = .create(create)
      return named
    }
  }

  /// Takes away what an attempt has left that was broken off.
  public func clear(_ target: any ServiceTarget) async {
    guard target.isShared, let world = try? await target.world(),
      let workspace = try? await Workspace.opened(in: world, address: target.url)
    else { return }
    await workspace.show(Differential.credentials)
    _ = await workspace.clear(folder)
    await workspace.leave()
  }

  static func ancestors(of path: String) -> [String] {
    let names = path.split(separator: "/")
    return names.indices.map { "/" + names[...$0].joined(separator: "/") }
  }

  /// What cleans up shows: its own identity, and those of the people in a run, whose nodes the
  /// shortest run may have closed to all others.
  static let credentials = (["quorate:janitor"] + MoveGenerator.people.map { $0 + ":pw" }).map {
    Request.auth(scheme: "digest", credentials: Array($0.utf8))
  }
  static let janitor = ACL(.all, .digest("quorate:janitor"))
}
