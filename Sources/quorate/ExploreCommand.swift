import ArgumentParser
import Catalogue
import Lab
import ProtocolCore

/// Goes through all that can happen in a small cluster.
struct ExploreCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "explore",
    abstract: "Go through everything that can happen in a protocol, within bounds.",
    discussion: """
      quorate explore 2pc                       three participants and one crash, whenever it comes
      quorate explore 3pc --size 2 --crashes 2
      quorate explore 2pc --size 2 --without voteStoredFirst
      quorate explore 2pc --size 2 --kills      what this exploration would have caught
      quorate explore lamport --size 7  the specification that everybody counts
      quorate explore q3pc --size 2 --cuts 1 --judge quorate   while a partition lasts
      quorate explore 2pc --from mine.run --asks 0   everything that can follow a run

      Every state is judged: what must always hold, what must be reachable (sometimes), and what \
      must stay possible when nothing fails any more. A violation is shown by a run, which is \
      replayed first.

      Possible is less than certain: 'termination holds' says that from every state something \
      leads there, in some order and however long it takes. replay and simulate play one order \
      instead, in which messages are fast and clocks good, for a limited time. What explore \
      finds violated they find violated; what holds in explore may take them too long.

      Exit: 0 when nothing is violated; 1 when something is, or when a property that was named \
      with --judge should be reachable and is not; 2 when not all states were seen; 3 when a \
      replay does not violate what the run was said to, which is a fault of quorate itself; 64 \
      for a mistake in the command.
      """)

  @Argument(
    help: "The chapter: \(Catalogue.names(of: Catalogue.explorable).joined(separator: ", ")).")
  var chapter: String?

  @Option(
    name: [.long, .customLong("participants", withSingleDash: false)],
    help: "How many participants, servers, acceptors…")
  var size = 3

  @Option(help: "The form of the protocol.")
  var variant: String?

  @Option(help: "A rule to leave out.")
  var without: [String] = []

  @Option(help: "A bug to plant.")
  var flaw: String?

  @Option(help: "How many crashes there are at most. (default: 1)")
  var crashes: Int?

  @Option(help: "How many messages are lost at most.")
  var losses = 0

  @Option(help: "How many messages arrive twice at most.")
  var duplicates = 0

  @Option(help: "How many partitions there are at most, one after the other.")
  var cuts = 0

  @Flag(help: "Partitions may be one way: one side hears the other, which does not hear it.")
  var oneWay = false

  @Option(help: "How many elections may still come when nothing fails any more. (default: any)")
  var elections: Int?

  @Flag(help: "Messages do not overtake each other on their links.")
  var ordered = false

  @Flag(help: "Several clients ask beside each other, where the chapter has such.")
  var concurrent = false

  @Option(help: "Begin with the acts of this run file, in its setting.")
  var from: String?

  @Option(
    help: "How much is asked after the acts of --from at most. (default: all that is not yet)")
  var asks: Int?

  @Option(help: "How many timers run out at most: a number, or any. (default: any, or 0 for 2pc)")
  var timeouts: Amount?

  @Flag(help: "Only the usual is asked: everybody can say yes.")
  var usual = false

  @Option(help: "A property to judge, and no other that is not named so.")
  var judge: [String] = []

  @Flag(help: "Judge only what states are, not what comes when nothing fails: a tenth of the time.")
  var safety = false

  @Flag(help: "Take states for one that differ only in the names of nodes that are alike.")
  var symmetry = false

  @Flag(help: "Tell also which rules and bugs would have been caught in this very setting.")
  var kills = false

  @Option(help: "How much memory the states may take: 512M, 4G.")
  var memory = Amount(4 << 30)

  @Option(help: "Write the run that goes wrong to this file.")
  var write: String?

  @Option(help: "Explore what this file lists, and compare the numbers of states with those in it.")
  var check: String?

  func validate() throws {
    guard (chapter == nil) != (check == nil) else {
      throw ValidationError("name a chapter to explore, or a file with --check")
    }
    let bounds = [crashes ?? 0, losses, duplicates, timeouts?.count ?? 0]
    guard bounds.allSatisfy({ $0 >= 0 }) else {
      throw ValidationError("there is no negative number of crashes, losses, duplicates, timeouts")
    }
    guard cuts >= 0, asks ?? 0 >= 0, elections ?? 0 >= 0 else {
      throw ValidationError("there is no negative number of cuts, asks or elections")
    }
    guard cuts > 0 || !oneWay else { throw ValidationError("--one-way goes with --cuts") }
    guard from != nil || asks == nil else { throw ValidationError("--asks goes with --from") }
    if from != nil, variant != nil || !without.isEmpty || flaw != nil || concurrent {
      throw ValidationError("--from takes variant, rules, flaw and asks from the run")
    }
    guard memory.count >= 1 << 20 else { throw ValidationError("--memory is at least 1M") }
  }

  func run() throws {
    try LaboratoryOptions.checkWriting(write)
    if let check { return try ExploreCheck(path: check).run() }
    try explore(try laboratory())
  }

  /// The laboratory of the chapter that is named.
  func laboratory() throws -> any Laboratory.Type {
    let name = chapter ?? ""
    guard let laboratory = Catalogue.named(name, among: Catalogue.explorable) else {
      throw LaboratoryOptions.unknown("chapter", name, Catalogue.names(of: Catalogue.explorable))
    }
    return laboratory
  }

  private func explore<S: Laboratory>(_ laboratory: S.Type) throws {
    let explorer = try explorer(laboratory)
    print(setting(of: explorer, laboratory))
    let stopwatch = Stopwatch()
    let found = ExploreProgress(stopwatch).explore(explorer)
    let judged = S.Subject.Property.allCases.filter {
      explorer.judged.contains($0) && S.isAtStake($0, in: explorer.cluster)
    }
    guard case .violated(let property, let acts) = found.ending else {
      S.lines(of: found, judged: judged, seconds: stopwatch.seconds).forEach { print($0) }
      if found.ending != .exhausted { throw ExitCode(2) }
      if kills { try S.power(of: explorer).lines.forEach { print($0) } }
      // Other bounds may reach it; but who names a property wants it.
      if !judge.isEmpty, !found.unwitnessed.isEmpty { throw ExitCode(1) }
      return
    }
    let run = explorer.prelude + acts
    var example = Counterexample(
      cluster: explorer.cluster, violated: property, acts: run, foundWith: run.count)
    let replayed = example.replayed
    if replayed == .holds { throw LaboratoryOptions.fault(example) }
    example.minimize()
    example.tellShortest()
    let title = "after \(found.states.grouped) states"
    S.lines(of: example, after: title, seconds: stopwatch.seconds).forEach { print($0) }
    if replayed == .recoversLater {
      print("  (with more elections than --elections says it recovers, as replay shows)")
    }
    if let write { try LaboratoryOptions.write(S.text(of: example), to: write) }
    throw ExitCode(1)
  }
}

