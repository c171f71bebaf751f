public import ZooKeeper

/// Takes out of replies what differs from server to server and from run to run, and keeps what
/// must not: zxids and sessions become their order of appearance, lists whose order means nothing
/// are sorted, and a time becomes zero if it is near the clock of whoever asks and the same
/// wherever the same transaction is told.
///
/// Two servers that are asked the same get the same labels as long as they answer the same, even
/// if somebody else writes to one of them meanwhile.
public struct ReplyNormalizer: Sendable {
  private var zxids: [Zxid: Int64] = [.zero: 0]
  private var sessions: [SessionID: Int64] = [.none: 0]
  private var clock: Int64?
  private var times: [Zxid: Int64] = [:]
  private var lastWrite = Zxid.zero

  /// How far a server's clock may be from ours, in milliseconds.
  static let skew: Int64 = 300_000

  /// Nothing has appeared yet.
  public init() {}

  /// A session appears: the next label is its own.
  public mutating func meet(_ session: SessionID) {
    if sessions[session] == nil { sessions[session] = Int64(sessions.count) }
  }

  /// The reply with labels for numbers.
  ///
  /// The header's zxid is kept, as a label, where the request is a write: each takes one, failed
  /// or not. A read's tells what others have written, too.
  ///
  /// - Parameter clock: Our wall clock, in milliseconds since 1970; nil for a model, without any.
  public mutating func reply(
    _ reply: Reply, to request: Request, clock: Int64? = nil
  ) -> Reply {
    self.clock = clock
    var zxid = Zxid.zero
    if request.isWrite {
      zxid = label(reply.zxid)
      if reply.zxid <= lastWrite { zxid = Zxid(-1) }
      lastWrite = reply.zxid
    }
    return Reply(zxid: zxid, reply.result.map { answer($0) })
  }

  private mutating func answer(_ answer: Answer) -> Answer {
    switch answer {
    case .done, .synced, .count, .watchAdded, .token: answer
    case .ephemerals(let paths): .ephemerals(paths.sorted())
    case .identities(let identities):
      .identities(identities.sorted { ($0.scheme, $0.user) < ($1.scheme, $1.user) })
    case .multiRead(let results): .multiRead(results.map { result($0) })
    case .created(let path, let stat): .created(path: path, stat.map { self.stat($0) })
    case .stat(let stat): .stat(self.stat(stat))
    case .data(let data, let stat): .data(data, self.stat(stat))
    case .acl(let acl, let stat): .acl(ReplyNormalizer.sorted(acl), self.stat(stat))
    case .children(let names, let stat): .children(names.sorted(), stat.map { self.stat($0) })
    case .multi(let results): .multi(results.map { result($0) })
    }
  }

  /// Apache's server replaces `auth` by a connection's identities in the order of a hash table.
  private static func sorted(_ acl: [ACL]) -> [ACL] {
    func key(_ entry: ACL) -> (String, String, Int32) {
      (entry.identity.scheme, entry.identity.id, entry.permissions.rawValue)
    }
    return acl.sorted { key($0) < key($1) }
  }

  private mutating func result(_ result: ReadResult) -> ReadResult {
    switch result {
    case .data(let data, let stat): .data(data, self.stat(stat))
    case .children(let names): .children(names.sorted())
    case .failed: result
    }
  }

  private mutating func result(_ result: OperationResult) -> OperationResult {
    switch result {
    case .deleted, .checked, .failed: result
    case .created(let path, let stat): .created(path: path, stat.map { self.stat($0) })
    case .set(let stat): .set(self.stat(stat))
    }
  }

  private mutating func stat(_ stat: Stat) -> Stat {
    var stat = stat
    stat.ctime = time(stat.ctime, of: stat.czxid)
    stat.mtime = time(stat.mtime, of: stat.mzxid)
    stat.czxid = label(stat.czxid)
    stat.mzxid = label(stat.mzxid)
    stat.pzxid = label(stat.pzxid)
    stat.ephemeralOwner = SessionID(sessions[stat.ephemeralOwner] ?? -1)
    return stat
  }

  /// Zero for what a transaction's time should be, the time itself for any other.
  private mutating func time(_ time: Int64, of zxid: Zxid) -> Int64 {
    guard let clock else { return 0 }
    // What was there before the first transaction has no time.
    if zxid == .zero { return time }
    if let known = times[zxid] { return time == known ? 0 : time }
    guard (clock - ReplyNormalizer.skew...clock + ReplyNormalizer.skew).contains(time) else {
      return time
    }
    times[zxid] = time
    return 0
  }

  private mutating func label(_ zxid: Zxid) -> Zxid {
    if let known = zxids[zxid] { return Zxid(known) }
    let fresh = Int64(zxids.count)
    zxids[zxid] = fresh
    return Zxid(fresh)
  }
}
