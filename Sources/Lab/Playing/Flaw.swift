public import ProtocolCore

/// A bug, planted from outside: it stands between a machine and its driver, and none stands inside
/// a chapter.
///
/// The absence of a rule is no flaw; a chapter can leave its rules out itself.
public struct Flaw<Node: Machine>: Sendable {
  /// How run files and reports call it.
  public let name: String
  /// What goes wrong, in a sentence.
  public let sentence: String
  /// Takes the event in the machine's place.
  let step: @Sendable (inout Node, Event<Node.Words>, Ticks) -> [Effect<Node.Words>]

  /// A flaw that takes each event in the machine's place.
  public init(
    _ name: String, _ sentence: String,
    step: @escaping @Sendable (inout Node, Event<Node.Words>) -> [Effect<Node.Words>]
  ) {
    self.init(name, sentence, stepAt: { node, event, _ in step(&node, event) })
  }

  /// A flaw that takes each event in the place of a machine that reads its clock.
  public init(
    _ name: String, _ sentence: String,
    stepAt step:
      @escaping @Sendable (inout Node, Event<Node.Words>, Ticks) -> [Effect<Node.Words>]
  ) {
    self.name = name
    self.sentence = sentence
    self.step = step
  }

  /// A flaw that does other things than the machine wants; `edit` sees the machine as it was
  /// before the event.
  public init(
    _ name: String, _ sentence: String,
    editing edit:
      @escaping @Sendable (Node, Event<Node.Words>, Effect<Node.Words>) -> [Effect<Node.Words>]
  ) {
    self.init(
      name, sentence,
      stepAt: { node, event, reading in
        let before = node
        return node.step(event, at: reading).flatMap { edit(before, event, $0) }
      })
  }
}

extension Flaw: Hashable {
  /// Flaws with one name are one flaw.
  public static func == (a: Flaw, b: Flaw) -> Bool { a.name == b.name }

  /// By name.
  public func hash(into hasher: inout Hasher) { hasher.combine(name) }
}

// MARK: Flaws that any machine can have

extension Flaw {
  /// The machine sends before it writes, so that what it sends does not wait for its records.
  public static var writesAfterSending: Flaw {
    Flaw("writesAfterSending", "the messages of a step go out before its records are written") {
      node, event in
      let effects = node.step(event)
      return effects.filter { !$0.isPersist } + effects.filter { $0.isPersist }
    }
  }

  /// The machine finds only the first of its records after a crash.
  public static var readsFirstRecordOnly: Flaw {
    Flaw("readsFirstRecordOnly", "the journal is read up to its first record after a crash") {
      node, event in
      if case .started(let log) = event { return node.step(.started(Array(log.prefix(1)))) }
      return node.step(event)
    }
  }

  /// The machine does its work and tells no client what came of it; it still refuses.
  public static var neverAnswers: Flaw {
    Flaw(
      "neverAnswers", "no client is answered, but for those that are refused",
      editing: { _, _, effect in
        if case .reply(let reply, _, _) = effect, !Node.Words.isRefusal(reply) { return [] }
        return [effect]
      })
  }
}

extension Effect {
  /// Whether it writes a record.
  fileprivate var isPersist: Bool {
    if case .persist = self { return true }
    return false
  }
}
