public import ProtocolCore

/// A run file, played: a frame an act, and what did not hold.
public struct Playback<C: Model>: Sendable {
  /// The file.
  public let file: RunFile
  /// Its setting.
  public let cluster: Cluster<C>
  /// The beginning, then a frame after each act, the prelude's first.
  public private(set) var frames: [Frame]
  /// What did not hold, in the order of the file.
  public private(set) var failures: [RunFileError] = []
  /// Where the run leaves what the protocol claims to bear, if it does: its properties promise
  /// nothing from there on.
  public private(set) var departure: Departure?

  /// The first act of a run of which the protocol promises nothing.
  public struct Departure: Sendable {
    /// The file.
    public let path: String
    /// Where the act stands.
    public let place: RunFile.Place
    /// The act.
    public let act: String
    /// Why.
    public let reason: Reason

    /// Why a protocol promises nothing of an act.
    public enum Reason: Hashable, Sendable {
      /// It is a fault that the protocol does not claim to bear.
      case fault(Fault)
      /// It begins another transaction, and the protocol has no names for transactions.
      case anotherTransaction
      /// It writes a value of a key again, and judges tell writes by their values.
      case sameValueAgain
      /// A client asks the session of another.
      case anotherClient
    }
  }

  /// The system after an act.
  public struct Frame: Sendable {
    /// The line of the act; nil for the beginning and for a prelude.
    public let line: Int?
    /// The act in words.
    public let act: String
    /// The act and its incidents; nil for the beginning.
    public let step: Step<C.Words>?
    /// The system after it.
    public let system: SystemState<C>

    /// What followed, for a reader.
    public var followed: [String] { step?.incidents.compactMap(\.line) ?? [] }
  }

  /// Plays a run file.
  ///
  /// - Parameters:
  ///   - file: the run file.
  ///   - flaws: the bugs that the header may name.
  ///   - without: rules that are left out beside those of the header.
  ///   - prelude: finds the run that a line `from` names; nil when there is none.
  /// - Throws: `RunFileError` when the file cannot be read. What does not hold is no error but one
  ///   of the `failures`; an act that cannot happen is the last of them.
  public init(
    _ file: RunFile, flaws: [Flaw<C.Node>] = [], without: Set<C.Rule> = [],
    prelude: (String) throws -> RunFile? = { _ in nil }
  ) throws {
    self.file = file
    let opening = try file.opening(prelude)
    var cluster = try file.cluster(of: C.self, topology: opening, flaws: flaws)
    if !without.isEmpty {
      cluster = try Cluster(
        cluster.topology, variant: cluster.variant, without: cluster.without.union(without),
        flaw: cluster.flaw)
    }
    self.cluster = cluster
    let system = SystemState(cluster)
    frames = [Frame(line: nil, act: "", step: nil, system: system)]
    try readEverything(of: file, in: system)
    if let opening {
      let before = try Playback(opening, flaws: flaws, without: cluster.without, prelude: prelude)
      // Their lines are another file's.
      frames = before.frames.map {
        Frame(line: nil, act: $0.act, step: $0.step, system: $0.system)
      }
      departure = before.departure
      if let failure = before.failures.first {
        failures = [failure]
        return
      }
      let current = frames[frames.count - 1].system
      guard current.cluster.flaw == cluster.flaw else {
        throw RunFileError(file.path, file.place(of: .from), "the flaw must be the prelude's")
      }
    }
    play()
  }

  /// The system at the end.
  public var system: SystemState<C> { frames[frames.count - 1].system }

  /// All acts, by place.
  public var acts: [Act<C.Words>] { frames.compactMap { $0.step?.act } }

  /// Reads verbs, nodes, properties and conditions before anything is played.
  ///
  /// So a typing error in the last line shows at once. What a message or a timer is called can be
  /// known only when it is there.
  private func readEverything(of file: RunFile, in system: SystemState<C>) throws {
    for line in file.lines {
      guard case .checks(let phrases) = line.kind else { continue }
      for phrase in phrases {
        try file.reading(phrase) { _ = try system.check(reading: $0) }
      }
    }
    for line in file.lines {
      guard case .acts(let phrases) = line.kind else { continue }
      for phrase in phrases {
        do {
          _ = try system.act(reading: phrase.words.map(\.text))
        } catch let error as Unreadable where !error.isOfTheMoment {
          throw file.error(error, phrase)
        } catch is Unreadable {}
      }
    }
  }

