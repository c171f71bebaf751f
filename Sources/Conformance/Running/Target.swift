/// Something that can be judged by talking to it, whatever it speaks: a server, a database, any
/// program.
///
/// The runner knows no more of it. What its conversations say, how its sessions are made and what
/// a run leaves there is known to the module of its kind.
public protocol Target: Sendable {
  /// How it was named: `reference:`, `zookeeper://127.0.0.1:2181`.
  var url: String { get }
  /// Whether all cases share one service; if not, each gets a service of its own.
  var isShared: Bool { get }
  /// What probing found it to be, in a line.
  var profileLine: String { get }
  /// Why a conversation is not for it; nil if it is.
  func reasonAgainst(_ conversation: any Conversation) -> String?
  /// A run on it, with a place of its own there; nothing is made before its first session.
  func run(_ options: RunOptions) -> any TargetRun
}

/// What a case says to a target, and expects of it.
public protocol Conversation: Sendable {
  /// Its text, when it stands in no file.
  var drawnText: String? { get }
}

/// A run's part of a target: where it works, and what it takes away again.
public protocol TargetRun: Sendable {
  /// Where on the target everything happens: a folder, a database.
  var place: String { get }
  /// Opens a session.
  ///
  /// - Parameter patience: How long the target may take, in milliseconds.
  func session(patience: Int64) async throws(TargetError) -> any TargetSession
  /// Takes away what a case has made on a shared target.
  ///
  /// - Parameter session: A session to do it with; nil if the target grants none any more.
  func clear(after performance: any Performance, with session: (any TargetSession)?) async
  /// Takes away what is left of the run on a shared target, and tells what was met on the way.
  func end() async -> CleanUpReport
}

/// A session on a target, in which one case after another is played.
public protocol TargetSession: Sendable {
  /// Whether it is over.
  var hasEnded: Bool { get }
  /// For how many seconds nothing has come.
  var silence: Double { get }
  /// Makes what a case needs, and does not play it yet.
  ///
  /// - Throws: `TargetError` if the target cannot be judged, any other error if the case cannot.
  func prepare(
    _ conversation: any Conversation, of label: CaseLabel
  ) async throws -> any Performance
  /// Whether the target still answers.
  func isAnswered() async -> Bool
  /// Lets time pass.
  func pause(_ milliseconds: Int64) async
  /// Ends it.
  func leave() async
  /// Takes it for gone.
  func abandon()
}

/// A conversation that is being had.
public protocol Performance: Sendable {
  /// How long it waits for time to pass, in milliseconds.
  var longestWait: Int64 { get }
  /// For how many seconds nothing has come.
  var silence: Double { get }
  /// For how many seconds it has been played, by the clock that the target's time goes by.
  var elapsed: Double { get }
  /// Has it, to its end or to the first step that goes wrong; a task that is cancelled ends it.
  mutating func play() async -> CaseResult
  /// Ends it properly.
  ///
  /// - Returns: What came late and fails the case; nil if nothing did.
  mutating func leave() async -> CaseResult?
  /// Breaks it off.
  mutating func hangUp() async
}

/// What a run's clean-up has met.
public struct CleanUpReport: Sendable {
  /// What stays on the target, and why, in one line; nil if nothing does.
  public var leftBehind: String?
  /// What clean-up has found out about the target: a case and its result.
  public var finding: (label: CaseLabel, result: CaseResult)?

  /// The report of these parts; without them all went well.
  public init(
    leftBehind: String? = nil, finding: (label: CaseLabel, result: CaseResult)? = nil
  ) {
    self.leftBehind = leftBehind
    self.finding = finding
  }
}
