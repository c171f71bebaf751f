import NIOCore
package import ZooKeeperClient

// A server that lags behind: what others tell it arrives late, in order.

extension EmbeddedEnsemble {
  /// For so long the server at this place hears nothing of the others; its clients hear of it all
  /// the same.
  package mutating func lag(_ place: Int, for time: Milliseconds) {
    lags[servers[place % servers.count]] = now + time
  }

  /// Whether a parcel waits: its server lags, and another server has sent it.
  func isHeldBack(_ parcel: Parcel) -> Bool {
    let (sender, receiver) = parcel.ends
    return lags[receiver] != nil && connections[sender] == nil
  }

  /// Servers whose time has come get what is late.
  mutating func catchUp() {
    let due = lags.filter { $0.value <= now }.keys
    guard !due.isEmpty else { return }
    for server in due { lags[server] = nil }
    let parcels = late
    late = []
    for parcel in parcels {
      if lags[parcel.ends.receiver] == nil { underWay.append(parcel) } else { late.append(parcel) }
    }
    settle()
  }
}
