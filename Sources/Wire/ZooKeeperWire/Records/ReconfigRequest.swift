internal import NIOCore
internal import ZooKeeper

/// The body of reconfig.
///
/// | offset | size | meaning                                                   |
/// | ------ | ---- | --------------------------------------------------------- |
/// | 0      | …    | joiningServers: a length, -1 for null, and the text       |
/// | …      | …    | leavingServers, likewise                                  |
/// | …      | …    | newMembers, likewise                                      |
/// | …      | 8    | curConfigId                                               |
///
/// The reply is that of getData: the new configuration, and the Stat of its node.
///
/// Source: `zookeeper.jute`, `ReconfigRequest`.
struct ReconfigRequest: Record {
  var change: Reconfiguration

  init(_ change: Reconfiguration) { self.change = change }

  init(from reader: inout JuteReader) throws(WireError) {
    change = Reconfiguration()
    change.joining = try reader.string()
    change.leaving = try reader.string()
    change.members = try reader.string()
    change.version = try reader.long()
  }

  func write(to bytes: inout ByteBuffer) {
    bytes.write(string: change.joining)
    bytes.write(string: change.leaving)
    bytes.write(string: change.members)
    bytes.write(long: change.version)
  }
}
