/// All quirks, by name.
extension Quirk {
  /// Every quirk there is: editions, known servers, tiny servers, then the flaws.
  public static let all: [Quirk] = editions + knownServers + tinyServers + flaws

  /// The faults planted on purpose.
  public static let flaws: [Quirk] =
    statFlaws + errorFlaws + precedenceFlaws + versionFlaws + watchFlaws + setWatchesFlaws
    + sessionFlaws + orderFlaws + multiFlaws + sequenceFlaws + accessFlaws + dataFlaws + limitFlaws
    + narrowFlaws + cornerFlaws + survivorFlaws + slowReaderFlaws
    + pipelineFlaws + endedFlaws + numberFlaws + wordFlaws + replyFlaws

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
    let near = Quirk.all.map { (name: $0.name, distance: editDistance(name, $0.name)) }
      .filter { $0.distance <= max(2, name.count / 3) || $0.name.contains(name) }
      .sorted { ($0.distance, $0.name) < ($1.distance, $1.name) }
    return near.prefix(3).map(\.name)
  }

  /// What is wrong, and what might have been meant.
  public var description: String {
    let meant = suggestions.map { "'\($0)'" }.joined(separator: ", ")
    return "unknown quirk '\(name)'" + (meant.isEmpty ? "" : "; did you mean \(meant)?")
  }
}

/// How many characters have to be put in, taken out or replaced to get from one to the other.
private func editDistance(_ a: String, _ b: String) -> Int {
  let b = Array(b)
  var row = Array(0...b.count)
  for (i, character) in a.enumerated() {
    var diagonal = row[0]
    row[0] = i + 1
    for j in b.indices {
      let substitution = diagonal + (b[j] == character ? 0 : 1)
      diagonal = row[j + 1]
      row[j + 1] = min(substitution, row[j] + 1, diagonal + 1)
    }
  }
  return row[b.count]
}
