public import ProtocolCore

extension SystemState {
  /// The act as a run file writes it, by content; nil when it names a message that is not there.
  public func describe(_ act: Act<Words>) -> String? {
    switch act {
    case .deliver(let link, let place): describe("deliver", link, place)
    case .lose(let link, let place): describe("lose", link, place)
    case .duplicate(let link, let place): describe("duplicate", link, place)
    case .cut(let links): "cut " + describe(cutting: links)
    case .expire, .store, .crash, .restart, .ask, .heal, .sever, .forget, .clock, .abandon:
      act.description
    }
  }

  private func describe(_ verb: String, _ link: Link, _ place: Int) -> String? {
    let positions = envelopes(on: link)
    guard positions.indices.contains(place) else { return nil }
    let text = envelopes[positions[place]].content.description
    let earlier = positions.prefix(place).filter { envelopes[$0].content.description == text }
      .count
    return "\(verb) \(link) \(text)" + (earlier > 0 ? " nth \(earlier + 1)" : "")
  }

  /// Two groups, if that is what the links part; else the links.
  private func describe(cutting links: [Link]) -> String {
    let involved = cluster.nodes.filter { id in links.contains { $0.from == id || $0.to == id } }
    guard let first = involved.first else { return "" }
    let far = involved.filter { links.contains(Link(from: first, to: $0)) }
    let near = involved.filter { !far.contains($0) }
    if !far.isEmpty, Set(Link.between(near, and: far)) == Set(links) {
      return [near, far].map { $0.map { $0.name }.joined(separator: " ") }.joined(separator: " | ")
    }
    return links.sorted().map { $0.description }.joined(separator: " ")
  }
}

extension Incident {
  /// What a reader of a run sees of it; nil for what the act says already, and for timers.
  public var line: String? {
    switch happening {
    case .persisted(let record): "\(node) ⤓ \(record)"
    case .held(let message, let receiver): "\(node) → \(receiver) \(message)  held"
    case .heldReply(let reply, _): "\(node) ⇒ \(reply)  held"
    case .sent(let message, let receiver): "\(node) → \(receiver) \(message)"
    case .dropped(let message, let receiver): "\(node) → \(receiver) \(message)  no stream"
    case .connects(let other, let channel): "\(node) ⇄ \(other)" + channel.suffix
    case .disconnects(let other, let channel): "\(node) ⇹ \(other)" + channel.suffix
    case .replied(let reply, _): "\(node) ⇒ \(reply)"
    case .repliedAgain(let reply, _): "\(node) ⇒ \(reply)  again"
    case .forgot(let lost): "\(node) ✗ " + lost.map { "\($0)" }.joined(separator: ", ")
    case .noted(let note): "\(node) ● \(note)"
    case .crashed(let lost) where !lost.isEmpty:
      "\(node) ✗ " + lost.map { "\($0)" }.joined(separator: ", ")
    case .started, .crashed, .asked, .expired, .stored, .set, .cancelled, .disconnected: nil
    }
  }

  /// The incident in full, timers too.
  public var fullLine: String {
    switch happening {
    case .started: "\(node) starts"
    case .crashed(let lost): "\(node) ✗ " + lost.map { "\($0)" }.joined(separator: ", ")
    case .asked(let request, let id): "\(node) ← \(request) \(id)"
    case .expired(let timer): "\(node) ⏰ \(timer)"
    case .stored(let records): "\(node) ⤓⤓ " + records.map { "\($0)" }.joined(separator: ", ")
    case .set(let timer, let range):
      "\(node) sets \(timer) \(range.lowerBound)…\(range.upperBound)"
    case .cancelled(let timer): "\(node) cancels \(timer)"
    case .replied(let reply, let id): "\(node) ⇒ \(reply) \(id)"
    case .repliedAgain(let reply, let id): "\(node) ⇒ \(reply) \(id)  again"
    case .disconnected(let other, let channel): "\(node) ⇹⇹ \(other)" + channel.suffix
    case .persisted, .held, .heldReply, .sent, .dropped, .connects, .disconnects, .forgot, .noted:
      line ?? ""
    }
  }
}

extension Channel {
  /// The name behind a space, if it has one.
  var suffix: String { self == .main ? "" : " \(self)" }
}

/// A run as it reads: each act by content, and what followed.
public struct Trace: Hashable, Sendable {
  /// An act in words, and its incidents in words.
  public struct Entry: Hashable, Sendable {
    /// The act.
    public let act: String
    /// What followed, for a reader.
    public let lines: [String]
    /// What followed, in full.
    public let fullLines: [String]
  }

  /// The acts that happened, in order.
  public private(set) var entries: [Entry] = []

  /// Plays the acts on the system; those that are not enabled are skipped.
  public init<C: Model>(of acts: [Act<C.Words>], on system: inout SystemState<C>) {
    for act in acts {
      guard let text = system.describe(act), let step = try? system.perform(act) else { continue }
      entries.append(
        Entry(
          act: text, lines: step.incidents.compactMap { $0.line },
          fullLines: step.incidents.map { $0.fullLine }))
    }
  }

  /// A hash over the printed lines, the same in every process.
  public var hash: UInt64 {
    var hash = Fingerprint()
    for entry in entries {
      hash.add(entry.act)
      for line in entry.fullLines { hash.add(line) }
    }
    return hash.value
  }
}

/// FNV-1a over text, because the standard library seeds its hasher anew in each process.
public struct Fingerprint: Sendable {
  /// The hash so far.
  public private(set) var value: UInt64 = 0xcbf2_9ce4_8422_2325

  /// The hash of nothing.
  public init() {}

  /// Adds a line.
  public mutating func add(_ line: String) {
    for byte in line.utf8 { add(byte) }
    add(0x0A)
  }

  private mutating func add(_ byte: UInt8) {
    value = (value ^ UInt64(byte)) &* 0x0000_0100_0000_01B3
  }
}
