public import Conformance
public import ZooKeeperConformance
import ZooKeeperQuirks
import ZooKeeperServer

/// Finds the target of a URL.
public enum TargetURL {
  /// The service that `url` names: `reference:`, `zookeeper://host:port`.
  ///
  /// After `reference:` an edition or quirks may stand, with commas between them: `reference:3.8`,
  /// `reference:ephemerals-stay,numbers-are-reused`; `reference:read-only` has lost its ensemble,
  /// and only reads. An ensemble of three is
  /// `reference:ensemble/3`; by its second server alone, `reference:ensemble/3/2`; with a leader
  /// that stops behind the fourth request, `reference:ensemble/3/2?leaderStopsAfter=4`; without a
  /// rule of the chapter, `reference:ensemble/3?without=closedOnce`.
  ///
  /// - Throws: ``TargetError`` for a URL of no known kind.
  public static func service(_ url: String) throws(TargetError) -> any ServiceTarget {
    if url.hasPrefix("zookeeper://") { return try RemoteTarget(url: url) }
    if url == "reference" { return ReferenceTarget() }
    if url.hasPrefix("reference:ensemble") {
      guard let ensemble = EnsembleTarget(url: url) else {
        throw TargetError(
          url,
          .badURL(
            "an ensemble has one to nine servers: reference:ensemble/3, or its second"
              + " alone, reference:ensemble/3/2; the leader of three or more may stop, "
              + "reference:ensemble/3/2?leaderStopsAfter=4"))
      }
      return ensemble
    }
    if url.hasPrefix("reference:") { return try reference(url) }
    let near = url.firstRange(of: "://").map { "zookeeper://" + url[$0.upperBound...] }
    let meant = near ?? (url.contains(":") ? "zookeeper://\(url)" : nil)
    let hint = meant.map { "; did you mean \($0)?" } ?? ""
    throw TargetError(url, .badURL("reference: and zookeeper://host:port are known\(hint)"))
  }

  private static func reference(_ url: String) throws(TargetError) -> any ServiceTarget {
    let names = url.dropFirst("reference:".count).split(separator: ",").map(String.init)
    let quirks = names.filter { $0 != ReferenceTarget.readOnly }
    var settings = ReferenceTarget.usual
    settings.isReadOnly = quirks.count < names.count
    do throws(UnknownQuirk) {
      return ReferenceTarget(
        url: url, settings: settings,
        quirks: try quirks.map { (name) throws(UnknownQuirk) in try Quirk.named(name) })
    } catch {
      throw TargetError(url, .badURL(error.description))
    }
  }
}
