package import ZooKeeperEnsemble

/// What an ensemble is like that a URL names.
///
/// | URL | what it names |
/// | --- | --- |
/// | `reference:ensemble/3` | three servers, to which clients go in turn |
/// | `reference:ensemble/3/2` | the second of three |
/// | `…?leaderStopsAfter=4` | the leader stops behind the fourth request of a case |
/// | `…?without=ownerOnly,closedOnce` | servers leave out these rules of the chapter |
///
/// Both of the last stand with `&` between them.
package struct EnsembleForm: Hashable {
  /// How many servers there are.
  package var size: Int
  /// The server to which all clients go, from 1 on; nil if they go to each in turn.
  package var only: Int?
  /// Behind how many requests of a case the leader stops; nil if it never does.
  package var stopsLeaderAfter: Int?
  /// The rules that the servers do not obey.
  package var without: Set<ZooKeeperEnsemble.Rule> = []

  /// Ensembles of this size.
  package init(size: Int, only: Int? = nil) { (self.size, self.only) = (size, only) }

  /// What a URL names; nil when that is no ensemble.
  package init?(url: String) {
    let query = url.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
    let parts = query[0].split(separator: "/", omittingEmptySubsequences: false)
    guard parts.first == "reference:ensemble", (2...3).contains(parts.count),
      let size = Int(parts[1]), (1...9).contains(size)
    else { return nil }
    self.init(size: size)
    if parts.count == 3 {
      guard let server = Int(parts[2]), (1...size).contains(server) else { return nil }
      only = server
    }
    guard query.count == 2 else { return }
    for item in query[1].split(separator: "&", omittingEmptySubsequences: false) {
      let words = item.split(separator: "=", omittingEmptySubsequences: false).map(String.init)
      guard words.count == 2, take(words[0], words[1]) else { return nil }
    }
  }

  private mutating func take(_ key: String, _ value: String) -> Bool {
    switch key {
    case "leaderStopsAfter":
      guard let count = Int(value), count > 0, size >= 3, stopsLeaderAfter == nil else {
        return false
      }
      stopsLeaderAfter = count
      return true
    case "without":
      let names = value.split(separator: ",", omittingEmptySubsequences: false)
      let rules = names.compactMap { ZooKeeperEnsemble.Rule(rawValue: String($0)) }
      guard rules.count == names.count, without.isEmpty else { return false }
      without = Set(rules)
      return true
    default: return false
    }
  }

  /// The URL that names it.
  package var url: String {
    let rules = ZooKeeperEnsemble.Rule.allCases.filter { without.contains($0) }.map(\.rawValue)
    let query =
      [
        stopsLeaderAfter.map { "leaderStopsAfter=\($0)" },
        rules.isEmpty ? nil : "without=" + rules.joined(separator: ","),
      ].compactMap(\.self).joined(separator: "&")
    return "reference:ensemble/\(size)" + (only.map { "/\($0)" } ?? "")
      + (query.isEmpty ? "" : "?" + query)
  }

  /// What it is, in words.
  package var words: String {
    let place = only.map { "clients of server \($0)" } ?? "clients of each in turn"
    let stop = stopsLeaderAfter.map { ", whose leader stops behind request \($0)" } ?? ""
    let rules = ZooKeeperEnsemble.Rule.allCases.filter { without.contains($0) }.map(\.rawValue)
    let lacking = rules.isEmpty ? "" : ", without " + rules.joined(separator: ", ")
    return "an ensemble of \(size) reference servers, embedded, \(place)\(stop)\(lacking)"
  }
}