  /// Why nothing is promised from this ask on, if so.
  private func leaves(_ step: Step<C.Words>) -> Departure.Reason? {
    if begins(step) { return .anotherTransaction }
    if isAskedByAnother(step) { return .anotherClient }
    return writesAgain(step) ? .sameValueAgain : nil
  }

  /// Whether a client asks a node that another has asked, and that is that one's.
  private func isAskedByAnother(_ step: Step<C.Words>) -> Bool {
    guard case .ask(let node, _, let client) = step.act,
      let member = cluster.topology.first(where: { $0.id == node }), C.isOneClients(member)
    else { return false }
    return frames.contains { frame in
      guard case .ask(node, _, let other)? = frame.step?.act else { return false }
      return other != client
    }
  }

  /// Whether a client asks for a write of which an earlier one cannot be told apart; one that was
  /// refused was never made, and may be asked again.
  private func writesAgain(_ step: Step<C.Words>) -> Bool {
    guard C.isValueWrittenOnce, case .ask(_, let request, _) = step.act,
      let call = C.call(of: request), call.value != .null
    else { return false }
    return frames.indices.contains { place in
      guard case .ask(_, let other, _)? = frames[place].step?.act else { return false }
      return C.call(of: other) == call && !isRefused(at: place)
    }
  }

  /// Whether what this frame asks was refused by now, there or in a later frame.
  private func isRefused(at place: Int) -> Bool {
    guard let asked = frames[place].step?.incidents.first,
      case .asked(_, let number) = asked.happening
    else { return false }
    // The first answer of that number is its answer: until then nobody else gets the number.
    for frame in frames[place...] {
      for incident in frame.step?.incidents ?? [] where incident.node == asked.node {
        switch incident.happening {
        case .replied(let reply, number): return C.Words.isRefusal(reply)
        case .crashed: return false
        default: continue
        }
      }
    }
    return false
  }

  /// Whether an act begins another transaction, where the protocol has no names for them: a node
  /// takes on a second time what it is asked once.
  private func begins(_ step: Step<C.Words>) -> Bool {
    guard C.isOneTransaction, step.isTakenOn, case .ask(let node, let request, _) = step.act else {
      return false
    }
    let isUsual = C.asks(of: cluster.topology).contains {
      $0.nodes == [node] && $0.requests.contains(request)
    }
    let isSecond = frames.contains { frame in
      guard let step = frame.step, step.isTakenOn, case .ask(node, let other, _) = step.act else {
        return false
      }
      return C.asks(of: cluster.topology).contains {
        $0.nodes == [node] && $0.requests.contains(other) && $0.requests.contains(request)
      }
    }
    return isUsual && isSecond
  }

  private mutating func play() {
    var system = system
    var followed: [String] = []
    var times = RunTimes<C>(of: frames)
    for (index, line) in file.lines.enumerated() {
      switch line.kind {
      case .acts(let phrases):
        followed = []
        for phrase in phrases {
          do {
            let act = try system.act(reading: phrase.words.map(\.text))
            let text = system.describe(act) ?? phrase.text
            let fault = system.fault(of: act).flatMap { cluster.faults.contains($0) ? nil : $0 }
            let step = try system.perform(act)
            let isTimely = times.add(step, system)
            let reason =
              (fault ?? (isTimely ? nil : .drift)).map(Departure.Reason.fault) ?? leaves(step)
            if departure == nil, let reason {
              departure = Departure(path: file.path, place: phrase.place, act: text, reason: reason)
            }
            frames.append(Frame(line: line.number, act: text, step: step, system: system))
            followed += step.incidents.compactMap(\.line)
          } catch {
            failures.append(file.disabled(phrase, error))
            return
          }
        }
        compare(followed, after: index)
      case .checks(let phrases):
        for phrase in phrases {
          guard let check = try? system.check(reading: phrase.words.map(\.text)),
            let because = system.refutation(of: check)
          else { continue }
          failures.append(
            RunFileError(
              path: file.path, place: phrase.place,
              reason: .fails(check: phrase.text, because: because)))
        }
      case .blank, .header, .followed: break
      }
    }
  }

