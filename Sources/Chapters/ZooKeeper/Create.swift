/// What a create asks for.
public struct Create: Hashable, Sendable {
  /// The node's path; for a sequential mode, its beginning.
  public var path: String
  /// Its data.
  public var data: Payload
  /// Its ACL; empty (or null on the wire) is refused.
  public var acl: [ACL]
  /// Its kind.
  public var mode: CreateMode
  /// By which operation.
  public var form: Form

  /// The operations that create a node.
  ///
  /// What is made is the operation's affair, not the mode's: a server that is asked by `create` for
  /// a container makes a persistent node, and by `createContainer` with whatever mode a container.
  public enum Form: Hashable, Sendable {
    /// `create`.
    case create
    /// `create2`: the reply brings the Stat too, as it does for those that follow.
    case create2
    /// `createContainer`.
    case container
    /// `createTTL`, with a time in milliseconds.
    case ttl(Int64)
  }

  /// A create of these fields, by the operation that its mode asks for.
  public init(
    _ path: String, data: Payload = [], acl: [ACL] = .open, mode: CreateMode = .persistent,
    withStat: Bool = false
  ) {
    self.init(
      path, data: data, acl: acl, mode: mode,
      form: mode == .container ? .container : withStat ? .create2 : .create)
  }

  /// A create of a node that goes when its data was not set for `ttl` milliseconds.
  ///
  /// From 1 to 2^40 - 1 are granted.
  public init(
    _ path: String, data: Payload = [], acl: [ACL] = .open, ttl: Int64, sequential: Bool = false
  ) {
    self.init(
      path, data: data, acl: acl,
      mode: sequential ? .persistentSequentialWithTTL : .persistentWithTTL, form: .ttl(ttl))
  }

  /// A create of these fields by this operation, whether they belong together or not.
  public init(_ path: String, data: Payload, acl: [ACL], mode: CreateMode, form: Form) {
    self.path = path
    self.data = data
    self.acl = acl
    self.mode = mode
    self.form = form
  }

  /// Whether the reply brings the Stat too.
  public var withStat: Bool { form != .create }

  /// The times that are granted, in milliseconds: they are stored in 40 bits.
  public static let grantedTTLs: ClosedRange<Int64> = 1...0xff_ffff_ffff

  /// Whether the server takes away what it makes, and when.
  var reaping: Node.Reaping {
    switch form {
    case .create, .create2: .never
    case .container: .emptied
    case .ttl(let ttl): .after(ttl)
    }
  }

  /// The time that a `createTTL` gives, in milliseconds; nil for another operation.
  public var ttl: Int64? { if case .ttl(let ttl) = form { ttl } else { nil } }
}
