/// What a reconfiguration asks for: who joins and who leaves, or who there is.
///
/// A server that stands alone has nothing to change and refuses each; so this chapter only
/// refuses.
///
/// Source: Apache ZooKeeper, "Dynamic Reconfiguration"; `zookeeper.jute`, `ReconfigRequest`.
public struct Reconfiguration: Hashable, Sendable {
  /// Servers that join, `server.4=host:port:port;port`, commas between them.
  public var joining: String?
  /// The numbers of servers that leave.
  public var leaving: String?
  /// All servers that there shall be, instead of joining and leaving.
  public var members: String?
  /// The configuration that it is to follow; -1 for whichever there is.
  public var version: Int64

  /// The reconfiguration of these fields.
  public init(
    joining: String? = nil, leaving: String? = nil, members: String? = nil, version: Int64 = -1
  ) {
    self.joining = joining
    self.leaving = leaving
    self.members = members
    self.version = version
  }
}
