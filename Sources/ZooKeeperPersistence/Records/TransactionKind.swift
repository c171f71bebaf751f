internal import NIOCore
internal import ZooKeeper
internal import ZooKeeperWire

/// The number by which a log tells what kind of transaction follows: that of the request which it
/// came of.
///
/// | number     | body                                                                 |
/// | ---------- | -------------------------------------------------------------------- |
/// | -10        | int timeout                                                          |
/// | -11        | vector of paths; before 3.6 nothing                                  |
/// | -1         | int error                                                            |
/// | 1, 15      | path, buffer data, vector acl, boolean ephemeral, int parentCVersion |
/// | 19         | path, buffer data, vector acl, int parentCVersion                    |
/// | 21         | path, buffer data, vector acl, int parentCVersion, long ttl          |
/// | 2, 20      | path                                                                 |
/// | 5, 16      | path, buffer data, int version, which is the new one                 |
/// | 7          | path, vector acl, int version                                        |
/// | 13         | path, int version; within a multi only                               |
/// | 14         | vector of an int kind and a buffer with a body of that kind          |
///
/// Source: `zookeeper.jute`, the `…Txn` records.
struct TransactionKind: RawRepresentable, Hashable, Sendable {
  let rawValue: Int32

  static let createSession = TransactionKind(rawValue: -10)
  static let closeSession = TransactionKind(rawValue: -11)
  static let error = TransactionKind(rawValue: -1)
  static let create = TransactionKind(rawValue: 1)
  static let delete = TransactionKind(rawValue: 2)
  static let setData = TransactionKind(rawValue: 5)
  static let setACL = TransactionKind(rawValue: 7)
  static let check = TransactionKind(rawValue: 13)
  static let multi = TransactionKind(rawValue: 14)
  static let create2 = TransactionKind(rawValue: 15)
  static let reconfig = TransactionKind(rawValue: 16)
  static let createContainer = TransactionKind(rawValue: 19)
  static let deleteContainer = TransactionKind(rawValue: 20)
  static let createTTL = TransactionKind(rawValue: 21)

  init(rawValue: Int32) { self.rawValue = rawValue }

  init(of transaction: Transaction) {
    switch transaction.body {
    // No session asks for it: the server took a container or a TTL node away.
    case .delete where transaction.session == .none: self = .deleteContainer
    // A log with a check outside a multi is one that Apache's server cannot read back.
    case .check: self = .error
    case .create(let creation) where creation.withStat && creation.reaping == .never:
      self = .create2
    default: self.init(within: transaction.body)
    }
  }

  /// The kind of a part of a multi.
  ///
  /// There a create2 is a create: what is answered to it is no part of the log, and Apache's server
  /// takes no 15 in a multi before 3.8.2.
  init(within body: Transaction.Body) {
    switch body {
    case .createSession: self = .createSession
    case .closeSession: self = .closeSession
    case .create(let creation):
      switch creation.reaping {
      case .never: self = .create
      case .emptied: self = .createContainer
      case .after: self = .createTTL
      }
    case .delete: self = .delete
    case .setData: self = .setData
    case .setACL: self = .setACL
    case .check: self = .check
    case .multi: self = .multi
    case .error: self = .error
    }
  }
}

/// Reading.
extension TransactionKind {
  /// Reads the body of a transaction of this kind.
  func body(_ reader: inout JuteReader) throws(WireError) -> Transaction.Body {
    switch self {
    case .createSession: return .createSession(timeout: try reader.int())
    case .closeSession:
      // A digest is 12 bytes, and then there was no list before it.
      guard reader.bytesLeft != 0, reader.bytesLeft != 12 else { return .closeSession(paths: []) }
      let paths = try reader.vector(ofAtLeast: 4) { (reader: inout JuteReader) throws(WireError) in
        try reader.string() ?? ""
      }
      return .closeSession(paths: paths ?? [])
    case .multi:
      let parts = try reader.vector(ofAtLeast: 8) { (reader: inout JuteReader) throws(WireError) in
        try TransactionKind.part(&reader)
      }
      return .multi(TransactionKind.settled(parts ?? []))
    case .check: throw WireError(.notInMulti(Opcode(rawValue: rawValue)), at: reader.offset)
    default: return try simple(&reader)
    }
  }

  private static func part(_ reader: inout JuteReader) throws(WireError) -> Transaction.Body {
    let kind = TransactionKind(rawValue: try reader.int())
    let at = reader.offset + 4
    let bytes = ByteBuffer(bytes: try reader.buffer() ?? [])
    var inner = JuteReader(bytes, reader.reading)
    do throws(WireError) {
      return try kind.simple(&inner)
    } catch {
      throw WireError(error.reason, at: at + error.offset)
    }
  }

