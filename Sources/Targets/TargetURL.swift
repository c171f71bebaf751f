public import Conformance

/// Finds the target of a URL.
public enum TargetURL {
  /// The service that `url` names: `reference:`, `zookeeper://host:port`.
  ///
  /// - Throws: ``TargetError`` for a URL of no known kind.
  public static func service(_ url: String) throws(TargetError) -> any ServiceTarget {
    if url.hasPrefix("zookeeper://") { return try RemoteTarget(url: url) }
    if url == "reference" || url == "reference:" { return ReferenceTarget(url: "reference:") }
    let hint =
      url.contains(":") && !url.contains("://") ? "; did you mean zookeeper://\(url)?" : ""
    throw TargetError(url, .badURL("reference: and zookeeper://host:port are known\(hint)"))
  }
}
