public import NIOCore
public import ZooKeeper

/// | offset | size | meaning                                                       |
/// | ------ | ---- | ------------------------------------------------------------- |
/// | 0      | 8    | relativeZxid                                                  |
/// | 8      | …    | dataWatches: a count, then for each a length and the path     |
/// | …      | …    | existWatches, likewise                                        |
/// | …      | …    | childWatches, likewise                                        |
///
/// A null list, and a null in a list, is an error: a server answers MarshallingError.
///
/// Source: `zookeeper.jute`.
extension SetWatches: Record {
  /// Reads the zxid and the three lists.
  public init(from reader: inout JuteReader) throws(WireError) {
    self.init(relativeZxid: Zxid(try reader.long()))
    data = try reader.strings(.paths)
    exist = try reader.strings(.paths)
    child = try reader.strings(.paths)
  }

  /// Writes the zxid and the three lists.
  public func write(to bytes: inout ByteBuffer) {
    bytes.write(long: relativeZxid.rawValue)
    for list in [data, exist, child] {
      bytes.write(vector: list) { bytes, path in bytes.write(string: path) }
    }
  }
}
