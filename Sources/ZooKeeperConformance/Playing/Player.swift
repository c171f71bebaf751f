import Conformance
import ZooKeeper

/// Plays a service fixture: takes its steps one after another, and stops at the first that does
/// not come out as written.
///
/// A case that runs to its end is not over: everything that each client has seen must have been
/// claimed by a step. That is looked at behind a *fence*, a sync and a read on the same connection;
/// since a server sends an event before any reply that knows of its cause, what was caused
/// before must have come before the fence's reply. No case waits in order to see nothing.
struct Player: Performance {
  let fixture: ServiceFixture
  let world: any ServiceWorld
  let folder: Folder
  let pace: Pace
  /// Whether somebody else may write to the service at the same time.
  ///
  /// Then a reply that shows the last zxid may show a later one.
  var isAmongOthers = false
  /// What shows that the server knows the password by which it was last asked.
  var proof: [UInt8]?
  /// Keeps the bytes of every step, not of the last only.
  var keepsWire = false

  var people: [String: Participant] = [:]
  var outcome = CaseResult(.pass)
  var memory = Memory()
  /// When it began, by the world's clock.
  var begin: Int64?
  /// The line of the step that is played.
  var line = 0
  /// Whether our own clock stalled, or the server, so that more time passed than the case says.
  private var isLate = false
  /// When the last step ended.
  private var mark: Int64 = 0
  /// Whether the step that is played says itself how long it takes.
  private var isTimed = false
  static let stalled =
    "our own clock stalled, or the server: more time passed than the case says"

  init(
    _ fixture: ServiceFixture, in world: any ServiceWorld, below folder: Folder, pace: Pace
  ) {
    self.fixture = fixture
    self.world = world
    self.folder = folder
    self.pace = pace
  }

  /// Why a case ends before its last step.
  struct Stop: Error {
    var verdict: Verdict
    var message: String
    var differences: [CaseResult.Difference] = []
  }

  /// Plays the case to its end or to the first step that goes wrong.
  mutating func play() async -> CaseResult {
    begin = world.now
    do throws(Stop) {
      for client in fixture.clients {
        people[client.name] = Participant(
          name: client.name, wish: pace.wish(client.timeout), overhears: client.overhears)
      }
      line = fixture.place.line
      mark = world.now
      for client in fixture.clients where !client.connectsLater {
        try await connect(client.name, Greeting(timeout: pace.wish(client.timeout)))
      }
      noteDelay()
      for step in fixture.steps {
        isTimed = step.does == .act(.passes) || step.after != nil || step.within != nil
        try await take(step)
        noteDelay()
      }
      try await lookAtEverybody()
    } catch {
      // Who came too late cannot tell what would have been in time.
      outcome.verdict = error.verdict == .fail && isLate ? .inconclusive : error.verdict
      if outcome.verdict != error.verdict { outcome.remarks.append(Self.stalled) }
      outcome.message = line == 0 ? error.message : "line \(line): \(error.message)"
      outcome.differences = error.differences
    }
    keepFrames(all: true)
    return outcome
  }

  // MARK: Steps

  /// Takes down whether a step that came out as written took longer than a session can do without
  /// us.
  ///
  /// One that did not may have been waited for in vain: that is the server's doing, and no stall.
  private mutating func noteDelay() {
    let delay = world.now - mark
    if !isTimed, delay >= pace.tick { isLate = true }
    mark = world.now
  }

  private mutating func take(_ step: Step) async throws(Stop) {
    line = step.place.line
    keepFrames(all: false)
    outcome.narrative.append(CaseResult.Line(line, step.description))
    try require(step)
    if step.does == .act(.together) { return try await sendTogether(step) }
    guard let client = step.client else {
      let end = world.now + milliseconds(step.after)
      await world.pass(end - world.now)
      if world.now - end > pace.tick / 4 { isLate = true }
      return
    }
    switch step.does {
    case .request, .raw, .operation: try await ask(step, client)
    case .act(.sees): try await see(step, client)
    case .act(.drops): await drop(client)
    case .act(.stopsPinging): people[client]?.line?.stopPinging()
    case .act(.stopsReading): stopReading(step, client)
    case .act(.readsAgain): people[client]?.line?.readAgain()
    case .act(.opens): try await open(step, client)
    case .act(.connects): try await connect(step, client, isAgain: false)
    case .act(.resumes): try await connect(step, client, isAgain: true)
    case .act(.frame): try await sendFrame(step, client)
    case .act(.pipeline): try await sendPipeline(step, client)
    case .act(.passes), .act(.together): break  // Nobody's steps, taken above.
    }
  }

  /// Writes down what came of the step that is played.
  mutating func tell(_ result: String, _ detail: String = "") {
    guard let last = outcome.narrative.indices.last else { return }
    outcome.narrative[last].result = result
    outcome.narrative[last].detail = detail
  }

  // MARK: Wire

  /// Collects the bytes since the step before.
  private mutating func keepFrames(all: Bool) {
    if !keepsWire, !all { outcome.wire = [] }
    let step = outcome.narrative.last?.number ?? 0
    for client in fixture.clients {
      for frame in people[client.name]?.line?.takeFrames() ?? [] where all || keepsWire {
        outcome.wire.append(
          CaseResult.Frame(
            line: step, client: client.name, isSent: frame.isSent, bytes: frame.bytes,
            limit: keepsWire ? .max : CaseResult.Frame.usualLimit))
      }
    }
    if outcome.verdict == .pass, all, !keepsWire { outcome.wire = [] }
  }

  // MARK: Time

  func milliseconds(_ span: Span?) -> Int64 {
    guard let span else { return 0 }
    return span.milliseconds(tick: pace.tick) { Int64(people[$0]?.timeout ?? 0) }
  }

  // MARK: The end

  /// Looks, behind a fence, whether each client has seen anything that no step claimed.
  private mutating func lookAtEverybody() async throws(Stop) {
    line = 0
    for round in world.isVirtual ? [0, 2 * pace.tick] : [0] {
      // Virtual time is free: what comes late has time to come.
      if round > 0 { await world.pass(round) }
      for client in fixture.clients { try await lookAtTheEnd(client.name) }
    }
  }

  /// Looks whether this client has seen anything that no step claimed.
  mutating func lookAtTheEnd(_ name: String) async throws(Stop) {
    guard let participant = people[name] else { return }
    if participant.line != nil { try await fence(name) }
    let seen = own((people[name]?.takeInbox() ?? []).map(\.sighting), of: name)
    guard !seen.isEmpty else { return }
    let told = Self.told(seen)
    throw Stop(
      verdict: .fail, message: "at the end \(name) has seen what no step expects",
      differences: [CaseResult.Difference("\(name)'s inbox", expected: "nothing more", got: told)])
  }

  static func told(_ sightings: [Sighting]) -> String {
    sightings.isEmpty ? "nothing" : sightings.map(\.description).joined(separator: ", ")
  }
}
