internal import HashTreeCollections

/// Quotas: what each server counts by itself, without a transaction.
///
/// Of the quotas on a path and its ancestors only the deepest counts. What is used is written into
/// its node's data alone: neither version nor zxid of that node moves.
extension Tree {
  /// The deepest path that has a quota and is this one or above it; nil for none, and for `/`.
  func quota(over path: String) -> String? {
    guard !quotas.isEmpty else { return nil }
    var candidate = path
    while candidate != "/", let (parent, _) = Path.split(candidate) {
      if quotas.contains(Verbatim(candidate)) { return candidate }
      candidate = parent.string
    }
    return nil
  }

  /// Adds to what is used of the quota over a path.
  ///
  /// A number that cannot be read counts as -1. Apache's server, since 3.7, ends its process there,
  /// older ones over limits that cannot be read as well.
  mutating func countUsage(of path: String, nodes: Int, bytes: Int) {
    guard let subject = quota(over: path) else { return }
    update(Verbatim(Quota.usage(of: subject))) { node in
      var usage = Quota(node.data)
      usage.nodes &+= Int64(nodes)
      usage.bytes &+= Int64(bytes)
      node.data = Array(usage.text.utf8)
    }
  }

  mutating func countCreation(of path: String, _ node: Node) {
    if let (subject, name) = Quota.part(at: path), !subject.isEmpty {
      if name == Quota.limits { quotas.insert(Verbatim(subject)) }
      if name == Quota.usage { recount(subject) }
    }
    countUsage(of: path, nodes: 1, bytes: node.data?.count ?? 0)
  }

  mutating func countDeletion(of path: String, _ node: Node) {
    if let part = Quota.part(at: path), part.name == Quota.limits {
      quotas.remove(Verbatim(part.subject))
    }
    countUsage(of: path, nodes: -1, bytes: -(node.data?.count ?? 0))
  }

  /// Counts anew what a path uses: itself, and all below it.
  mutating func recount(_ subject: String) {
    var usage = Quota(nodes: 0, bytes: 0)
    for (path, node) in nodes where path.string == subject || path.isBelow(subject) {
      usage.nodes += 1
      usage.bytes += Int64(node.data?.count ?? 0)
    }
    update(Verbatim(Quota.usage(of: subject))) { $0.data = Array(usage.text.utf8) }
  }

  // begin quota
  /// Fails when so many more nodes and bytes are beyond a hard limit, or when that cannot be told:
  /// nobody reads what the limits' node holds, or, where a limit has to be compared, soft ones too,
  /// what the node of the usage holds.
  ///
  /// What makes nothing larger passes, however much is used.
  func requireQuota(over path: String, nodes: Int64, bytes: Int64) throws(ErrorCode) {
    guard let subject = quota(over: path), let ofLimits = self[Quota.limits(of: subject)] else {
      return
    }
    guard let limits = Quota(exactly: ofLimits.data) else { throw .marshallingError }
    let comparesNodes = nodes != 0 && (limits.nodes >= 0 || limits.hardNodes >= 0)
    let comparesBytes = bytes != 0 && (limits.bytes >= 0 || limits.hardBytes >= 0)
    guard comparesNodes || comparesBytes, let ofUsage = self[Quota.usage(of: subject)] else {
      return
    }
    guard let usage = Quota(exactly: ofUsage.data) else { throw .marshallingError }
    let exceedsNodes =
      limits.hardNodes >= 0 && nodes != 0 && usage.nodes &+ nodes > limits.hardNodes
    let exceedsBytes =
      limits.hardBytes >= 0 && bytes != 0 && usage.bytes &+ bytes > limits.hardBytes
    if exceedsNodes || exceedsBytes { throw .quotaExceeded }
  }
  // end quota
}
