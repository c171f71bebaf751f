public import ProtocolCore

/// Plays a cluster with faults that are drawn from a seed, and judges what comes of it.
public struct Simulator<C: Model>: Sendable {
  /// The setting of every run.
  public var cluster: Cluster<C>
  /// Between how many acts a run's faults end, behind the model's preamble.
  public var length: ClosedRange<Int>
  /// What is judged. (What *recovers* is judged costs the most.)
  public var judged: [C.Property]
  /// The *sometimes* that are looked for.
  public var witnesses: [C.Property] = []
  /// Whether runs are judged at all; where they are not, only what playing them costs is spent.
  public var isJudging = true
  /// What goes wrong at a chosen moment, whatever the profile says.
  public var injectedCrashes: [InjectedCrash<C>] = []

  /// A simulator of this cluster.
  ///
  /// Where the cluster is asked the usual, its clients go on with the model's long asks. Where runs
  /// are long there are more crashes, as many again for each two hundred acts.
  public init(_ cluster: Cluster<C>, length: ClosedRange<Int> = 15...120) {
    self.cluster = cluster
    let usual = C.asks(of: cluster.topology, in: cluster.variant)
    if cluster.asks.starts(with: usual) {
      self.cluster.asks.replaceSubrange(..<usual.count, with: cluster.longAsks)
    }
    let crashes = self.cluster.bounds.crashes
    if crashes < 100 { self.cluster.bounds.crashes += crashes * C.span / 200 }
    self.length = length
    judged = C.Property.judged.filter { C.promises($0, in: cluster.variant) }
  }

  /// The run that follows from a seed, the same on every machine and in every process.
  ///
  /// Faults end after a while; then everything is repaired and what should come to pass must.
  public func run(seed: UInt64) -> SimulatedRun<C> {
    var choices = Choices(seed: seed)
    let profile = FaultProfile(within: cluster.faults, by: &choices, isLong: C.span > 0)
    let more = C.span > 0 ? choices.within(0...C.span) : 0
    return run(seed: seed, profile: profile, choices: choices, more: more)
  }

  /// The run that follows from a seed with these faults.
  public func run(seed: UInt64, profile: FaultProfile) -> SimulatedRun<C> {
    run(seed: seed, profile: profile, choices: Choices(seed: seed))
  }

  private func run(
    seed: UInt64, profile: FaultProfile, choices: Choices, more: Int = 0
  ) -> SimulatedRun<C> {
    var choices = choices
    let limit = choices.within(length) + C.preamble + more
    // Faults are few: some runs keep theirs until the protocol does what it is for.
    let isCalm = C.preamble > 0 && choices.chance(2, in: 3)
    let calm = isCalm ? choices.within(0...C.preamble) : 0
    var simulation = SimulationRun(
      SystemState(cluster, isWatched: isJudging), profile: profile, choices: choices)
    if isJudging { simulation.sought = witnesses }
    simulation.injectedCrashes = injectedCrashes
    simulation.calm = calm
    simulation.run(limit: limit)
    let verdict = isJudging ? simulation.system.verdict(among: judged) : nil
    let coda = verdict?.acts ?? []
    return SimulatedRun(
      seed: seed, profile: profile, acts: simulation.acts + coda,
      times: simulation.times + coda.map { _ in simulation.times.last ?? 0 },
      faults: simulation.acts.count,
      violated: verdict?.violated,
      reached: !isJudging ? [] : witnesses.filter { !simulation.sought.contains($0) },
      system: simulation.system,
      tally: simulation.tallied)
  }
}

/// A run that a simulator played.
public struct SimulatedRun<C: Model>: Sendable {
  /// What it follows from.
  public let seed: UInt64
  /// What went wrong in it.
  public let profile: FaultProfile
  /// The acts, up to the end of the faults; and on through the repair when that is what violates
  /// something that must always hold.
  public let acts: [Act<C.Words>]
  /// When each act happened, in ticks; where acts come in bursts time means nothing, and in the
  /// repair none passes.
  public let times: [Int]
  /// How many of the acts came before the end of the faults.
  public let faults: Int
  /// The property that it violates.
  public let violated: C.Property?
  /// The *sometimes* that it reached, of those that were looked for.
  public let reached: [C.Property]
  /// The system at the end of the faults.
  public let system: SystemState<C>
  /// What happened how often.
  public let tally: Tally
}

extension SimulatedRun {
  /// How many ticks the condition held of nodes that were up, over all nodes.
  public func time(in condition: C.Condition) -> Int {
    var system = SystemState(system.cluster)
    var total = 0
    for (index, act) in acts.enumerated() {
      guard (try? system.perform(act)) != nil, index + 1 < acts.count else { continue }
      let scene = system.scene
      let count = system.hosts.count {
        $0.isUp && system.monitor.holds(condition, at: $0.id, in: scene)
      }
      total += count * (times[index + 1] - times[index])
    }
    return total
  }
}

/// A crash at a chosen moment: after the first act that makes the condition true.
public struct InjectedCrash<C: Model>: Sendable {
  /// The node that crashes.
  public let node: NodeID
  /// How many unstable records are lost at most.
  public let losing: Int
  /// How many ticks it is down.
  public let downtime: Int
  /// The moment.
  public let moment: @Sendable (SystemState<C>) -> Bool

  /// A crash at a moment.
  public init(
    node: NodeID, losing: Int, downtime: Int,
    when moment: @escaping @Sendable (SystemState<C>) -> Bool
  ) {
    self.node = node
    self.losing = losing
    self.downtime = downtime
    self.moment = moment
  }
}

/// What happened how often, in one run or in many.
public struct Tally: Hashable, Sendable {
  /// Acts performed.
  public var acts = 0
  /// Crashes.
  public var crashes = 0
  /// Crashes of a node that had not heard from anybody since it had started again.
  public var crashesInRecovery = 0
  /// Messages lost.
  public var losses = 0
  /// Messages doubled.
  public var duplicates = 0
  /// Cuts.
  public var cuts = 0
  /// Timers run out.
  public var expiries = 0
  /// Streams that broke.
  public var severs = 0
  /// Disks that forgot.
  public var forgettings = 0
  /// What the nodes said, by kind.
  public var notes: [String: Int] = [:]

  /// Nothing yet.
  public init() {}

  /// Adds another tally.
  public mutating func add(_ other: Tally) {
    acts += other.acts
    crashes += other.crashes
    crashesInRecovery += other.crashesInRecovery
    losses += other.losses
    duplicates += other.duplicates
    cuts += other.cuts
    expiries += other.expiries
    severs += other.severs
    forgettings += other.forgettings
    notes.merge(other.notes, uniquingKeysWith: +)
  }
}
