import ProtocolCore

extension ReplicatedLog {
  /// All ways in which one machine could have done what clients were answered so far.
  ///
  /// A command is called, takes effect once, and is answered; one that is asked again is the same
  /// command, also when it was answered: then it is answered as before, or refused. (What a read
  /// that is asked again is answered may be new or old, and is not judged; nor is a command of a
  /// client that has asked the next.) Of those that were called and not answered each may have
  /// taken effect or not. Kept are the states in which the machine can be, with the commands that
  /// took effect there before they were answered; when a command is answered those remain in which
  /// it can have been answered so. If none remains, no order explains the answers.
  ///
  /// The effects are told here once more, apart from ``KeyValueStore``, which is what is judged.
  ///
  /// Source: Lowe, "Testing for linearizability", Concurrency and Computation 29(4), 2017
  /// (just-in-time linearization); Herlihy and Wing 1990.
  struct Linearization: Hashable, Sendable {
    private var called: [Called] = []
    private var possible: [Possible] = [Possible()]
    /// The last of its commands that each client was answered.
    private var answered: [String: Answered] = [:]
    /// Those of them that were asked again.
    private var again: Set<Command> = []

    /// A command that was answered, and what.
    private struct Answered: Hashable {
      let command: Command
      /// Nil for a read, and for what was done without a text.
      let result: String?
    }

    /// A command that was called and not answered, and whether it may be about elsewhere too: it
    /// was asked, and its client heard no more.
    private struct Called: Hashable {
      let command: Command
      var isAbout: Bool
    }

    /// A state in which the machine can be.
    private struct Possible: Hashable {
      var texts: [String: String] = [:]
      /// The commands that took effect and are not answered, with what they will be.
      var done: [Command: String?] = [:]
    }

    /// Whether some order explains all answers.
    var isPossible: Bool { !possible.isEmpty }

    /// Whether nobody waits for an answer.
    var isIdle: Bool { called.isEmpty && again.isEmpty }
  }
}

extension ReplicatedLog.Linearization {
  /// A client asks, or asks again.
  mutating func call(_ command: ReplicatedLog.Command) {
    guard !called.contains(where: { $0.command == command }) else { return }
    if let last = answered[command.client], command.serial <= last.command.serial {
      again.insert(command)
      return
    }
    called.append(Called(command: command, isAbout: false))
    sort()
  }

  /// A client will hear no more of what it asked.
  mutating func lose(_ command: ReplicatedLog.Command) {
    again.remove(command)
    guard let place = called.firstIndex(where: { $0.command == command }) else { return }
    called[place].isAbout = true
  }

  /// A client is refused: what it asked there was not done, and will not be.
  mutating func refuse(_ command: ReplicatedLog.Command) {
    guard again.remove(command) == nil else { return }
    guard let place = called.firstIndex(where: { $0.command == command && !$0.isAbout }) else {
      return
    }
    called.remove(at: place)
    possible.removeAll { $0.done.keys.contains(command) }
  }

  /// A client is answered.
  mutating func answer(_ command: ReplicatedLog.Command, _ result: String?) {
    if again.remove(command) != nil {
      guard let last = answered[command.client], last.command == command else { return }
      if !command.isRead, last.result != result { possible = [] }
      return
    }
    guard called.contains(where: { $0.command == command }) else { return }
    var after: [Possible] = []
    for state in possible { collect(command, result, from: state, &after) }
    called.removeAll { $0.command == command }
    possible = after
    answered[command.client] = Answered(command: command, result: command.isRead ? nil : result)
  }

  /// Collects the states in which the command has just taken effect with this result, after any of
  /// the others have.
  private func collect(
    _ command: ReplicatedLog.Command, _ result: String?, from state: Possible,
    _ after: inout [Possible]
  ) {
    func add(_ state: Possible) {
      var answered = state
      guard let done = answered.done.removeValue(forKey: command), done == result,
        !after.contains(answered)
      else { return }
      after.append(answered)
    }
    if state.done.keys.contains(command) { return add(state) }
    add(Self.doing(command, in: state))
    for other in called where other.command != command {
      guard !state.done.keys.contains(other.command) else { continue }
      collect(command, result, from: Self.doing(other.command, in: state), &after)
    }
  }

  private static func doing(_ command: ReplicatedLog.Command, in state: Possible) -> Possible {
    var state = state
    let result: String?
    switch command.operation {
    case .put(let key, let text):
      state.texts[key] = text
      result = nil
    case .append(let key, let text):
      state.texts[key, default: ""] += text
      result = state.texts[key]
    case .get(let key): result = state.texts[key]
    }
    state.done[command] = .some(result)
    return state
  }

  private mutating func sort() {
    called.sort { ($0.command.client, $0.command.serial) < ($1.command.client, $1.command.serial) }
  }
}

extension ReplicatedLog.Command {
  fileprivate var isRead: Bool { if case .get = operation { true } else { false } }
}

extension ReplicatedLog.Linearization {
  /// The same, whichever order the possible states are kept in.
  static func == (a: Self, b: Self) -> Bool {
    a.called == b.called && a.again == b.again && a.answered == b.answered
      && Set(a.possible) == Set(b.possible)
  }

  /// By the possible states, in whichever order.
  func hash(into hasher: inout Hasher) {
    hasher.combine(called)
    hasher.combine(again)
    hasher.combine(answered)
    hasher.combine(Set(possible))
  }
}