// MARK: What is explored

extension ExploreCommand {
  /// The explorer that the options tell.
  func explorer<S: Laboratory>(_ laboratory: S.Type) throws -> Explorer<S.Subject> {
    var cluster = try cluster(laboratory)
    let usual = S.usualBounds
    cluster.bounds = Bounds(
      crashes: crashes ?? usual.crashes, losses: losses, duplicates: duplicates,
      expiries: timeouts?.count ?? usual.expiries)
    cluster.bounds.cuts = cuts
    if oneWay {
      cluster.partitions += Cluster<S.Subject>.oneWaySplits(of: cluster.topology.map { $0.id })
    }
    if let elections {
      for kind in S.Subject.timerKinds { cluster.bounds.recovery[kind] = elections }
    }
    guard cuts == 0 || !cluster.partitions.isEmpty else {
      throw ValidationError("partitions are explored of six nodes at most")
    }
    guard cluster.nodes.count <= 8 || SystemState.begun(cluster).cuts.isEmpty else {
      throw ValidationError("a prelude may cut links of eight nodes at most")
    }
    if ordered { cluster.faults.remove(.reordering) }
    try checkFaults(cluster.bounds, laboratory)
    var explorer = S.explorer(of: cluster, usually: self.usual || symmetry)
    explorer.memory = memory.count
    if !judge.isEmpty {
      explorer.judged = try Set(
        judge.map { name in
          guard let property = S.Subject.Property(rawValue: name) else {
            throw LaboratoryOptions.unknown(
              "property", name, S.Subject.Property.allCases.map(\.rawValue))
          }
          return property
        })
    }
    explorer.judgesFuture = !safety
    if safety {
      explorer.judged = explorer.judged.filter { property in
        if case .recovers = property.form { false } else { true }
      }
    }
    guard symmetry else { return explorer }
    guard let byOrbits = S.byOrbits(explorer) else {
      throw ValidationError(
        "--symmetry needs two nodes that are alike, --crashes 0 and a chapter whose nodes are "
          + "alike: a crash in the middle of an act knows which message was the last")
    }
    return byOrbits
  }

