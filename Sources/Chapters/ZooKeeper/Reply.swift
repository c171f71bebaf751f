/// What a request that succeeded brings back.
public enum Answer: Hashable, Sendable {
  /// Nothing but success: delete, check, ping, auth, setWatches, checkWatches, removeWatches,
  /// closeSession.
  case done
  /// The path as created (with its sequence number); the Stat unless `create` was asked.
  case created(path: String, Stat? = nil)
  /// exists, setData, setACL.
  case stat(Stat)
  /// getData.
  case data(Payload, Stat)
  /// getACL.
  case acl([ACL], Stat)
  /// getChildren, with the Stat for `getChildren2`; the order means nothing.
  case children([String], Stat? = nil)
  /// sync gives the path back as it came.
  case synced(path: String?)
  /// multi: a result for each operation. When one failed, nothing happened: those before it say
  /// ``ErrorCode/ok``, those after it ``ErrorCode/runtimeInconsistency``.
  case multi([OperationResult])
  /// multiRead: a result for each operation.
  case multiRead([ReadResult])
  /// getEphemerals: the paths, in no order.
  case ephemerals([String])
  /// getAllChildrenNumber: how many nodes there are below the node.
  case count(Int32)
  /// whoAmI: in no order.
  case identities([ClientInfo])
  /// addWatch.
  case watchAdded
  /// sasl: what the mechanism answers; null when it has nothing to say.
  case token(Payload)
}

/// An identity of a connection, as whoAmI tells it: without what would prove it.
public struct ClientInfo: Hashable, Sendable {
  /// The scheme: `digest`, `ip`.
  public var scheme: String
  /// The user's name, of a digest what stands before its colon.
  public var user: String

  /// The identity of these parts.
  public init(scheme: String, user: String) {
    self.scheme = scheme
    self.user = user
  }
}

/// What an operation of a multiRead has brought.
public enum ReadResult: Hashable, Sendable {
  /// getData.
  case data(Payload, Stat)
  /// getChildren.
  case children([String])
  /// Why it brought nothing; the others are not affected.
  case failed(ErrorCode)
}

/// The fate of one operation of a multi.
public enum OperationResult: Hashable, Sendable {
  /// create (without a Stat), create2 (with one).
  case created(path: String, Stat? = nil)
  /// delete.
  case deleted
  /// setData: the Stat right after this operation.
  case set(Stat)
  /// check.
  case checked
  /// In a multi that failed: this operation's code.
  case failed(ErrorCode)
}

/// A server's reply to one request.
public struct Reply: Hashable, Sendable {
  /// For a write, the transaction's; otherwise the last that the server has applied.
  public var zxid: Zxid
  /// The answer, or why there is none.
  public var result: Result<Answer, ErrorCode>

  /// The reply with this zxid and result.
  public init(zxid: Zxid, _ result: Result<Answer, ErrorCode>) {
    self.zxid = zxid
    self.result = result
  }
}
