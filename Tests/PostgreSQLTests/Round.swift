import AtomicCommitment
import ProtocolCore

/// What happens in a round.
struct Round: CustomStringConvertible {
  let name: String
  /// The points at which one process after the other is killed; the last lives.
  var killedAt: [Int]
  /// The databases that are killed with the first.
  var killing: [String] = []
  /// The databases that are killed alone, each at a point of the first process.
  var outages: [(name: String, point: Int)] = []
  /// Whether b cannot do its part.
  var isDoomed = false
  /// What b's operator decides while b is in doubt.
  var operatorDecides: Decision?
  /// The rules of the chapter that the coordinator does not obey.
  var without: [String] = []
  /// Whether the databases start again only while the coordinator already goes on.
  var startsLate = false
  /// What the coordinator draws from.
  var seed: UInt64 = 1
  /// The seconds after which a process that does not end is killed.
  var patience = 60

  init(
    name: String, killedAt point: Int? = nil, outages: [(name: String, point: Int)] = [],
    isDoomed: Bool = false, operatorDecides decision: Decision? = nil
  ) {
    self.name = name
    self.outages = outages
    self.isDoomed = isDoomed
    killedAt = point.map { [$0] } ?? []
    operatorDecides = decision
  }

  /// How many points a transaction passes that nothing disturbs.
  private static let points = 26

  /// Two rounds in which the coordinator is killed, then one in which it lives and a database dies,
  /// and so on.
  init(_ number: Int) {
    var choices = Choices(seed: UInt64(number))
    name = "r\(number)"
    seed = UInt64(number)
    isDoomed = choices.chance(1, in: 6)
    guard number % 3 < 2 else {
      killedAt = []
      outages = Self.outages(number / 3)
      return
    }
    // Each point in turn, and with it each choice of databases; now and then a second kill.
    let turn = number / 3 * 2 + number % 3
    killedAt = [turn % Self.points + 1]
    let subsets = [[], ["a"], ["b"], ["a", "b"]]
    killing = subsets[(turn / Self.points + turn) % 4]
    if choices.chance(1, in: 3) { killedAt.append(choices.within(1...10)) }
    startsLate = choices.chance(1, in: 2)
  }

  /// Every other point in turn, then those between, and with it each choice of databases.
  private static func outages(_ turn: Int) -> [(name: String, point: Int)] {
    let point = (turn * 2 + turn / (points / 2)) % points + 1
    let subsets = [["a"], ["b"], ["a", "b"]]
    return subsets[(turn / (points / 2) + turn) % 3].map { (name: $0, point: point) }
  }

  var description: String {
    "round \(name): killed at \(killedAt) with \(killing), alone \(outages)"
      + (isDoomed ? ", b refuses" : "") + (startsLate ? ", databases start late" : "")
  }
}
