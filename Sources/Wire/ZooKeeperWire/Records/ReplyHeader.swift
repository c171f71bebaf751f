public import NIOCore
public import ZooKeeper

/// What stands before every reply and every notification.
///
/// | offset | size | meaning                                                                  |
/// | ------ | ---- | ------------------------------------------------------------------------ |
/// | 0      | 4    | xid: the request's, or -1 for a notification                             |
/// | 4      | 8    | zxid: a write's own, a read's last applied; 0 for auth; a notification's |
/// | 12     | 4    | err: 0, or an ``ZooKeeper/ErrorCode``                                    |
/// | 16     | …    | if err is 0, the answer's record or the ``ZooKeeper/WatchEvent``         |
///
/// The zxid of a notification is -1 before 3.9, and since then that of the change.
///
/// A client ignores what follows an err that is not 0.
///
/// Source: `zookeeper.jute`.
public struct ReplyHeader: Record {
  /// The number of bytes.
  public static let size = 16

  /// Which request is answered.
  public var xid: Xid
  /// The last transaction that the server has applied.
  public var zxid: Zxid
  /// Success, or the reason why not.
  public var error: ErrorCode

  /// The header of these fields.
  public init(xid: Xid, zxid: Zxid, error: ErrorCode = .ok) {
    self.xid = xid
    self.zxid = zxid
    self.error = error
  }

  /// Reads the three fields.
  public init(from reader: inout JuteReader) throws(WireError) {
    xid = try reader.int()
    zxid = Zxid(try reader.long())
    error = ErrorCode(rawValue: try reader.int())
  }

  /// Writes the three fields.
  public func write(to bytes: inout ByteBuffer) {
    bytes.write(int: xid)
    bytes.write(long: zxid.rawValue)
    bytes.write(int: error.rawValue)
  }
}
