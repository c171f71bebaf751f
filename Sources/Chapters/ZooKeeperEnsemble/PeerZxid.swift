public import ZAB

// Both chapters say `Zxid`: what follows is the other one's, by names of their own.

/// A zxid as the broadcast protocol numbers by it: an epoch and a counter.
public typealias PeerZxid = Zxid

extension Proposal {
  /// Its zxid as a number.
  var number: Int64 { zxid.value }
}

extension Snapshot {
  /// Its zxid as a number.
  var number: Int64 { zxid.value }
}
