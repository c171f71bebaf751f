import ZooKeeperClient

// What a stage does for others' sake: it keeps them waiting, and looks what a death leaves to them.

extension ForeignStage {
  /// A process keeps others waiting for long, where nothing goes wrong.
  ///
  /// Whoever takes the end of a time for what it has waited for is found out by that.
  func lasts(_ index: Int) async {
    guard run.faults.isEmpty else { return }
    let end = server.now + run.endurance
    while server.now < end, !isDecided {
      sign(of: index, does: false)
      await OwnThreads.pause(50)
    }
  }

  /// Waits until no other process has anything.
  func untilOthersHoldNothing(_ index: Int) async {
    while othersHold(index), !isDecided, stuck == nil { await OwnThreads.pause(2) }
  }
}
