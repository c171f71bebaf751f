import ZooKeeper

/// What a record consists of, in words: for those who read bytes.
///
/// Decoding does not use it. It is a second description of the same records, and a test holds each
/// against the other.
indirect enum Layout {
  /// A field of four bytes that is a plain number.
  case int(String)
  /// A field of eight bytes that is a plain number.
  case long(String)
  /// A zxid or an id, which reads better in hexadecimal.
  case id(String)
  /// One byte.
  case boolean(String)
  /// One byte that older peers leave out.
  case optionalBoolean(String)
  /// A length, and as many bytes.
  case buffer(String)
  /// A length, and as many bytes of UTF-8.
  case string(String)
  /// Four bytes that stand for a word.
  case word(String, @Sendable (Int32) -> String)
  /// A count, and as many elements.
  case vector(String, [Layout])
  /// The operations of a multi or a multiRead, or their results.
  case operations(areResults: Bool)
}

extension Layout {
  static let connectRequest: [Layout] = [
    .int("protocolVersion"), .id("lastZxidSeen"), .int("timeOut"), .id("sessionId"),
    .buffer("passwd"), .optionalBoolean("readOnly"),
  ]

  static let connectResponse: [Layout] = [
    .int("protocolVersion"), .int("timeOut"), .id("sessionId"), .buffer("passwd"),
    .optionalBoolean("readOnly"),
  ]

  static let requestHeader: [Layout] = [.int("xid"), .word("type") { "\(Opcode(rawValue: $0))" }]

  static let replyHeader: [Layout] = [
    .int("xid"), .id("zxid"), .word("err") { "\(ErrorCode(rawValue: $0))" },
  ]

  static let multiHeader: [Layout] = [
    .word("type") { "\(Opcode(rawValue: $0))" }, .boolean("done"),
    .word("err") { $0 == -1 ? "-1" : "\(ErrorCode(rawValue: $0))" },
  ]

  static let event: [Layout] = [
    .word("type") { "\(EventType(rawValue: $0))" },
    .word("state") { $0 == 3 ? "SyncConnected" : "\($0)" }, .string("path"),
  ]

  static let stat: [Layout] = [
    .id("czxid"), .id("mzxid"), .long("ctime"), .long("mtime"), .int("version"),
    .int("cversion"), .int("aversion"), .id("ephemeralOwner"), .int("dataLength"),
    .int("numChildren"), .id("pzxid"),
  ]

  static let acl = Layout.vector("acl", [.int("perms"), .string("scheme"), .string("id")])

  private static let create: [Layout] = [
    .string("path"), .buffer("data"), acl, .int("flags"),
  ]

  private static let pathAndVersion: [Layout] = [.string("path"), .int("version")]

  /// The body of a request; nil of an operation that is not known.
  static func request(_ opcode: Opcode) -> [Layout]? {
    switch opcode {
    case .create, .create2, .createContainer: create
    case .createTTL: create + [.long("ttl")]
    case .delete, .check: pathAndVersion
    case .exists, .getData, .getChildren, .getChildren2: [.string("path"), .boolean("watch")]
    case .setData: [.string("path"), .buffer("data"), .int("version")]
    case .getACL, .sync, .getAllChildrenNumber: [.string("path")]
    case .getEphemerals: [.string("prefixPath")]
    case .addWatch: [.string("path"), .word("mode") { "\(AddWatchMode(rawValue: $0))" }]
    case .checkWatches, .removeWatches:
      [.string("path"), .word("type") { "\(WatcherType(rawValue: $0))" }]
    case .reconfig:
      [
        .string("joiningServers"), .string("leavingServers"), .string("newMembers"),
        .long("curConfigId"),
      ]
    case .sasl: [.buffer("token")]
    case .setACL: [.string("path"), acl, .int("version")]
    case .multi, .multiRead: [.operations(areResults: false)]
    case .auth: [.int("type"), .string("scheme"), .buffer("auth")]
    case .setWatches: [.id("relativeZxid")] + paths("data", "exist", "child")
    case .setWatches2:
      [.id("relativeZxid")] + paths("data", "exist", "child", "persistent", "persistentRecursive")
    case .ping, .whoAmI, .closeSession: []
    default: nil
    }
  }

  private static func paths(_ lists: String...) -> [Layout] {
    lists.map { .vector($0 + "Watches", [.string("path")]) }
  }

  /// The body of a reply that is no error; nil of an operation that is not known.
  static func reply(_ opcode: Opcode) -> [Layout]? {
    switch opcode {
    case .create: [.string("path")]
    case .create2, .createContainer, .createTTL: [.string("path")] + stat
    case .exists, .setData, .setACL: stat
    case .getData, .reconfig: [.buffer("data")] + stat
    case .getACL: [acl] + stat
    case .getChildren: [.vector("children", [.string("name")])]
    case .getChildren2: [.vector("children", [.string("name")])] + stat
    case .sync: [.string("path")]
    case .multi, .multiRead: [.operations(areResults: true)]
    case .getEphemerals: [.vector("ephemerals", [.string("path")])]
    case .getAllChildrenNumber: [.int("totalNumber")]
    case .whoAmI: [.vector("clientInfo", [.string("authScheme"), .string("user")])]
    case .addWatch: [.word("err") { "\(ErrorCode(rawValue: $0))" }]
    case .sasl: [.buffer("token")]
    case .delete, .check, .ping, .auth, .setWatches, .setWatches2, .checkWatches, .removeWatches,
      .closeSession:
      []
    default: nil
    }
  }

  /// What follows a header in a multi's reply; a failed operation repeats its code.
  static func result(_ opcode: Opcode) -> [Layout]? {
    opcode == .error ? [.word("err") { "\(ErrorCode(rawValue: $0))" }] : reply(opcode)
  }
}
