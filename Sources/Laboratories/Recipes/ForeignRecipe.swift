import ZooKeeper
import ZooKeeperClient

/// What a program of somebody else's is asked to do, and what judges it.
package struct ForeignRecipe: Sendable {
  /// Its name, which the program is told.
  package let name: String
  /// How many processes there are.
  package let processes: Int
  /// Those that faults strike: of processes that do the same, two.
  package let struck: [Int]
  /// The node below which they work.
  package let path: String
  /// The uses that it is.
  package let claims: [String]
  /// Whether nodes may be left to the session to take away: marks, which are in nobody's way.
  let leavesMarks: Bool
  /// Where the death of one leaves to the others what they can do.
  package let survives: Survival
  /// A judge of a new run.
  let judge: @Sendable () -> any Judge
  /// What each process is asked.
  let play: @Sendable (ForeignPlayer) async throws(ForeignPlayer.End) -> Void

  /// Where the death of one process leaves to the others all that they shall do.
  package enum Survival: Sendable {
    case everywhere
    /// When it has what it wanted: before that, others wait for it, and rightly.
    case atRest
    case nowhere
  }

  /// All that can be judged.
  package static let all = [
    lock, master, queue, processingQueue, barrier, doubleBarrier, counter,
  ]

  /// What programs are told, and what they answer, by recipe.
  package static let forms = """
    recipe          is told     says
    lock            acquire     acquired, when it has the lock
                    release     released
    master          lead        leading, when it leads
                    resign      resigned
    fifo-queue      put V       put
                    take        taken V, which is gone from the queue; or empty, after a while
    fifo-process    put V       put
                    take        taken V, which nobody else gets; or empty, after a while
                    done        done: what it has taken last is gone from the queue
    barrier         set         set: the barrier stands
                    wait        passed, when it stands no more
                    lift        lifted
    double-barrier  enter N     entered, when N have
                    leave       left, when all leave
    counter         add N       added M, what the counter has become by that
    each            anything    failed WORDS

    What was put stands below the node as long as it is in the queue, and no longer.
    The barrier is a gate, which stands until it is lifted (kazoo's Barrier, Curator's
    DistributedBarrier), and not the Barrier of Recipes, at which so many meet.
    """

  private init(
    _ name: String, processes: Int = 3, striking struck: [Int] = [0, 1], at path: String,
    claims: [String], leavesMarks: Bool = false, survives: Survival = .everywhere,
    judge: @escaping @Sendable () -> any Judge,
    play: @escaping @Sendable (ForeignPlayer) async throws(ForeignPlayer.End) -> Void
  ) {
    (self.name, self.processes, self.struck, self.path) = (name, processes, struck, path)
    (self.claims, self.leavesMarks, self.survives) = (claims, leavesMarks, survives)
    (self.judge, self.play) = (judge, play)
  }

  // MARK: Lines

  // Nobody says a token, so what would be judged by tokens is not.

  private static let lock = ForeignRecipe("lock", at: "/lock", claims: ["USE-10"]) {
    LineJudge(path: "/lock", judgesHerd: false, order: .none)
  } play: { player throws(ForeignPlayer.End) in
    try await twice(player, "lock", ("acquire", "acquired"), ("release", "released"))
  }

  private static let master = ForeignRecipe("master", at: "/masters", claims: ["USE-9"]) {
    LineJudge(path: "/masters", judgesHerd: false, order: .none)
  } play: { player throws(ForeignPlayer.End) in
    try await twice(player, "lead", ("lead", "leading"), ("resign", "resigned"))
  }

  private static func twice(
    _ player: ForeignPlayer, _ kind: String, _ enter: (String, String), _ leave: (String, String)
  ) async throws(ForeignPlayer.End) {
    for round in 1...2 {
      player.wants(kind)
      try await player.insist(enter.0, enter.1, saying: .asks(kind))
      let session = player.session
      player.takes(kind)
      player.say(.holds(kind, token: .zero))
      // The first holds it until all others wait for it, and for long.
      if player.index == 0, round == 1 {
        await player.quiet()
        await player.lasts()
      }
      await player.rest()
      player.say(.releases(kind))
      try await player.insist(leave.0, leave.1, unlessOver: session)
      player.givesBack()
    }
  }

  // MARK: Queues

  private static let queue = ForeignRecipe(
    "fifo-queue", striking: [0, 1], at: "/queue", claims: ["USE-12"]
  ) {
    QueueJudge(elements: "/queue", marks: "/none", .takes, isServedToTheEnd: true)
  } play: { player throws(ForeignPlayer.End) in
    try await put(player)
    try await consume(player) { _, _ throws(ForeignPlayer.End) in }
  }

  private static let processingQueue = ForeignRecipe(
    "fifo-process", striking: [0, 1], at: "/queue", claims: ["USE-12"]
  ) {
    QueueJudge(elements: "/queue", marks: "/none", .processes, isServedToTheEnd: true)
  } play: { player throws(ForeignPlayer.End) in
    try await put(player)
    try await consume(player) { value, session throws(ForeignPlayer.End) in
      try await finish(value, in: session, player)
    }
  }

  /// Is done with what it took in a session.
  private static func finish(
    _ value: String, in session: SessionID, _ player: ForeignPlayer
  ) async throws(ForeignPlayer.End) {
    let stood = player.stands(value)
    for _ in 1...3 {
      let answer = try await player.ask("done", ["done"], keeping: true)
      if answer != nil { return player.say(.passes(value)) }
      await OwnThreads.pause(200)
    }
    guard !player.isAlive(session) else {
      throw .failing("\(player.name) says again and again that 'done' failed")
    }
    // What a session had taken that has ended may be another's: then it cannot be done. If it has
    // gone meanwhile, it is; if it was gone before, somebody has lost it.
    player.say(stood && !player.stands(value) ? .passes(value) : .releases(value))
  }

  /// One puts four, another one.
  private static func put(_ player: ForeignPlayer) async throws(ForeignPlayer.End) {
    for value in [["job-a4", "job-a3", "job-a2", "job-a1"], ["job-b1"], []][player.index] {
      player.say(.puts(value))
      // Whether it is there when that fails nobody knows: it is not put again.
      if try await player.ask("put \(value)", ["put"]) != nil { player.say(.passes(value)) }
    }
  }

  /// Two take, until nothing comes.
  private static func consume(
    _ player: ForeignPlayer,
    _ finish: (String, SessionID) async throws(ForeignPlayer.End) -> Void
  ) async throws(ForeignPlayer.End) {
    guard player.index > 0 else { return }
    while true {
      // More may come behind its last look while there is one who puts, or one who dies at what it
      // has taken.
      let isLast = player.hasEnded(0) && !player.othersHold
      let (word, value) = try await player.insist(
        "take", "taken", "empty", saying: .asks("element"))
      guard word == "taken" else {
        player.say(.fails(.timedOut(sent: false)))
        if isLast { return }
        await player.untilOthersHoldNothing()
        continue
      }
      player.say(.gets(value))
      player.takes(value)
      let session = player.session
      await player.rest()
      try await finish(value, session)
      player.givesBack()
    }
  }

  // MARK: Meetings

  private static let barrier = ForeignRecipe(
    "barrier", at: "/barrier", claims: ["USE-13"], survives: .nowhere
  ) {
    GateJudge()
  } play: { player throws(ForeignPlayer.End) in
    guard player.index == 0 else {
      try await player.insist("wait", "passed", saying: .asks("pass"))
      return player.say(.passes("passed"))
    }
    try await player.insist("set", "set")
    player.say(.holds("barrier", token: .zero))
    // Others come to it meanwhile.
    await player.quiet()
    await player.lasts()
    await player.rest()
    player.say(.releases("barrier"))
    try await player.insist("lift", "lifted")
  }

  private static let doubleBarrier = ForeignRecipe(
    "double-barrier", striking: [0, 2], at: "/task", claims: ["USE-13"], survives: .atRest
  ) {
    BarrierJudge(path: "/task", size: 3)
  } play: { player throws(ForeignPlayer.End) in
    if player.index == 2 { await player.lasts() }
    try await player.insist("enter 3", "entered", saying: .asks("enter"))
    player.say(.passes("entered"))
    let session = player.session
    await player.rest()
    try await player.insist("leave", "left", saying: .asks("leave"), unlessOver: session)
    player.say(.passes("left"))
  }

  private static let counter = ForeignRecipe(
    "counter", at: "/visits", claims: ["USE-4"], leavesMarks: true
  ) {
    CounterJudge(path: "/visits")
  } play: { player throws(ForeignPlayer.End) in
    for _ in 1...2 {
      player.say(.asks("1"))
      if let added = try await player.ask("add 1", ["added"]) { player.say(.gets(added.rest)) }
      await player.rest()
    }
  }
}
