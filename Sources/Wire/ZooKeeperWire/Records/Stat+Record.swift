public import NIOCore
public import ZooKeeper

/// | offset | size | meaning        |
/// | ------ | ---- | -------------- |
/// | 0      | 8    | czxid          |
/// | 8      | 8    | mzxid          |
/// | 16     | 8    | ctime          |
/// | 24     | 8    | mtime          |
/// | 32     | 4    | version        |
/// | 36     | 4    | cversion       |
/// | 40     | 4    | aversion       |
/// | 44     | 8    | ephemeralOwner |
/// | 52     | 4    | dataLength     |
/// | 56     | 4    | numChildren    |
/// | 60     | 8    | pzxid          |
///
/// Source: `zookeeper.jute`.
extension Stat: Record {
  /// The number of bytes.
  public static let size = 68

  /// Reads the eleven fields.
  public init(from reader: inout JuteReader) throws(WireError) {
    self.init()
    czxid = Zxid(try reader.long())
    mzxid = Zxid(try reader.long())
    ctime = try reader.long()
    mtime = try reader.long()
    version = try reader.int()
    cversion = try reader.int()
    aversion = try reader.int()
    ephemeralOwner = SessionID(try reader.long())
    dataLength = try reader.int()
    numChildren = try reader.int()
    pzxid = Zxid(try reader.long())
  }

  /// Writes the eleven fields.
  public func write(to bytes: inout ByteBuffer) {
    bytes.write(long: czxid.rawValue)
    bytes.write(long: mzxid.rawValue)
    bytes.write(long: ctime)
    bytes.write(long: mtime)
    bytes.write(int: version)
    bytes.write(int: cversion)
    bytes.write(int: aversion)
    bytes.write(long: ephemeralOwner.rawValue)
    bytes.write(int: dataLength)
    bytes.write(int: numChildren)
    bytes.write(long: pzxid.rawValue)
  }
}
