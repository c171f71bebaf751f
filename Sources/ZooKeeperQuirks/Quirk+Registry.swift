import ProtocolCore
public import ZooKeeperServer

/// All quirks, by name.
extension Quirk {
  /// Every quirk there is: editions, known servers, tiny servers, then the flaws.
  public static let all: [Quirk] = editions + knownServers + tinyServers + flaws

  /// The faults planted on purpose.
  public static let flaws: [Quirk] =
    statFlaws + errorFlaws + precedenceFlaws + versionFlaws + watchFlaws + setWatchesFlaws
    + sessionFlaws + orderFlaws + multiFlaws + sequenceFlaws + accessFlaws + dataFlaws + limitFlaws
    + narrowFlaws + cornerFlaws + survivorFlaws + slowReaderFlaws
    + pipelineFlaws + togetherFlaws + rootFlaws + nullFlaws + endedFlaws + numberFlaws + wordFlaws
    + replyFlaws + laterFlaws

  /// Faults in what came after 3.4.
  package static let laterFlaws: [Quirk] =
    lastingFlaws + unwatchFlaws + multiReadFlaws + reapingFlaws + listingFlaws + quotaFlaws
    + showingFlaws + narrowLaterFlaws + readOnlyFlaws

  private static let byName = Dictionary(all.map { ($0.name, $0) }) { first, _ in first }

  /// The quirk of this name, which may also be the number of an edition: `3.8.0`.
  ///
  /// - Throws: ``UnknownQuirk``, which knows the names that are near.
  public static func named(_ name: String) throws(UnknownQuirk) -> Quirk {
    guard let quirk = byName[name] ?? edition(name) else { throw UnknownQuirk(name: name) }
    return quirk
  }
}

/// No quirk has this name.
public struct UnknownQuirk: Error, Hashable, Sendable, CustomStringConvertible {
  /// The name.
  public let name: String

  /// The error for this name.
  public init(name: String) { self.name = name }

  /// The names that might have been meant, the likeliest first; at most three.
  public var suggestions: [String] {
    let names = Quirk.all.map(\.name)
    let likely = near(to: name, among: names)
    let longer = names.filter { $0.contains(name) && !likely.contains($0) }
    return Array((likely + longer).prefix(3))
  }

  /// What is wrong, and what might have been meant.
  public var description: String {
    let meant = suggestions.map { "'\($0)'" }.joined(separator: ", ")
    return "unknown quirk '\(name)'" + (meant.isEmpty ? "" : "; did you mean \(meant)?")
  }
}
