public import Lab
public import ProtocolCore

/// A run as a diagram shows it: who takes part, and what happened, one mark after the other.
///
/// The vocabulary of the protocol is gone: words have become text, nodes have become lanes,
/// messages have become numbers that a send and an arrival share.
public struct Story: Hashable, Sendable {
  /// The nodes' names, from left to right.
  public let lanes: [String]
  /// What happened, in order.
  public private(set) var marks: [Mark] = []
  /// A beginning that another run tells: a picture shows it as one band.
  public private(set) var beginning: Beginning?

  /// The first marks of a story, which stand for another run.
  public struct Beginning: Hashable, Sendable {
    /// How many marks they are.
    public var count: Int
    /// What the band says: `as in 2PC-S05, 9 acts`.
    public var caption: String
  }

  /// Something that a diagram shows.
  ///
  /// Lanes are places in ``Story/lanes``.
  public enum Mark: Hashable, Sendable {
    /// Somebody asks the node: a client, where it has a name.
    case asked(Int, String, by: String?)
    /// The node answers.
    case replied(Int, String)
    /// A message leaves.
    case sent(Int, to: Int, envelope: Int, String)
    /// A message waits until its sender's disk has what was written before.
    case held(Int, to: Int, String)
    /// Another copy of a message is under way.
    case doubled(envelope: Int, copy: Int)
    /// A message arrives; at a node that is down it is not heard.
    case arrived(envelope: Int, heard: Bool)
    /// A message is lost.
    case lost(envelope: Int)
    /// A record is written, and not stable yet.
    case persisted(Int, String)
    /// All that the node has written so far, or the first so many records, are stable.
    case stored(Int, count: Int)
    /// A timer ran out.
    case expired(Int, String)
    /// The node said something.
    case noted(Int, String)
    /// The node stopped, and these records were lost.
    case crashed(Int, lost: [String])
    /// The node started again.
    case restarted(Int)
    /// A line across all lanes: links are cut or healed.
    case across(String)
    /// What was looked at here and is so, of these nodes or, without any, of all.
    case checked([Int], String, Finding)
  }

  /// What a check says.
  public enum Finding: Hashable, Sendable {
    /// A promise is broken.
    case violated
    /// A node waits for others that are down.
    case blocked
    /// A node has committed, or aborted.
    case committed, aborted
    /// Anything else.
    case other
  }

  /// An empty story of these lanes.
  public init(lanes: [String]) { self.lanes = lanes }

  /// Adds a mark; one that speaks of a lane that does not exist is left out.
  public mutating func add(_ mark: Mark) {
    guard mark.lanes.allSatisfy(lanes.indices.contains) else { return }
    marks.append(mark)
  }

  /// Plays the acts on the system and tells what happens; those that are not enabled are skipped.
  public init<C: Model>(of acts: [Act<C.Words>], on system: inout SystemState<C>) {
    self.init(lanes: system.cluster.nodes.map(\.name))
    for incident in system.opening { add(incident, of: nil) }
    for act in acts { tell(act, on: &system) }
  }

  private mutating func tell<C: Model>(_ act: Act<C.Words>, on system: inout SystemState<C>) {
    guard let text = system.describe(act), let step = try? system.perform(act) else { return }
    begin(step, text, copy: system.envelopes.last?.serial, isUp: isUp(step, in: system))
    for incident in step.incidents { add(incident, of: step.act) }
    for end in step.ends {
      guard let from = lanes.firstIndex(of: end.link.from.name) else { continue }
      let to = lanes.firstIndex(of: end.link.to.name) ?? -1
      add(.sent(from, to: to, envelope: end.serial, "\(end.content)"))
    }
  }

  /// The story of a run file: its acts and its checks, and the run that it begins with as a band.
  ///
  /// Checks that say what is not so, or that promises hold, have no mark.
  public init<C: Model>(of playback: Playback<C>) {
    let prelude = playback.frames.filter { $0.line == nil }.compactMap { $0.step?.act }
    var system = SystemState(playback.cluster)
    self.init(of: prelude, on: &system)
    if !prelude.isEmpty {
      let name = playback.file.value(of: .from) ?? ""
      beginning = Beginning(count: marks.count, caption: "as in \(name), \(prelude.count) acts")
    }
    for line in playback.file.lines {
      for frame in playback.frames where frame.line == line.number {
        guard let act = frame.step?.act else { continue }
        tell(act, on: &system)
      }
      guard case .checks(let phrases) = line.kind else { continue }
      for phrase in phrases { check(phrase.words.map(\.text)) }
    }
  }

