/// Bytes that are not what the protocol says, or a value that the protocol cannot carry: what is
/// wrong, and where.
public struct WireError: Error, Hashable, Sendable {
  /// What is wrong, closed: every fault that decoding can find is one of these.
  public enum Reason: Hashable, Sendable {
    /// The field needs more bytes than are left.
    case truncated(needed: Int, left: Int)
    /// A string's or buffer's length is below -1.
    case negativeLength(Int32)
    /// A vector's count is below -1 (strict reading only: Java takes it for an empty vector).
    case negativeCount(Int32)
    /// A vector's count is more than the bytes that are left can hold.
    case excessiveCount(Int32, bytesLeft: Int)
    /// Null where there must be a value.
    case null(Field)
    /// A string is not UTF-8 (strict reading only: Java puts U+FFFD in its place).
    case invalidUTF8
    /// A boolean is neither 0 nor 1 (strict reading only: Java takes all but 0 for true).
    case invalidBoolean(UInt8)
    /// There are bytes after the record's end (strict reading only: Java ignores them).
    case trailingBytes(Int)
    /// This operation may not stand in a multi.
    case notInMulti(Opcode)
    /// A field that says the same in every message says something else (strict reading only: Java
    /// does not look at it).
    case unexpected(Int32, insteadOf: Int32)
    /// A frame's length is negative or above the limit.
    case frameLength(Int, limit: Int)
  }

  /// The fields that may be null on the wire and sometimes must not be.
  public enum Field: String, Hashable, Sendable {
    /// A node's path.
    case path
    /// A list of paths.
    case paths
    /// The id of an ACL entry.
    case id
    /// An ACL.
    case acl
    /// A list of children, or one of them.
    case children
    /// The scheme of an identity.
    case scheme
    /// The name of an identity.
    case user
    /// A list of identities.
    case identities
  }

  /// What is wrong.
  public let reason: Reason
  /// Where the field at fault begins, counted from the first byte after the length prefix.
  public let offset: Int

  /// The error of this reason at this offset.
  public init(_ reason: Reason, at offset: Int) {
    self.reason = reason
    self.offset = offset
  }
}

extension WireError: CustomStringConvertible {
  /// The place, then the fault: `byte 12: 100 bytes needed, 2 left`.
  public var description: String { "byte \(offset): \(reason)" }
}

extension WireError.Reason: CustomStringConvertible {
  /// The fault in words.
  public var description: String {
    switch self {
    case .truncated(let needed, let left): "\(needed) bytes needed, \(left) left"
    case .negativeLength(let length): "a length of \(length)"
    case .negativeCount(let count): "a count of \(count)"
    case .excessiveCount(let count, let left): "a count of \(count) with \(left) bytes left"
    case .null(let field): "a null \(field.rawValue)"
    case .invalidUTF8: "not UTF-8"
    case .invalidBoolean(let byte): "a boolean of \(byte)"
    case .trailingBytes(let count): "\(count) bytes after the end"
    case .notInMulti(let opcode): "\(opcode) in a multi"
    case .unexpected(let value, let usual): "\(value) instead of \(usual)"
    case .frameLength(let length, let limit): "a frame of \(length) bytes, the limit is \(limit)"
    }
  }
}
