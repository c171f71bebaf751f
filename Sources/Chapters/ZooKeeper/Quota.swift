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
    let text = String(decoding: data ?? [], as: UTF8.self)
    for pair in text.split(whereSeparator: { $0 == "," || $0 == ";" }) {
      let parts = pair.split(separator: "=")
      guard parts.count == 2, let number = Int64(parts[1]) else { continue }
      switch parts[0] {
      case "count": nodes = number
      case "bytes": bytes = number
      case "countHardLimit": hardNodes = number
      case "byteHardLimit": hardBytes = number
      default: continue
      }
    }
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
