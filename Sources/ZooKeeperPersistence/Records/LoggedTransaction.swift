public import NIOCore
public import ZooKeeper
public import ZooKeeperWire

/// A transaction as a log holds it: with the digest of the tree that it makes.
///
/// | offset | size | meaning                                                    |
/// | ------ | ---- | ---------------------------------------------------------- |
/// | 0      | 8    | the session                                                |
/// | 8      | 4    | cxid                                                       |
/// | 12     | 8    | zxid                                                       |
/// | 20     | 8    | time, in milliseconds since 1970                           |
/// | 28     | 4    | the kind of the transaction                                |
/// | 32     | …    | its body                                                   |
/// | …      | 4    | 2, the version of the digest; nothing behind an error      |
/// | …      | 8    | the digest                                                 |
///
/// Servers before 3.6 write no digest, and none is missed.
///
/// Source: `zookeeper.jute`, `TxnHeader` and `TxnDigest`; `SerializeUtils.deserializeTxn`.
public struct LoggedTransaction: Hashable, Sendable {
  /// The transaction.
  public var transaction: Transaction
  /// The digest of the tree after it; nil where none was written.
  public var digest: UInt64?

  /// A transaction and the digest of the tree that it makes.
  public init(_ transaction: Transaction, digest: UInt64?) {
    self.transaction = transaction
    self.digest = digest
  }

  /// A header and a digest.
  private static let overhead = 32 + 12
}

extension LoggedTransaction: Record {
  /// Reads header, body and digest.
  public init(from reader: inout JuteReader) throws(WireError) {
    let session = SessionID(try reader.long())
    let cxid = try reader.int()
    let zxid = Zxid(try reader.long())
    let time = try reader.long()
    let kind = TransactionKind(rawValue: try reader.int())
    let body = try kind.body(&reader)
    transaction = Transaction(session: session, cxid: cxid, zxid: zxid, time: time, body: body)
    digest = nil
    guard reader.bytesLeft >= 12 else { return }
    let version = try reader.int()
    let sum = try reader.long()
    if version == Tree.digestVersion { digest = UInt64(bitPattern: sum) }
  }

  /// Writes header, body and digest.
  public func write(to bytes: inout ByteBuffer) {
    bytes.write(long: transaction.session.rawValue)
    bytes.write(int: transaction.cxid)
    bytes.write(long: transaction.zxid.rawValue)
    bytes.write(long: transaction.time)
    let kind = TransactionKind(of: transaction)
    bytes.write(int: kind.rawValue)
    kind.write(transaction.body, to: &bytes)
    guard let digest, kind != .error else { return }
    bytes.write(int: Tree.digestVersion)
    bytes.write(long: Int64(bitPattern: digest))
  }
}
