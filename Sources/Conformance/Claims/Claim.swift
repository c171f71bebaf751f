/// A statement that a chapter makes, and that cases judge.
public struct Claim: Hashable, Sendable {
  /// Whom a claim is about.
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
  /// Whom it is about.
  public let subject: Subject
  /// What kind it is.
  public let kind: Kind
  /// The statement.
  public let sentence: String

  init(_ id: String, _ subject: Subject, _ kind: Kind, _ sentence: String) {
    self.id = id
    self.subject = subject
    self.kind = kind
    self.sentence = sentence
  }

  /// What a server must not do.
  init(_ id: String, _ sentence: String) { self.init(id, .server, .safety, sentence) }

  /// What somebody must not do.
  init(_ id: String, _ subject: Subject, _ sentence: String) {
    self.init(id, subject, .safety, sentence)
  }
}

/// All claims of the chapters that there are.
public enum Claims {
  /// The claims, in the chapters' order.
  public static let all: [Claim] =
    twoPhaseCommit + threePhaseCommit + dataModel + watches + access + sessions + words
    + guarantees

  /// The claim of this id.
  public static func claim(_ id: String) -> Claim? { all.first { $0.id == id } }

  /// What is wrong between claims and cases: claims that no case judges, and cases of claims that
  /// do not exist.
  ///
  /// - Parameter isBuilt: Whether a claim's chapter has cases at all yet.
  public static func gaps(
    in cases: [CaseLabel], isBuilt: (Claim) -> Bool = { _ in true }
  ) -> [String] {
    let known = Set(all.map(\.id))
    let judged = Set(cases.flatMap(\.claims))
    let unjudged = all.filter { isBuilt($0) && !judged.contains($0.id) }
      .map { "claim \($0.id) has no case" }
    let strangers = cases.flatMap { label in
      label.claims.filter { !known.contains($0) }.map { claim in
        let near = nearest(to: claim, among: known).map { "; did you mean \($0)?" } ?? ""
        return "case \(label.id) cites \(claim), which nobody claims\(near)"
      }
    }
    let idle = cases.filter(\.claims.isEmpty).map { "case \($0.id) cites no claim" }
    return unjudged + strangers + idle
  }
}
