import ZooKeeper

/// What a scene has come to: which cues are still to be met, whom they have struck, and what has
/// happened, in order.
struct SceneBook: Sendable {
  private var waiting: [Cue]
  private var heard: [Note] = []
  /// Conditions that have to be met before a process goes on.
  private var unmet: [Int: Cue.Trigger] = [:]
  /// The newest session of each process.
  private var sessions: [Int: SessionID] = [:]
  /// Sessions of processes that were struck, as long as they last.
  private(set) var struck: [Int: SessionID] = [:]
  /// Processes that are stopped, and the moment from which they may go on.
  private(set) var stopped: [Int: Int64] = [:]
  /// What has happened.
  private(set) var moments: [Moment] = []

  init(_ cues: [Cue]) { waiting = cues }

  /// Something is said.
  ///
  /// - Returns: The cues that it is for.
  mutating func hear(_ note: Note) -> [Cue] {
    sessions[note.process] = note.session
    heard.append(note)
    goOn(until: note.time)
    add(note.process, .said(note), at: note.time)
    unmet = unmet.filter { !$0.value.isMet(by: note) }
    let due = waiting.filter { $0.when.isMet(by: note) }
    waiting.removeAll { $0.when.isMet(by: note) }
    return due
  }

  /// A cue's fault strikes.
  mutating func strike(_ cue: Cue, at time: Int64) {
    struck[cue.process] = sessions[cue.process]
    if let stops = cue.stops {
      stopped[cue.process] = time + Int64(stops)
      // What has been said before counts too: a busy machine changes who comes first.
      let isMet = cue.until.map { until in heard.contains { until.isMet(by: $0) } } ?? true
      if !isMet { unmet[cue.process] = cue.until }
    }
    add(cue.process, cue.stops == nil ? .killed : .stopped, at: time)
  }

  /// A process has come to its end.
  mutating func end(_ process: Int, at time: Int64) {
    goOn(until: time)
    add(process, .ended, at: time)
  }

  /// Looks whether sessions of processes that were struck have ended.
  mutating func look(at server: any JudgedServer, now: Int64) {
    goOn(until: now)
    for (process, session) in struck.sorted(by: { $0.key < $1.key })
    where !server.isAlive(session) {
      struck[process] = nil
      add(process, .sessionEnds, at: now)
    }
  }

  /// Those of the stopped that may go on by now.
  func mayGoOn(at time: Int64) -> [Int] {
    stopped.filter { $0.value <= time && unmet[$0.key] == nil }.keys.sorted()
  }

  /// A process goes on.
  mutating func goOn(_ process: Int, at time: Int64) {
    stopped[process] = nil
    unmet[process] = nil
    // From now on it tells by itself of its session.
    struck[process] = nil
    add(process, .goesOn, at: time)
  }

  /// In virtual time a process goes on by itself.
  private mutating func goOn(until time: Int64) {
    guard isVirtual else { return }
    for (process, end) in stopped.sorted(by: { ($0.value, $0.key) < ($1.value, $1.key) })
    where end <= time { goOn(process, at: end) }
  }

  /// Whether processes go on when their time has come.
  var isVirtual = true

  private mutating func add(_ process: Int, _ what: Moment.What, at time: Int64) {
    moments.append(Moment(time: time, process: process, what: what))
  }
}
