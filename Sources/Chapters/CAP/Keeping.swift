import ProtocolCore

/// A node that keeps versions.
protocol Keeping: Ruled where Rule == CAP.Rule {
  var contents: Contents { get set }
}

extension Keeping {
  // begin keep
  /// Keeps a version, unless a newer one is kept.
  mutating func keep(_ version: Version, _ key: String) -> [Effect<Words>] {
    guard require(.newestKept, contents[key].map { $0.tag < version.tag } ?? true),
      contents[key] != version
    else { return [] }
    contents[key] = version
    return [.persist(.kept(key, version))]
  }
  // end keep

  /// Keeps of all these what is newer than what is kept.
  mutating func keep(all others: Contents) -> [Effect<Words>] {
    others.entries.flatMap { keep($0.version, $0.key) }
  }
}
