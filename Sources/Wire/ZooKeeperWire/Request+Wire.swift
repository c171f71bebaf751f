public import NIOCore
public import ZooKeeper

extension Request {
  /// Reads the body of `opcode`'s request, `nil` if this module does not know the opcode.
  ///
  /// - Throws: If the body is cut short or malformed; if bytes follow it and reading is strict.
  public static func read(
    _ opcode: Opcode, from reader: inout JuteReader
  ) throws(WireError) -> Request? {
    guard let request = try readFields(opcode, from: &reader) else { return nil }
    try reader.end()
    return request
  }

  private static func readFields(
    _ opcode: Opcode, from reader: inout JuteReader
  ) throws(WireError) -> Request? {
    switch opcode {
    case .create, .create2, .createContainer, .createTTL:
      return .create(try Create.read(opcode, from: &reader))
    case .delete:
      let delete = try PathAndVersion(from: &reader, .required)
      return .delete(path: delete.path, version: delete.version)
    case .exists:
      let exists = try PathAndWatch(from: &reader)
      return .exists(path: exists.path, watch: exists.watch)
    case .getData:
      let get = try PathAndWatch(from: &reader)
      return .getData(path: get.path, watch: get.watch)
    case .setData:
      let set = try SetDataRequest(from: &reader, .likeEmpty)
      return .setData(path: set.path, data: set.data, version: set.version)
    case .getACL:
      return .getACL(path: try reader.path(.required))
    case .setACL:
      let set = try SetACLRequest(from: &reader)
      return .setACL(path: set.path, acl: set.acl, version: set.version)
    case .getChildren, .getChildren2:
      let get = try PathAndWatch(from: &reader)
      return .getChildren(path: get.path, watch: get.watch, withStat: opcode == .getChildren2)
    case .sync:
      return .sync(path: try PathOnly(from: &reader).path)
    case .check:
      let check = try PathAndVersion(from: &reader, .likeEmpty)
      return .check(path: check.path, version: check.version)
    case .multi:
      return .multi(try MultiRequest(from: &reader).operations)
    case .auth:
      let auth = try AuthPacket(from: &reader)
      return .auth(scheme: auth.scheme, credentials: auth.credentials)
    case .setWatches, .setWatches2:
      return .setWatches(try SetWatches.read(from: &reader, lasting: opcode == .setWatches2))
    case .ping:
      return .ping
    case .closeSession:
      return .closeSession
    default:
      return try readLaterFields(opcode, from: &reader)
    }
  }

  /// What came after 3.4, but for what it has a form of.
  private static func readLaterFields(
    _ opcode: Opcode, from reader: inout JuteReader
  ) throws(WireError) -> Request? {
    switch opcode {
    case .reconfig:
      return .reconfig(try ReconfigRequest(from: &reader).change)
    case .checkWatches, .removeWatches:
      let isRequired =
        opcode == .checkWatches && reader.reading.refusedNulls.contains(.checkedPath)
      let watches = try PathAndKind(from: &reader, isRequired: isRequired)
      let type = WatcherType(rawValue: watches.kind)
      return opcode == .checkWatches
        ? .checkWatches(path: watches.path, type: type)
        : .removeWatches(path: watches.path, type: type)
    case .addWatch:
      let watch = try PathAndKind(from: &reader)
      return .addWatch(path: watch.path, mode: AddWatchMode(rawValue: watch.kind))
    case .multiRead:
      return .multiRead(try MultiReadRequest(from: &reader).operations)
    case .sasl:
      return .sasl(token: try reader.buffer())
    case .getEphemerals:
      return .getEphemerals(prefix: try PathOnly(from: &reader).path)
    case .getAllChildrenNumber:
      return .getAllChildrenNumber(path: try reader.path(.required))
    case .whoAmI:
      return .whoAmI
    default:
      return nil
    }
  }

  /// Writes the body, without a header.
  public func writeBody(to bytes: inout ByteBuffer) {
    switch self {
    case .create(let create):
      create.write(to: &bytes)
    case .delete(let path, let version), .check(let path, let version):
      PathAndVersion(path, version).write(to: &bytes)
    case .exists(let path, let watch), .getData(let path, let watch),
      .getChildren(let path, let watch, _):
      PathAndWatch(path, watch).write(to: &bytes)
    case .setData(let path, let data, let version):
      SetDataRequest(path, data, version).write(to: &bytes)
    case .getACL(let path), .getAllChildrenNumber(let path):
      PathOnly(path).write(to: &bytes)
    case .setACL(let path, let acl, let version):
      SetACLRequest(path, acl, version).write(to: &bytes)
    case .sync(let path), .getEphemerals(let path):
      PathOnly(path).write(to: &bytes)
    case .multi(let operations):
      MultiRequest(operations).write(to: &bytes)
    case .auth(let scheme, let credentials):
      AuthPacket(scheme: scheme, credentials: credentials).write(to: &bytes)
    case .setWatches(let watches):
      watches.write(to: &bytes)
    case .addWatch(let path, let mode):
      PathAndKind(path, mode.rawValue).write(to: &bytes)
    case .checkWatches(let path, let type), .removeWatches(let path, let type):
      PathAndKind(path, type.rawValue).write(to: &bytes)
    case .multiRead(let operations):
      MultiReadRequest(operations).write(to: &bytes)
    case .reconfig(let change):
      ReconfigRequest(change).write(to: &bytes)
    case .sasl(let token):
      bytes.write(buffer: token)
    case .ping, .whoAmI, .closeSession:
      break
    }
  }
}
