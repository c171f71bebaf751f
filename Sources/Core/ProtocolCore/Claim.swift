/// A statement that a chapter makes, and that cases judge.
public struct Claim: Hashable, Sendable {
  /// What a claim is about.
  public enum Subject: String, CaseIterable, Hashable, Sendable {
    /// Anything that can be asked over a wire.
    case server
    /// Several servers together.
    case ensemble
    /// A client library; never judged by asking a server.
    case client
    /// A protocol of a chapter, in the laboratory.
    case model
  }

  /// What kind of statement it is.
  public enum Kind: String, CaseIterable, Hashable, Sendable {
    /// Nothing bad happens.
    case safety
    /// Something good happens, within a bound that is named.
    case boundedLiveness = "bounded liveness"
    /// Something is counted.
    case cost
    /// Something is printed, and never asserted.
    case observation
  }

  /// The id: `WATCH-1`.
  public let id: String
  /// What it is about.
  public let subject: Subject
  /// What kind it is.
  public let kind: Kind
  /// The statement.
  public let sentence: String

  /// The statement of these parts.
  public init(_ id: String, _ subject: Subject, _ kind: Kind, _ sentence: String) {
    self.id = id
    self.subject = subject
    self.kind = kind
    self.sentence = sentence
  }

  /// What a server must not do.
  public init(_ id: String, _ sentence: String) { self.init(id, .server, .safety, sentence) }

  /// What the subject must not do.
  public init(_ id: String, _ subject: Subject, _ sentence: String) {
    self.init(id, subject, .safety, sentence)
  }
}
