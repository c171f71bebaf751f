public import NIOCore
public import ZooKeeper

extension Answer {
  /// Reads the body of a successful reply to `opcode`, `nil` if this module does not know the
  /// opcode.
  ///
  /// A reply does not say what it answers: the client keeps the opcodes of what it has asked.
  ///
  /// - Throws: If the body is cut short or malformed; if bytes follow it and reading is strict.
  public static func read(
    _ opcode: Opcode, from reader: inout JuteReader
  ) throws(WireError) -> Answer? {
    guard let answer = try readFields(opcode, from: &reader) else { return nil }
    try reader.end()
    return answer
  }

  private static func readFields(
    _ opcode: Opcode, from reader: inout JuteReader
  ) throws(WireError) -> Answer? {
    switch opcode {
    case .create, .create2, .createContainer, .createTTL:
      let reply = try CreateReply(from: &reader, withStat: opcode != .create)
      return .created(path: reply.path, reply.stat)
    case .exists, .setData, .setACL:
      return .stat(try Stat(from: &reader))
    case .getData, .reconfig:
      let reply = try GetDataReply(from: &reader)
      return .data(reply.data, reply.stat)
    case .getACL:
      let reply = try GetACLReply(from: &reader)
      return .acl(reply.acl, reply.stat)
    case .getChildren, .getChildren2:
      let reply = try GetChildrenReply(from: &reader, withStat: opcode == .getChildren2)
      return .children(reply.children, reply.stat)
    case .sync:
      return .synced(path: try PathOnly(from: &reader).path)
    case .multi:
      return .multi(try MultiReply(from: &reader).results)
    case .multiRead:
      return .multiRead(try MultiReadReply(from: &reader).results)
    case .getEphemerals:
      return .ephemerals(try reader.strings(.paths))
    case .getAllChildrenNumber:
      return .count(try reader.int())
    case .whoAmI:
      return .identities(try WhoAmIReply(from: &reader).identities)
    case .addWatch:
      _ = try AddWatchReply(from: &reader)
      return .watchAdded
    case .sasl:
      return .token(try reader.buffer())
    case .delete, .check, .ping, .auth, .setWatches, .setWatches2, .checkWatches, .removeWatches,
      .closeSession:
      return .done
    default:
      return nil
    }
  }

  /// Writes the body, without a header.
  public func writeBody(to bytes: inout ByteBuffer) {
    switch self {
    case .done:
      break
    case .created(let path, let stat):
      CreateReply(path, stat).write(to: &bytes)
    case .stat(let stat):
      stat.write(to: &bytes)
    case .data(let data, let stat):
      GetDataReply(data, stat).write(to: &bytes)
    case .acl(let acl, let stat):
      GetACLReply(acl, stat).write(to: &bytes)
    case .children(let names, let stat):
      GetChildrenReply(names, stat).write(to: &bytes)
    case .synced(let path):
      PathOnly(path).write(to: &bytes)
    case .multi(let results):
      MultiReply(results).write(to: &bytes)
    case .multiRead(let results):
      MultiReadReply(results).write(to: &bytes)
    case .ephemerals(let paths):
      bytes.write(vector: paths) { bytes, path in bytes.write(string: path) }
    case .count(let count):
      bytes.write(int: count)
    case .identities(let identities):
      WhoAmIReply(identities).write(to: &bytes)
    case .watchAdded:
      AddWatchReply().write(to: &bytes)
    case .token(let token):
      bytes.write(buffer: token)
    }
  }
}
