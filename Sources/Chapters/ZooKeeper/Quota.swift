/// What a quota's two nodes hold: numbers of nodes and of bytes.
///
/// The limits stand in `/zookeeper/quota/PATH/zookeeper_limits`, what is used of them in
/// `zookeeper_stats` beside it. A limit is soft, and then only the server's log tells that it is
/// exceeded, or hard; a missing one is -1.
///
/// Source: Apache ZooKeeper, `StatsTrack` and `Quotas`.
public struct Quota: Hashable, Sendable {
  /// How many nodes, the quota's own among them: `count`.
  public var nodes: Int64 = -1
  /// How many bytes of data: `bytes`.
  public var bytes: Int64 = -1
  /// The hard limit of nodes: `countHardLimit`.
  public var hardNodes: Int64 = -1
  /// The hard limit of bytes: `byteHardLimit`.
  public var hardBytes: Int64 = -1

  /// No limits.
  public init() {}

  /// These numbers.
  public init(nodes: Int64, bytes: Int64, hardNodes: Int64 = -1, hardBytes: Int64 = -1) {
    self.nodes = nodes
    self.bytes = bytes
    self.hardNodes = hardNodes
    self.hardBytes = hardBytes
  }

  /// The numbers that a node's data writes; one that is missing or no number is -1.
  public init(_ data: Payload) {
    for pair in Self.pairs(of: data ?? []) { _ = take(pair) }
  }

  /// The same, but nil where Apache's server, since 3.7, does not get to the end of the data: it is
  /// null, or a pair in it has no number.
  ///
  /// A name without a meaning needs a number as well; what follows it behind another `=` is not
  /// looked at.
  public init?(exactly data: Payload) {
    guard let data else { return nil }
    let pairs = Self.pairs(of: data)
    // To Java there is an empty pair before a separator, but none behind.
    if let first = data.first, Self.separators.contains(first), !pairs.isEmpty { return nil }
    for pair in pairs where !take(pair) { return nil }
  }

  private static let separators = Array(",;".utf8)

  private static func pairs(of data: [UInt8]) -> [ArraySlice<UInt8>] {
    data.split { separators.contains($0) }
  }

  /// Takes the number of a pair such as `count=5`; false if it has none.
  private mutating func take(_ pair: ArraySlice<UInt8>) -> Bool {
    let parts = pair.split(separator: UInt8(ascii: "="), omittingEmptySubsequences: false)
      .map { String(decoding: $0, as: UTF8.self) }
    guard let last = parts.lastIndex(where: { !$0.isEmpty }), last >= 1,
      let number = parts[1].isEmpty ? -1 : Int64(parts[1])
    else { return false }
    switch parts[0] {
    case "count": nodes = number
    case "bytes": bytes = number
    case "countHardLimit": hardNodes = number
    case "byteHardLimit": hardBytes = number
    default: break
    }
    return true
  }

  /// As a node's data: `count=5,bytes=-1`, and hard limits behind `=;`.
  public var text: String {
    var hard: [String] = []
    if hardBytes >= 0 { hard.append("byteHardLimit=\(hardBytes)") }
    if hardNodes >= 0 { hard.append("countHardLimit=\(hardNodes)") }
    let base = "count=\(nodes),bytes=\(bytes)"
    return hard.isEmpty ? base : base + "=;" + hard.joined(separator: ";")
  }

  /// The folder of the quotas.
  public static let folder = "/zookeeper/quota"
  static let limits = "zookeeper_limits"
  static let usage = "zookeeper_stats"

  /// Where the limits of a path stand.
  public static func limits(of path: String) -> String { "\(folder)\(path)/\(limits)" }

  /// Where it is told what a path uses.
  public static func usage(of path: String) -> String { "\(folder)\(path)/\(usage)" }

  /// The path whose quota a node of this path is a part of, and which part; nil for another node.
  static func part(at path: String) -> (subject: String, name: String)? {
    guard path.utf8.starts(with: folder.utf8), let (parent, name) = Path.split(path),
      name.string == limits || name.string == usage
    else { return nil }
    return (String(parent.string.dropFirst(folder.count)), name.string)
  }
}
