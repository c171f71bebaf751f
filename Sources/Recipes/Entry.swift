import ZooKeeper

/// A node with a number that its server gave, in a line of such nodes.
///
///     6f3a9c41d0e2b587-lock-0000000007
///     └ owner ───────┘ └ label └ number
struct Entry: Hashable, Sendable {
  /// The last part of its path.
  let name: String
  /// Who made it.
  let owner: String
  /// What it is for.
  let label: String
  /// Its number: the later the higher.
  ///
  /// The counter of a parent has 32 bits with a sign; behind 2147483647 it goes on below zero.
  let number: Int

  /// The entry of a name; nil when it is none.
  init?(_ name: String) {
    // The number has ten digits, or a sign and ten.
    guard let dash = name.dropLast(10).lastIndex(of: "-") else { return nil }
    let tail = name[name.index(after: dash)...]
    let head = name[..<dash]
    let isNegative = head.last == "-"
    guard let number = Int(tail), tail.count == 10 else { return nil }
    let words = head.dropLast(isNegative ? 1 : 0).split(separator: "-", maxSplits: 1)
    guard let owner = words.first else { return nil }
    self.name = name
    self.owner = String(owner)
    self.label = words.count == 2 ? String(words[1]) : ""
    self.number = isNegative ? -number : number
  }
}
