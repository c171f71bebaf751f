public import CAP
public import Lab
public import ProtocolCore
public import SharedStorage

/// What every store keeps and what not, found by asking the same of all.
///
/// The same small workloads are asked of each store, in a network that only delays, in one that is
/// parted once, and in one of whose nodes one crashes. Each is gone through whole as far as there
/// is room for, and played at random where there is not. A guarantee that nothing refuted is kept
/// there; for one that was refuted stands what the clients saw in the least run that does.
public enum Survey {
  /// What may go wrong, beside delays.
  public enum Environment: String, CaseIterable, Sendable {
    /// Nothing.
    case calm = "no fault"
    /// The network is parted once, and heals or does not; time-outs come.
    case parted = "partition"
    /// A node crashes, and starts again or does not; time-outs come.
    case crash
  }

  /// What is asked, and of which nodes.
  public struct Workload: Sendable {
    /// Its name.
    public let name: String
    /// What is asked, client by client.
    public let asks: [Ask<Words>]
  }

  /// How clients choose nodes.
  public enum Clients: String, CaseIterable, Sendable {
    /// Each asks another node each time.
    case roam
    /// Each stays at its own.
    case stay
  }

  /// The guarantees, in the order of the table.
  public static let guarantees = SharedStorage.Property.guarantees

  /// Those about the order of writes.
  ///
  /// A register shows its last value only; so that a write came without what it follows, a client
  /// sees only by several reads, and at a node whose state does not go back. So readers stay.
  static let ofWrites: Set<SharedStorage.Property> = [.monotonicWrites, .writesFollowReads]

  /// What is of what comes to pass: whether everybody is answered is tried at every node, whether
  /// all come to hold the same is played.
  public static let outcomes: [SharedStorage.Property] = [.available, .convergence]

  static let nodes: [NodeID] = ["a", "b", "c"]

  /// What became of a guarantee.
  public struct Cell: Hashable, Sendable {
    /// What the clients saw in the least run that refutes it, as a file holds it; nil if it was
    /// kept.
    public var history: String?
    /// How many states were gone through, of workloads that were exhausted.
    public var states = 0
    /// How many workloads were exhausted.
    public var exhausted = 0
    /// How many runs were played of those that were not.
    public var runs = 0
  }

  /// A store in an environment, asked by such clients.
  public struct Row: Hashable, Sendable {
    /// The store.
    public let variant: Variant
    /// How clients choose nodes.
    public let clients: Clients
    /// What may go wrong.
    public let environment: Environment
    /// What became of each guarantee.
    public var cells: [SharedStorage.Property: Cell]
  }
}

// MARK: Judging

extension Survey {
  /// What a store keeps.
  ///
  /// - Parameters:
  ///   - change: a rule that is left out, or a flaw, to see which cells it flips.
  ///   - guarantees: what is judged.
  ///   - name: the only workload that is asked; all, if nothing is said.
  ///   - known: what is known to refute some, in an environment in which less can fail.
  ///   - memory: how many bytes the states of a workload may take before it is played at random.
  ///   - runs: how often such a workload is played.
  /// - Throws: `TopologyError`, when the cluster cannot be made; what is wrong with a run that was
  ///   written by hand, when it cannot be played.
  public static func row(
    _ variant: Variant, _ clients: Clients, _ environment: Environment,
    with change: Change<CAPModel>? = nil, judging guarantees: [SharedStorage.Property] = guarantees,
    asking name: String? = nil, knowing known: [SharedStorage.Property: String] = [:],
    memory: Int = 8 << 20, runs: Int = 500
  ) throws -> Row {
    var row = Row(variant: variant, clients: clients, environment: environment, cells: [:])
    for guarantee in guarantees { row.cells[guarantee] = Cell() }
    for (guarantee, history) in known { row.cells[guarantee]?.history = history }
    if change == nil, name == nil { try play(shownOf: &row) }
    // Where readers roam it is no store's fault that they see writes in another order.
    let ofWrites = guarantees.filter(ofWrites.contains)
    let rest = guarantees.filter { !ofWrites.contains($0) }
    let asked =
      workloads(clients).map { ($0, clients == .stay ? guarantees : rest) }
      + workloadsOfOrder(clients).map { ($0, ofWrites) }
    for (workload, judged) in asked where (name ?? workload.name) == workload.name {
      let open = judged.filter { row.cells[$0]?.history == nil }
      guard !open.isEmpty else { continue }
      let cluster = try cluster(variant, workload, environment, with: change)
      judge(cluster, open, memory: memory, runs: runs, &row)
    }
    return row
  }

  /// Plays what was written by hand for the store.
  private static func play(shownOf row: inout Row) throws {
    let own = shown.filter { shown in
      (shown.variant, shown.clients) == (row.variant, row.clients)
        && (shown.environment == .calm || shown.environment == row.environment)
    }
    for shown in own {
      let nothing = Workload(name: "", asks: [])
      let cluster = try cluster(row.variant, nothing, row.environment, with: nil)
      var system = SystemState(cluster)
      for act in shown.acts { try system.perform(act) }
      for property in Property.allCases where !system.monitor.holds(property) {
        guard let guarantee = property.shared, row.cells[guarantee]?.history == nil,
          row.clients == .stay || shown.readersStay || !ofWrites.contains(guarantee)
        else { continue }
        var found = Counterexample(
          cluster: cluster, violated: property, acts: shown.acts, foundWith: shown.acts.count)
        found.minimize()
        settle(property, cluster, found.acts, &row)
      }
    }
  }