  /// What a check says, for each node that it names.
  private mutating func check(_ words: [String]) {
    guard let first = words.first, !["not", "holds", "up", "down"].contains(first) else { return }
    let named = words.compactMap { lanes.firstIndex(of: $0) }
    let what = words.filter { !lanes.contains($0) }.joined(separator: " ")
    let finding: Finding
    switch first {
    case "violates": finding = .violated
    case "blocked", "stuck": finding = .blocked
    case "decided": finding = words.contains("commit") ? .committed : .aborted
    default: finding = .other
    }
    add(.checked(named, what, finding))
  }

  private func isUp<C: Model>(_ step: Step<C.Words>, in system: SystemState<C>) -> Bool {
    guard let envelope = step.envelope, let index = system.index(of: envelope.link.to) else {
      return true
    }
    return system.hosts[index].isUp
  }

  /// What the act itself shows.
  private mutating func begin<Words: Vocabulary>(
    _ step: Step<Words>, _ text: String, copy: Int?, isUp: Bool
  ) {
    switch (step.act, step.envelope) {
    case (.deliver, let envelope?): add(.arrived(envelope: envelope.serial, heard: isUp))
    case (.lose, let envelope?): add(.lost(envelope: envelope.serial))
    case (.duplicate, let envelope?):
      if let copy { add(.doubled(envelope: envelope.serial, copy: copy)) }
    case (.cut, _), (.heal, _), (.sever, _): add(.across(text))
    default: break
    }
  }

  private mutating func add<Words: Vocabulary>(_ incident: Incident<Words>, of act: Act<Words>?) {
    guard let lane = lanes.firstIndex(of: incident.node.name) else { return }
    func place(_ id: NodeID) -> Int { lanes.firstIndex(of: id.name) ?? -1 }
    switch incident.happening {
    case .started: if !marks.isEmpty { add(.restarted(lane)) }
    case .crashed(let lost), .forgot(let lost): add(.crashed(lane, lost: lost.map { "\($0)" }))
    case .asked(let request, _):
      var client: ClientID?
      if case .ask(_, _, let asking)? = act { client = asking }
      add(.asked(lane, "\(request)", by: client?.name))
    case .expired(let timer): add(.expired(lane, "\(timer)"))
    case .stored(let records): add(.stored(lane, count: records.count))
    case .persisted(let record): add(.persisted(lane, "\(record)"))
    case .held(let message, let receiver): add(.held(lane, to: place(receiver), "\(message)"))
    case .sent(let message, let receiver):
      guard let envelope = incident.serial else { return }
      add(.sent(lane, to: place(receiver), envelope: envelope, "\(message)"))
    case .replied(let reply, _), .repliedAgain(let reply, _): add(.replied(lane, "\(reply)"))
    case .noted(let note): add(.noted(lane, "\(note)"))
    case .connects, .disconnects, .dropped: if let line = incident.line { add(.noted(lane, line)) }
    case .heldReply, .set, .cancelled, .disconnected: break
    }
  }
}

extension Story.Mark {
  /// What a request says: `x asks: read k`, or `asked: commit` where no client has a name.
  static func asking(_ what: String, by client: String?) -> String {
    (client.map { "\($0) asks: " } ?? "asked: ") + what
  }

  /// The lanes that it speaks of.
  var lanes: [Int] {
    switch self {
    case .asked(let lane, _, _), .replied(let lane, _), .persisted(let lane, _),
      .stored(let lane, _), .expired(let lane, _), .noted(let lane, _), .crashed(let lane, _),
      .restarted(let lane):
      [lane]
    case .sent(let lane, let to, _, _), .held(let lane, let to, _): [lane, to]
    case .checked(let lanes, _, _): lanes
    case .doubled, .arrived, .lost, .across: []
    }
  }
}