  /// A multi as every server applies it: if one of its parts is an error, none of them happens.
  private static func settled(_ parts: [Transaction.Body]) -> [Transaction.Body] {
    func isError(_ part: Transaction.Body) -> Bool { if case .error = part { true } else { false } }
    guard let first = parts.firstIndex(where: isError) else { return parts }
    return parts.enumerated().map { place, part in
      if isError(part) { return part }
      return .error(place < first ? .ok : .runtimeInconsistency)
    }
  }

  /// Reads what may stand in a multi too.
  private func simple(_ reader: inout JuteReader) throws(WireError) -> Transaction.Body {
    switch self {
    case .create, .create2, .createContainer, .createTTL: return .create(try creation(&reader))
    case .delete, .deleteContainer: return .delete(path: try reader.path())
    case .setData, .reconfig:
      return .setData(
        path: try reader.path(), data: try reader.buffer(), version: try reader.int())
    case .setACL:
      return .setACL(
        path: try reader.path(), acl: try reader.storedACL(), version: try reader.int())
    case .check: return .check(path: try reader.path(), version: try reader.int())
    case .error: return .error(ErrorCode(rawValue: try reader.int()))
    default: throw WireError(.notInMulti(Opcode(rawValue: rawValue)), at: reader.offset)
    }
  }

  private func creation(_ reader: inout JuteReader) throws(WireError) -> Transaction.Creation {
    let (path, data) = (try reader.path(), try reader.buffer())
    let acl = try reader.storedACL()
    let hasOwner = self == .create || self == .create2
    let isEphemeral = hasOwner ? try reader.boolean() : false
    let parentCVersion = try reader.int()
    var reaping = Node.Reaping.never
    if self == .createContainer { reaping = .emptied }
    if self == .createTTL { reaping = .after(try reader.long()) }
    return Transaction.Creation(
      path: path, data: data, acl: acl, isEphemeral: isEphemeral, reaping: reaping,
      parentCVersion: parentCVersion, withStat: self != .create)
  }
}

/// Writing.
extension TransactionKind {
  /// Writes the body of a transaction of this kind.
  func write(_ body: Transaction.Body, to bytes: inout ByteBuffer) {
    switch body {
    case .createSession(let timeout): bytes.write(int: timeout)
    case .closeSession(let paths):
      bytes.write(vector: paths) { bytes, path in bytes.write(string: path) }
    case .create(let creation): write(creation, to: &bytes)
    case .delete(let path): bytes.write(string: path)
    case .setData(let path, let data, let version):
      bytes.write(string: path)
      bytes.write(buffer: data)
      bytes.write(int: version)
    case .setACL(let path, let acl, let version):
      bytes.write(string: path)
      bytes.write(acl: acl)
      bytes.write(int: version)
    case .check where self == .error: bytes.write(int: ErrorCode.ok.rawValue)
    case .check(let path, let version):
      bytes.write(string: path)
      bytes.write(int: version)
    case .multi(let parts):
      bytes.write(vector: parts) { bytes, part in
        let kind = TransactionKind(within: part)
        bytes.write(int: kind.rawValue)
        var inner = ByteBuffer()
        kind.write(part, to: &inner)
        bytes.write(int: Int32(clamping: inner.readableBytes))
        bytes.writeBuffer(&inner)
      }
    case .error(let code): bytes.write(int: code.rawValue)
    }
  }

  private func write(_ creation: Transaction.Creation, to bytes: inout ByteBuffer) {
    bytes.write(string: creation.path)
    bytes.write(buffer: creation.data)
    bytes.write(acl: creation.acl)
    if creation.reaping == .never { bytes.write(boolean: creation.isEphemeral) }
    bytes.write(int: creation.parentCVersion)
    if case .after(let ttl) = creation.reaping { bytes.write(long: ttl) }
  }
}

extension JuteReader {
  /// Reads a path; a null one names nothing.
  fileprivate mutating func path() throws(WireError) -> String {
    let at = offset
    guard let path = try string() else { throw WireError(.null(.path), at: at) }
    return path
  }

  /// Reads an ACL; to Apache's server null means that all is open.
  mutating func storedACL() throws(WireError) -> [ACL] {
    var rest = self
    if try rest.int() == -1 {
      self = rest
      return .open
    }
    return try acl([])
  }
}
