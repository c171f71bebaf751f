public import NIOCore
public import ZooKeeper

/// | offset | size | meaning                                   |
/// | ------ | ---- | ----------------------------------------- |
/// | 0      | 4    | perms, five bits have a meaning           |
/// | 4      | 4    | n, the length of the scheme; -1 for null  |
/// | 8      | n    | scheme                                    |
/// | 8 + n  | 4    | m, the length of the id; -1 for null      |
/// | 12 + n | m    | id                                        |
///
/// Reading leniently, a null scheme is the empty one: a server refuses both with InvalidACL. A null
/// id is the empty one under schemes that do not look at the id; where they do, Java runs into its
/// null and answers MarshallingError, so there it is an error.
///
/// Source: `zookeeper.jute`; `PrepRequestProcessor.fixupACL`.
extension ACL: Record {
  /// The number of bytes that an entry has at least.
  static let leastSize = 12

  /// Reads the entry's fields.
  public init(from reader: inout JuteReader) throws(WireError) {
    try self.init(from: &reader, behind: [])
  }

  /// Reads the fields of an entry that stands behind others of its list.
  ///
  /// Source: `ACL.equals` and `Id.equals`, which look at permissions, scheme and id in this order,
  /// and run into a null of the entry whose turn it is.
  init(from reader: inout JuteReader, behind others: [ACL]) throws(WireError) {
    let refused = reader.reading.refusedNulls
    let permissions = Permissions(rawValue: try reader.int())
    let schemeOffset = reader.offset
    let scheme = try reader.string()
    let equals =
      refused.contains(.besideOthers) ? others.filter { $0.permissions == permissions } : []
    if scheme == nil, refused.contains(.scheme) || !equals.isEmpty {
      throw WireError(.null(.scheme), at: schemeOffset)
    }
    let idOffset = reader.offset
    let id = try reader.string()
    let isRead =
      ACL.schemesThatReadTheID.contains(scheme ?? "")
      || scheme == "sasl" && refused.contains(.saslID)
      || equals.contains { $0.identity.scheme == scheme }
    if id == nil, reader.reading.isStrict || isRead {
      throw WireError(.null(.id), at: idOffset)
    }
    self.init(permissions, Identity(scheme: scheme ?? "", id: id ?? ""))
  }

  private static let schemesThatReadTheID: Set<String> = ["world", "digest", "ip"]

  /// Writes the entry's fields.
  public func write(to bytes: inout ByteBuffer) {
    bytes.write(int: permissions.rawValue)
    bytes.write(string: identity.scheme)
    bytes.write(string: identity.id)
  }
}

extension JuteReader {
  /// Reads a list of entries; null is no entry unless this reading refuses it, as `null` there.
  package mutating func acl(_ null: Reading.Nulls = .acl) throws(WireError) -> [ACL] {
    let at = offset
    var others: [ACL] = []
    let entries = try vector(
      ofAtLeast: ACL.leastSize,
      { (reader: inout JuteReader) throws(WireError) in
        let entry = try ACL(from: &reader, behind: others)
        others.append(entry)
        return entry
      })
    if entries == nil, reading.refusedNulls.contains(null) { throw WireError(.null(.acl), at: at) }
    return entries ?? []
  }
}

extension ByteBuffer {
  package mutating func write(acl: [ACL]) {
    write(vector: acl) { bytes, entry in entry.write(to: &bytes) }
  }
}