  /// Compares what followed with the indented lines below an act, whatever their layout.
  ///
  /// A file that tells nowhere what followed is a new one, and nothing is held against it.
  private mutating func compare(_ followed: [String], after index: Int) {
    guard file.lines.contains(where: { $0.kind == .followed }) else { return }
    let golden = file.lines[(index + 1)...].prefix { !$0.kind.isPlay }
      .filter { $0.kind == .followed }
    let expected = golden.map(\.text).joined(separator: " ").singleSpaced
    let got = followed.joined(separator: " ").singleSpaced
    guard expected != got else { return }
    let line = golden.first?.number ?? file.lines[index].number
    failures.append(
      RunFileError(
        path: file.path, place: RunFile.Place(line: line, column: 1),
        reason: .differs(expected: expected, got: got)))
  }
}

extension String {
  /// The words with single spaces between them.
  var singleSpaced: String { split { $0.isWhitespace }.joined(separator: " ") }
}

extension RunFile {
  func place(of key: Key) -> Place {
    header.first { $0.key == key }?.place ?? Place(line: 1, column: 1)
  }

  /// The run whose acts come first.
  func opening(_ prelude: (String) throws -> RunFile?) throws -> RunFile? {
    guard let name = value(of: .from) else { return nil }
    for key in [Key.nodes, .variant] where value(of: key) != nil {
      throw RunFileError(path, place(of: key), "'\(key)' is the prelude's, and cannot be changed")
    }
    guard let opening = try prelude(name) else {
      throw RunFileError(path, place(of: .from), "there is no run '\(name)'")
    }
    guard opening.value(of: .from) == nil else {
      throw RunFileError(path, place(of: .from), "a prelude has no prelude")
    }
    return opening
  }

  /// The cluster that the header tells.
  func cluster<C: Model>(
    of chapter: C.Type, topology opening: RunFile?, flaws: [Flaw<C.Node>]
  ) throws -> Cluster<C> {
    let setting = opening ?? self
    guard let nodes = setting.header.first(where: { $0.key == .nodes }) else {
      throw RunFileError(path, Place(line: 1, column: 1), "a run needs a line 'nodes'")
    }
    let topology: [Member<C.Role>] = try RunFile.topology(nodes, setting.path)
    let variant = try setting.named(.variant, as: C.Variant.self).first
    var rules = Set<C.Rule>()
    if let header = header.first(where: { $0.key == .without }) {
      for name in without {
        guard let rule = C.Rule(rawValue: name) else {
          throw RunFileError(
            path, header.place, "unknown rule '\(name)'", near: C.Rule.allCases.map(\.rawValue),
            to: name)
        }
        rules.insert(rule)
      }
    }
    var flaw: Flaw<C.Node>?
    if let header = header.first(where: { $0.key == .flaw }) {
      flaw = flaws.first { $0.name == header.value }
      guard flaw != nil else {
        throw RunFileError(
          path, header.place, "unknown flaw '\(header.value)'", near: flaws.map(\.name),
          to: header.value)
      }
    }
    do {
      return try Cluster(topology, variant: variant, without: rules, flaw: flaw)
    } catch {
      throw RunFileError(setting.path, nodes.place, "\(error)")
    }
  }

  private func named<Name: Named>(_ key: Key, as type: Name.Type) throws -> [Name] {
    guard let header = header.first(where: { $0.key == key }) else { return [] }
    guard let name = Name(rawValue: header.value) else {
      throw RunFileError(
        path, header.place, "unknown \(key) '\(header.value)'",
        near: Name.allCases.map(\.rawValue), to: header.value)
    }
    return [name]
  }

  func reading(_ phrase: Phrase, _ body: ([String]) throws -> Void) throws {
    do {
      try body(phrase.words.map(\.text))
    } catch let unreadable as Unreadable {
      throw error(unreadable, phrase)
    }
  }

  func error(_ unreadable: Unreadable, _ phrase: Phrase) -> RunFileError {
    let word = min(max(0, unreadable.word), phrase.words.count - 1)
    return RunFileError(
      path, phrase.words[word].place, unreadable.what, near: unreadable.names,
      to: unreadable.misspelt)
  }

  func disabled(_ phrase: Phrase, _ error: any Error) -> RunFileError {
    let why = (error as? Unreadable)?.what ?? "\(error)"
    return RunFileError(
      path: path, place: phrase.place, reason: .disabled(act: phrase.text, why: why))
  }
}

extension Step {
  /// Whether it is no request that was refused at once.
  fileprivate var isTakenOn: Bool {
    !incidents.contains { incident in
      if case .replied(let reply, _) = incident.happening { Words.isRefusal(reply) } else { false }
    }
  }
}
