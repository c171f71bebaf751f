public import ZooKeeper

/// What a snapshot file holds: a tree with its sessions, and the digest that its writer counted.
///
/// | size | meaning                                                                       |
/// | ---- | ----------------------------------------------------------------------------- |
/// | 4    | `ZKSN`                                                                        |
/// | 4    | 2, the version                                                                |
/// | 8    | -1, the database                                                              |
/// | …    | an int, and so many sessions: long id, int timeout                            |
/// | …    | an int, and so many ACLs: long key, vector of entries                         |
/// | …    | the nodes, a parent before its children: path, buffer data, long ACL key,     |
/// |      | czxid, mzxid, ctime, mtime, version, cversion, aversion, owner, pzxid         |
/// | …    | the path `/`, which ends them; the root's own is empty                        |
/// | 8    | the Adler-32 of all that comes before; then the string `/`                    |
/// | 20   | since 3.6: zxid, an int 2, the digest of the tree at that zxid                |
/// | 8    | since 3.6: the Adler-32 of all that comes before; then the string `/`         |
/// | 8    | since 3.9: the zxid of the last transaction                                   |
/// | 8    | since 3.9: the Adler-32 of all that comes before; then the string `/`         |
///
/// The key of an ACL is its number in the file; -1 stands for the one that is open to everybody.
///
/// Apache's server writes its nodes while it serves: the file may hold effects of transactions
/// later than the one in its name, and the log is replayed over it. Here a tree is a value, and a
/// file holds just what stood at its zxid.
///
/// Source: Apache ZooKeeper, `FileSnap`, `DataTree.serialize`, `SnapStream.sealStream`.
public struct Snapshot: Sendable {
  /// The tree, its sessions among it.
  public var tree: Tree
  /// The zxid and the digest of the tree at it, if the file tells them.
  public var digest: (zxid: Zxid, value: UInt64)?

  static let magic: Int32 = 0x5A4B_534E
  static let version: Int32 = 2
  static let database: Int64 = -1
  /// The key of the ACL that is open to everybody.
  static let openKey: Int64 = -1
  /// What ends the nodes, and stands behind each checksum.
  static let end = "/"

  /// The name of a snapshot of this zxid.
  public static func name(_ zxid: Zxid) -> String { "snapshot." + zxid.fileSuffix }

  /// The name that a file has until it is whole; Apache's server does not look at it.
  static let unfinishedName = "unfinished.snapshot"
}
