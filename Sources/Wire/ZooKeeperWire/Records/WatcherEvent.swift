public import NIOCore
public import ZooKeeper

/// The body of a notification.
///
/// | offset | size | meaning                                        |
/// | ------ | ---- | ---------------------------------------------- |
/// | 0      | 4    | type, the ``ZooKeeper/EventType``              |
/// | 4      | 4    | state, 3 (SyncConnected) from every server     |
/// | 8      | 4    | n, the length of the path; -1 for null         |
/// | 12     | n    | path                                           |
///
/// Source: `zookeeper.jute`.
extension WatchEvent: Record {
  /// Reads the three fields.
  public init(from reader: inout JuteReader) throws(WireError) {
    let type = EventType(rawValue: try reader.int())
    let state = KeeperState(rawValue: try reader.int())
    self.init(type, try reader.path(.required), state: state)
  }

  /// Writes the three fields.
  public func write(to bytes: inout ByteBuffer) {
    bytes.write(int: type.rawValue)
    bytes.write(int: state.rawValue)
    bytes.write(string: path)
  }
}
