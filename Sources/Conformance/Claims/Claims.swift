public import ProtocolCore

/// The claims that cases may cite.
public struct Claims: Sendable {
  /// All of them, in the chapters' order.
  public let all: [Claim]

  /// These claims; what two chapters state alike stands once.
  public init(_ claims: [Claim]) {
    var known: Set<String> = []
    all = claims.filter { known.insert($0.id).inserted }
  }

  /// The claim of this id.
  public func claim(_ id: String) -> Claim? { all.first { $0.id == id } }

  /// Looks whether a chapter makes the claim that is cited here.
  ///
  /// - Throws: ``FixtureError`` with the nearest claim that there is.
  public func check(_ id: String, at place: Place) throws(FixtureError) {
    guard claim(id) == nil else { return }
    throw FixtureError(place, .unknownClaim(id, nearest: nearest(to: id, among: all.map(\.id))))
  }

  /// What is wrong between claims and cases: claims that no case judges, and cases of claims that
  /// do not exist.
  ///
  /// - Parameter isBuilt: Whether a claim's chapter has cases at all yet.
  public func gaps(
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