  /// The setting, without its bounds.
  private func cluster<S: Laboratory>(_ laboratory: S.Type) throws -> Cluster<S.Subject> {
    if let from { return try LaboratoryOptions.cluster(laboratory, from: from, asks: asks) }
    var cluster = try LaboratoryOptions.cluster(
      laboratory, size: size, variant: variant, without: without, flaw: flaw)
    if concurrent { cluster.asks = try LaboratoryOptions.concurrentAsks(laboratory, cluster) }
    return cluster
  }

  /// What the protocol does not claim to bear is not done to it.
  private func checkFaults<S: Laboratory>(_ bounds: Bounds, _ laboratory: S.Type) throws {
    let wanted: [(Int, Fault, String)] = [
      (bounds.crashes, .crash, "crashes"), (bounds.losses, .loss, "lost messages"),
      (bounds.duplicates, .duplication, "messages that arrive twice"),
      (bounds.cuts, .cut, "partitions"),
    ]
    for (count, fault, name) in wanted where count > 0 {
      guard S.Subject.faults.contains(fault) || S.keepsMessages else {
        throw ValidationError("\(S.title) does not claim to bear \(name)")
      }
    }
  }

  private func setting<S: Laboratory>(of explorer: Explorer<S.Subject>, _ laboratory: S.Type)
    -> String
  {
    let cluster = explorer.cluster
    var parts = [
      "\(S.title), \(cluster.variant.rawValue), "
        + cluster.topology.map(\.id.name).joined(separator: " ")
    ]
    parts += cluster.without.map { "without \($0)" }.sorted()
    if let flaw = cluster.flaw { parts.append("with the flaw \(flaw.name)") }
    let bounds = cluster.bounds
    let counts = [
      (bounds.crashes, "crashes"), (bounds.losses, "losses"), (bounds.duplicates, "duplicates"),
      (bounds.expiries, "time-outs"), (bounds.cuts, "cuts"),
    ]
    let most = counts.filter { $0.0 > 0 }.map { count, name in
      count == .max ? "any number of \(name)" : "\(name) \(count)"
    }
    parts.append(most.isEmpty ? "nothing fails" : "at most: " + most.joined(separator: ", "))
    if oneWay { parts.append("cuts also one way") }
    if ordered { parts.append("ordered links") }
    if concurrent { parts.append("concurrent clients") }
    if !cluster.prelude.isEmpty, let from {
      parts.append("after the \(cluster.prelude.count) acts of \(from)")
    }
    if explorer.isByOrbits { parts.append("by orbits") }
    return parts.joined(separator: "; ")
  }
}

/// A number, with K, M or G for bytes, or `any`.
struct Amount: ExpressibleByArgument, Hashable {
  let count: Int

  init(_ count: Int) { self.count = count }

  init?(argument: String) {
    if argument == "any" {
      count = .max
      return
    }
    let units: [Character: Int] = ["K": 10, "M": 20, "G": 30]
    let unit = argument.last.flatMap { units[$0] }
    guard let number = Int(unit == nil ? argument[...] : argument.dropLast()) else { return nil }
    let (product, overflow) = number.multipliedReportingOverflow(by: 1 << (unit ?? 0))
    guard !overflow else { return nil }
    count = product
  }

  var defaultValueDescription: String {
    count.isMultiple(of: 1 << 30) ? "\(count >> 30)G" : "\(count)"
  }
}

/// Tells on a terminal how far an exploration has come.
struct ExploreProgress {
  private let stopwatch: Stopwatch

  init(_ stopwatch: Stopwatch) { self.stopwatch = stopwatch }

  func explore<C: Model>(_ explorer: Explorer<C>) -> Exploration<C> {
    guard Terminal.showsProgress else { return explorer.explore() }
    var next = 0.2
    let found = explorer.explore { progress in
      let now = stopwatch.seconds
      guard now >= next else { return }
      next = now + 0.2
      if progress.isQuiescing {
        return Terminal.progress(
          "when nothing fails: \(progress.states.grouped) states, "
            + "\(progress.queue.grouped) in the queue")
      }
      let rate = Int(Double(progress.states) / now)
      Terminal.progress(
        "\(progress.states.grouped) states, \(progress.queue.grouped) in the queue, "
          + "depth \(progress.depth), \(rate.grouped) a second, \(progress.bytes >> 20) MB")
    }
    Terminal.progress("")
    return found
  }
}
