/// One thing that can be judged: a service fixture, or a run, a search or a property of a chapter.
public struct Case: Sendable {
  /// What is known of it without running it.
  public var label: CaseLabel
  /// How it is judged.
  public var judge: Judge

  /// The two kinds of case.
  public enum Judge: Sendable {
    /// A conversation with a target of its kind.
    case conversation(any Conversation)
    /// Something that needs no target: a chapter in the laboratory, a client.
    ///
    /// The closure is given a seed for what it draws at random.
    case model(@Sendable (UInt64) async -> CaseResult)
  }

  /// Whether it asks a target, and is not about a chapter in the laboratory or a client.
  public var needsTarget: Bool { label.needsTarget }

  /// The case of this label, judged so.
  public init(_ label: CaseLabel, _ judge: Judge) {
    self.label = label
    self.judge = judge
    switch judge {
    case .conversation: self.label.needsTarget = true
    case .model: self.label.needsTarget = false
    }
  }
}

/// What is known of a case without running it.
public struct CaseLabel: Hashable, Sendable, Codable {
  /// The id, with a member's in brackets.
  ///
  /// Never reused.
  public var id: String
  /// A few frozen words, which make the id readable in a report.
  public var slug: String
  /// A sentence; it may change.
  public var title: String
  /// How binding it is.
  public var level: Level
  /// The claims that it judges.
  public var claims: [String]
  /// The chapter: `zookeeper`, `2pc`.
  public var chapter: String
  /// The part of the chapter: `watch`.
  public var topic: String
  /// Where it is written.
  public var place: Place
  /// What goes wrong for a user when it does not hold.
  public var why: String?
  /// Whether a target is asked.
  public var needsTarget: Bool

  /// The label of these parts.
  public init(
    id: String, slug: String, title: String, level: Level, claims: [String], chapter: String,
    topic: String, place: Place, why: String? = nil, needsTarget: Bool = false
  ) {
    self.id = id
    self.slug = slug
    self.title = title
    self.level = level
    self.claims = claims
    self.chapter = chapter
    self.topic = topic
    self.place = place
    self.why = why
    self.needsTarget = needsTarget
  }

  /// What a report groups it under: `zookeeper.watch`.
  public var group: String { "\(chapter).\(topic)" }
  /// What a report calls it, frozen: `ZK-WATCH-001 one-shot-data`.
  public var name: String { slug.isEmpty || slug == id ? id : "\(id) \(slug)" }
}
