package import ZooKeeperServer

/// What a peer that takes nothing does to others.
extension Quirk {
  package static let slowReaderFlaws: [Quirk] = [
    flaw(
      "slow-readers-hold-all-up", "While a peer takes nothing that it is sent, nobody is served.",
      "ZooKeeper Programmer's Guide, \"ZooKeeper Watches\"; WATCH-2"
    ) { $0.waitsForSlowReaders = true }
  ]
}
