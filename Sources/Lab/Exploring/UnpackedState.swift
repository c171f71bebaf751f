/// A state while it is worked on: numbers, not yet bytes.
struct UnpackedState {
  /// The hosts, in the order of the nodes, each by its number among the hosts of its node.
  var hosts: [Int]
  /// The observer.
  var watch = 0
  /// What may still go wrong, and what is still to be asked.
  var budget = 0
  /// What is under way, by key; only the first `letterCount` count.
  private(set) var letters = [Int](repeating: 0, count: 64)
  /// How many letters are under way.
  var letterCount = 0

  init(nodes: Int) { hosts = Array(repeating: 0, count: nodes) }

  /// The number of a node's host among all hosts.
  func host(of node: Int) -> Int { hosts[node] &* hosts.count &+ node }

  /// Adds a letter behind all others.
  mutating func append(_ letter: Int) {
    if letterCount == letters.count {
      letters.append(contentsOf: repeatElement(0, count: letters.count))
    }
    letters[letterCount] = letter
    letterCount &+= 1
  }

  /// Adds a letter behind all of its key.
  mutating func add(_ letter: Int, by knowledge: borrowing Knowledge) {
    append(letter)
    var place = letterCount - 1
    let key = knowledge.letters[letter].key
    while place > 0, knowledge.letters[letters[place - 1]].key > key {
      letters[place] = letters[place - 1]
      place -= 1
    }
    letters[place] = letter
  }

  /// Takes over the letters of another state, but for the one at a position, if it is one.
  mutating func copyLetters(of other: UnpackedState, but position: Int) {
    letterCount = 0
    for index in 0..<other.letterCount where index != position { append(other.letters[index]) }
  }

  /// Whether such a letter is under way.
  func contains(_ letter: Int) -> Bool {
    for index in 0..<letterCount where letters[index] == letter { return true }
    return false
  }

  /// What all parts add up to.
  func fingerprint(by knowledge: borrowing Knowledge) -> UInt64 {
    var sum = knowledge.watchMix[watch] &+ knowledge.budgetMix[budget]
    for node in hosts.indices { sum &+= knowledge.hosts[host(of: node)].mix }
    for index in 0..<letterCount { sum &+= knowledge.letters[letters[index]].mix }
    return sum
  }
}

extension UnpackedState: Equatable {
  static func == (a: UnpackedState, b: UnpackedState) -> Bool {
    a.hosts == b.hosts && a.watch == b.watch && a.budget == b.budget
      && a.letters[..<a.letterCount] == b.letters[..<b.letterCount]
  }
}
