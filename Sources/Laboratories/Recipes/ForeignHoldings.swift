/// Who has what, and who keeps it until another is back.
///
/// A process that was struck while it had a thing gives it back when it is asked to, however late
/// that is, and its session may have ended by then: what it does then shows when another has the
/// thing. So whoever gets a thing behind such a strike keeps it until the struck one is back. The
/// same goes for one that was struck while it waited for the thing.
struct ForeignHoldings {
  /// What each process has or waits for.
  private var wanted: [Int: String] = [:]
  private var holders: Set<Int> = []
  /// Those that were struck and are not back yet.
  private var struck: Set<Int> = []
  /// Whom each holder waits for.
  private var awaited: [Int: Set<Int>] = [:]

  /// A process begins to wait for a thing.
  mutating func wants(_ index: Int, _ thing: String) { wanted[index] = thing }

  /// A process has a thing from now on.
  mutating func takes(_ index: Int, _ thing: String) {
    wanted[index] = thing
    holders.insert(index)
    awaited[index] = struck.filter { $0 != index && wanted[$0] == thing }
  }

  /// A process has given back what it had.
  ///
  /// - Returns: Whether others wait to see what that does.
  mutating func givesBack(_ index: Int) -> Bool {
    wanted[index] = nil
    holders.remove(index)
    awaited[index] = nil
    return struck.contains(index)
  }

  /// A process is struck: while it has a thing, or waits for one.
  ///
  /// - Returns: Whether it only waits, so that it has nothing to give back.
  mutating func strikes(_ index: Int) -> Bool {
    guard wanted[index] != nil else { return false }
    struck.insert(index)
    return !holders.contains(index)
  }

  /// A process that was struck has done all that it does about it.
  mutating func isBack(_ index: Int) {
    struck.remove(index)
    for holder in awaited.keys { awaited[holder]?.remove(index) }
  }

  /// A process is no more.
  mutating func leaves(_ index: Int) {
    (wanted[index], awaited[index]) = (nil, nil)
    holders.remove(index)
    isBack(index)
  }

  /// Whether another process has a thing.
  func othersHold(_ index: Int) -> Bool { !holders.subtracting([index]).isEmpty }

  /// Whether a process has a thing, or is asked to give it back.
  func holds(_ index: Int) -> Bool { holders.contains(index) }

  /// Whether a process keeps what it has.
  func keeps(_ index: Int) -> Bool { awaited[index]?.isEmpty == false }
}
