import Foundation
import Recipes
import ZooKeeper
import ZooKeeperClient

/// Directs a scene on real servers: hears what its processes say, shows it to the judge with what
/// the servers hold, and has faults strike.
struct Direction {
  private let scene: Demo.Scene
  private let root: String
  private let rules: Set<Rule>
  private let observer: Client
  private let tell: (Moment) -> Void
  private let resource = FencedResource()
  private let began = ContinuousClock.now
  /// Those that play, by their index.
  var players: [Int: Player] = [:]

  private var judge: any Judge
  private var book: SceneBook
  private var survey = Survey()
  private var told = 0
  private var notes: [Note] = []
  private var events: [(process: Int, event: WatchEvent)] = []
  private var faults: [Fault] = []
  private var crashed: Set<Int> = []
  private var ended: Set<Int> = []
  private var closed: Set<Int> = []
  private var broken: Violation?
  private var lastHeard: Milliseconds = 0

  /// How long nobody may say anything, in milliseconds.
  private static let patience: Milliseconds = 90_000
  /// How long the sessions of the dead may last.
  private static let expiry: Milliseconds = 60_000

  init(
    _ scene: Demo.Scene, root: String, rules: Set<Rule>, observer: Client,
    tell: @escaping (Moment) -> Void
  ) {
    (self.scene, self.root, self.rules) = (scene, root, rules)
    (self.observer, self.tell) = (observer, tell)
    judge = scene.program.judge()
    book = SceneBook(scene.cues)
    book.isVirtual = false
  }

  private var now: Milliseconds { Milliseconds(ContinuousClock.now - began) }

  /// Until all have ended, or nobody says anything any more.
  mutating func direct(
    _ heard: AsyncStream<LiveScene.Heard>
  ) async throws -> Simulation.Outcome {
    for await news in heard {
      switch news {
      case .stop: throw LiveScene.Stopped()
      case .line(let index, let text): try await hear(text, from: index)
      case .closed(let index): close(index)
      case .tick: try await look()
      }
      for index in book.mayGoOn(at: now) { goOn(index) }
      tellNews()
      let isOver = closed.count == scene.program.processes && isQuiet
      let isDead = now - lastHeard > Self.patience
      if isOver || isDead || (closed.count == players.count && now - lastHeard > Self.expiry) {
        break
      }
    }
    try await read()
    judge.end(truth)
    return Simulation.Outcome(
      violations: judge.violations + [broken].compactMap(\.self), notes: notes,
      moments: book.moments)
  }

  private mutating func hear(_ text: String, from index: Int) async throws {
    lastHeard = now
    // What a process had said before it was killed is not heard any more.
    guard !crashed.contains(index), let player = players[index] else { return }
    switch SceneLine(text) {
    case .note(let session, let knowsEnd, let what):
      if knowsEnd { survey.ended.insert(session) }
      try await read()
      take(
        Note(process: index, session: session, knowsEnd: knowsEnd, time: now, what: what))
      if !crashed.contains(index) { player.answer("heard") }
    case .write(let token):
      player.answer(resource.write(token, without: rules) ? "taken" : "refused")
    case .event(let event):
      events.append((index, event))
      player.answer("heard")
    case nil:
      broken = Violation("protocol", "\(Fault.name(index)) says \(text.prefix(80))")
      player.answer("heard")
    }
  }

  private mutating func take(_ note: Note) {
    notes.append(note)
    let due = book.hear(note)
    judge.take(note, truth)
    if broken == nil { broken = truth.unendured(note) }
    for cue in due { strike(cue) }
  }

  private mutating func strike(_ cue: Cue) {
    faults.append(Fault(step: 0, process: cue.process, cue.fault))
    book.strike(cue, at: now)
    if cue.stops == nil {
      crashed.insert(cue.process)
      players[cue.process]?.kill()
    } else {
      players[cue.process]?.stop()
    }
  }

  private mutating func goOn(_ index: Int) {
    book.goOn(index, at: now)
    players[index]?.signal(SIGCONT)
  }

  private mutating func close(_ index: Int) {
    guard closed.insert(index).inserted else { return }
    lastHeard = now
    guard !crashed.contains(index), players[index]?.hasEndedWell == true else { return }
    ended.insert(index)
    book.end(index, at: now)
  }

  // MARK: Looking

  private mutating func look() async throws {
    guard !book.struck.isEmpty else { return }
    try await read()
  }

  /// Reads what the servers hold, and whose session has ended by that.
  private mutating func read() async throws {
    let before = survey.owners
    try await survey.read(below: root, observer)
    let lost = before.subtracting(survey.owners)
    survey.ended.formUnion(book.struck.values.filter(lost.contains))
    book.look(at: survey, now: now)
    tellNews()
  }

  /// Whether nothing is left that goes with the session of one that was killed.
  private var isQuiet: Bool { survey.owners.isDisjoint(with: book.struck.values) }

  private mutating func tellNews() {
    for moment in book.moments.dropFirst(told) { tell(moment) }
    told = book.moments.count
  }

  private var truth: Truth {
    let seen = events
    return Truth(
      server: survey, faults: faults, crashed: crashed, ended: ended,
      processes: scene.program.processes, events: { seen }, isConnected: { _ in true })
  }
}