  /// Adds to a row what comes to pass.
  static func addOutcomes(runs: Int, to row: inout Row) throws {
    row.cells[.available] = try availability(row.variant, row.environment)
    row.cells[.convergence] = Cell()
    for workload in workloadsOfOutcome(row.clients) {
      guard row.cells[.convergence]?.history == nil else { return }
      let cluster = try cluster(row.variant, workload, row.environment, with: nil)
      play(cluster, [.convergence], runs: runs, &row)
    }
  }

  /// Whether every node that is up answers a read and a write, whichever node is cut off, or has
  /// crashed.
  private static func availability(
    _ variant: Variant, _ environment: Environment
  ) throws -> Cell {
    var cell = Cell()
    for failed in environment == .calm ? [nil] : nodes.map({ $0 }) as [NodeID?] {
      for node in nodes where environment != .crash || node != failed {
        for request: Words.Request in [.write("x", 1), .read("x")] {
          var system = try CAPLaboratory.settled(variant, asking: request, of: node)
          if environment == .parted, let failed {
            try system.perform(.cut(Link.between([failed], and: nodes.filter { $0 != failed })))
          }
          if environment == .crash, let failed {
            try system.perform(.crash(failed, losing: 0, unsent: 0))
          }
          try system.perform(.ask(node, request, by: "z"))
          let end = system.quiesce(until: [.answered], repaired: false, healed: false)
          cell.runs += 1
          guard !end.holds else { continue }
          cell.history = unanswered(request, at: node)
          return cell
        }
      }
    }
    return cell
  }

  /// A history of one operation, which is not answered; the model is the file's first line.
  private static func unanswered(_ request: Words.Request, at node: NodeID) -> String {
    let call = SharedStorage.call(of: request)
    let key = call?.key ?? ""
    return #"{"history": 1, "model": "register"}"# + "\n"
      + #"{"process": "at-\#(node)", "type": "invoke", "f": "\#(call?.function ?? "")", "#
      + #""key": "\#(key)", "value": \#(call?.value.json ?? "null"), "time": 0}"# + "\n"
  }

  private static func cluster(
    _ variant: Variant, _ workload: Workload, _ environment: Environment,
    with change: Change<CAPModel>?
  ) throws(TopologyError) -> Cluster<CAPModel> {
    var bounds = Bounds(crashes: 0, losses: 0, duplicates: 0, expiries: 0)
    bounds.kinds = ["attempt": environment == .calm ? 0 : 2, "background": 0]
    if environment == .parted { bounds.cuts = 1 }
    if environment == .crash { bounds.crashes = 1 }
    if environment != .calm { bounds.kinds["background"] = 1 }
    var cluster = try Cluster<CAPModel>(
      CAPModel.topology(3), variant: variant, without: change?.rules ?? [], flaw: change?.flaw,
      bounds: bounds)
    // What the store does not claim to bear happens all the same, for that is what is asked; and
    // nothing else does. A partition loses messages where the store's network may.
    let asked: Set<Fault> =
      switch environment {
      case .calm: [.reordering]
      case .parted: [.reordering, .suspicion, .cut, .loss]
      case .crash: [.reordering, .suspicion, .crash]
      }
    cluster.faults.formIntersection(asked)
    cluster.faults.formUnion(
      environment == .parted ? [.cut] : environment == .crash ? [.crash] : [])
    cluster.asks = workload.asks
    // Where a primary may crash an operator promotes a backup, whether it has or not.
    if environment == .crash, variant == .synchronous || variant == .asynchronous {
      cluster.asks.append(CAPLaboratory.promote("b"))
    }
    if variant == .availableCopies { cluster.prelude = CAPLaboratory.begun(nodes) }
    return cluster
  }

  private static func judge(
    _ cluster: Cluster<CAPModel>, _ open: [SharedStorage.Property], memory: Int, runs: Int,
    _ row: inout Row
  ) {
    var explorer = Explorer(cluster)
    explorer.memory = memory
    explorer.judgesFuture = false
    var rest = Set(open.compactMap { Property(rawValue: $0.rawValue) })
    while !rest.isEmpty {
      explorer.judged = rest
      let found = explorer.explore()
      switch found.ending {
      case .violated(let property, let acts):
        rest.remove(property)
        settle(property, cluster, explorer.prelude + acts, &row)
      case .exhausted:
        for guarantee in rest.compactMap(\.shared) {
          row.cells[guarantee]?.states += found.states
          row.cells[guarantee]?.exhausted += 1
        }
        return
      case .notExhausted:
        play(cluster, rest, runs: runs, &row)
        return
      }
    }
  }

  /// Plays what was too large to be gone through.
  private static func play(
    _ cluster: Cluster<CAPModel>, _ guarantees: Set<Property>, runs: Int, _ row: inout Row
  ) {
    var rest = Property.allCases.filter(guarantees.contains)
    var simulator = Simulator(cluster, length: 10...60)
    for seed in 0..<UInt64(runs) where !rest.isEmpty {
      simulator.judged = rest
      let run = simulator.run(seed: seed)
      guard let violated = run.violated else { continue }
      rest.removeAll { $0 == violated }
      var found = Counterexample(
        cluster: cluster, violated: violated, acts: run.acts, foundWith: run.acts.count)
      found.minimize()
      settle(violated, cluster, found.acts, &row)
    }
    for guarantee in rest.compactMap(\.shared) { row.cells[guarantee]?.runs += runs }
  }

  private static func settle(
    _ property: Property, _ cluster: Cluster<CAPModel>, _ acts: [Act<Words>], _ row: inout Row
  ) {
    guard let guarantee = property.shared else { return }
    let history = ClientHistory<CAPModel>(of: acts, in: cluster)
    row.cells[guarantee]?.history = #"{"history": 1, "model": "register"}"# + "\n" + history.text
  }
}
