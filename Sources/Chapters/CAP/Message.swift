public import ProtocolCore
public import SharedStorage

/// The words of the stores of this chapter; each store speaks some of them.
public enum Words: Vocabulary {
  /// Of what a record says again only the last matters.
  public static func settle(_ record: Record, on disk: inout [Record]) {
    disk.removeAll { $0.isSuperseded(by: record) }
    disk.append(record)
  }
}

extension Words {
  /// What the nodes send each other.
  public enum Message: Hashable, Sendable {
    // Quorums, and available copies.
    /// In this attempt: which version of the key have you?
    case query(Int, String)
    /// This one.
    case version(Int, Version?)
    /// In this attempt: keep this version.
    case store(Int, String, Version)
    /// It is kept.
    case stored(Int)

    // Available copies.
    /// In this attempt: I may have been down, and keep this; what have I missed?
    case rejoin(Int, Contents)
    /// All that I keep; and whether I have missed nothing.
    case copies(Int, Contents, isAvailable: Bool)

    // A primary and backups.
    /// In this view and attempt: keep this version of the key; without one, say that you follow me.
    case replicate(Int, Int, String, Version?)
    /// In this view and attempt: done.
    case replicated(Int, Int)
    /// The view is this now.
    case viewed(View)
    /// I would follow in this view: what must I hold? I last followed, or led, in the other, and
    /// keep this.
    case join(Int, View, Contents)
    /// This.
    case install(View, Contents)
    /// I follow in this view.
    case joined(Int)

    // Every node for itself.
    /// All that I keep.
    case spread(Contents)

    // A centre, and time-outs.
    /// In this attempt: which value has the key?
    case ask(Int, String)
    /// This is there, under every key: so that one that loses touch knows of no key more than of
    /// another; and so many of your writes are done.
    case tell(Int, Contents, done: Int)
    /// My so-manieth write.
    case submit(Int, String, Int)
    /// So many of your writes are done, none perhaps; this is what I keep now.
    case submitted(Int, Contents)
  }

  /// What clients ask.
  public typealias Request = SharedStorage.Request
  /// What clients are answered.
  public typealias Reply = SharedStorage.Reply
  /// What is said aloud.
  public typealias Note = SharedStorage.Note<Message>

  /// What is waited for.
  public enum Timer: Hashable, Comparable, Sendable {
    /// An attempt to be answered.
    case attempt(Int)
    /// A primary's backups to answer.
    case resend
    /// One that would follow, or comes back, to be told what it must hold.
    case join
    /// The next time to tell all that one keeps.
    case gossip
  }
}

extension Words.Timer {
  /// How long a node waits, in ticks; a message takes one or a few.
  var patience: ClosedRange<Ticks> {
    switch self {
    case .attempt, .resend, .join: 30...40
    case .gossip: 50...60
    }
  }
}

extension Words.Message: CustomStringConvertible {
  /// As runs print it.
  public var description: String {
    switch self {
    case .query(let attempt, let key): "query \(attempt) \(key)"
    case .version(let attempt, let version): "version \(attempt) \(Self.text(version))"
    case .store(let attempt, let key, let version): "store \(attempt) \(key) \(version)"
    case .stored(let attempt): "stored \(attempt)"
    case .rejoin(let attempt, let contents): "rejoin \(attempt) \(contents)"
    case .copies(let attempt, let contents, let isAvailable):
      "copies \(attempt) \(contents)" + (isAvailable ? "" : ", perhaps not all")
    case .replicate(let view, let attempt, let key, let version):
      "replicate \(view)/\(attempt) \(key) \(Self.text(version))"
    case .replicated(let view, let attempt): "replicated \(view)/\(attempt)"
    case .viewed(let view): "view \(view)"
    case .join(let view, let last, let contents): "join \(view), of \(last): \(contents)"
    case .install(let view, let contents): "install \(view) \(contents)"
    case .joined(let view): "joined \(view)"
    case .spread(let contents): "spread \(contents)"
    case .ask(let attempt, let key): "ask \(attempt) \(key)"
    case .tell(let attempt, let contents, let done):
      "tell \(attempt) \(contents)" + (done > 0 ? ", \(done) done" : "")
    case .submit(let number, let key, let value): "submit \(number) \(key) \(value)"
    case .submitted(let number, let contents):
      number > 0 ? "submitted \(number), \(contents)" : "spread \(contents)"
    }
  }

  private static func text(_ version: Version?) -> String {
    version.map { "\($0)" } ?? "none"
  }
}

extension Words.Timer: CustomStringConvertible {
  /// As runs print it.
  public var description: String {
    switch self {
    case .attempt(let number): "attempt \(number)"
    case .resend: "resend"
    case .join: "join"
    case .gossip: "gossip"
    }
  }
}

/// Who leads, and the how-manieth this is.
public struct View: Hashable, Sendable {
  /// From one.
  public let number: Int
  /// Who leads.
  public let primary: NodeID

  /// A view.
  public init(_ number: Int, _ primary: NodeID) {
    self.number = number
    self.primary = primary
  }
}

extension View: Comparable {
  /// By number; of two that were begun beside each other the name decides.
  public static func < (a: View, b: View) -> Bool {
    (a.number, a.primary) < (b.number, b.primary)
  }
}

extension View: CustomStringConvertible {
  /// As runs print it: `2 by b`.
  public var description: String { "\(number) by \(primary)" }
}
