import Histories

extension History {
  /// How stale the reads of registers are at least, in sentences.
  func bounds(_ budget: Budget) -> [String] {
    let staleness = Staleness(self, budget: budget)
    var sentences: [String] = []
    switch staleness.versions() {
    case .least(1): sentences.append("staleness  none")
    case .least(let versions): sentences.append("staleness  the last \(versions) values are read")
    case .none: sentences.append("staleness  more than \(Staleness.mostVersions) values")
    case .undecided(let exhausted):
      sentences.append("staleness  undecided: out of \(exhausted.rawValue)")
    case .unsuited: return []
    }
    if case .least(let time) = staleness.time(), time > 0 {
      let seconds = (Double(time) / 1e9).fixed(9)
      sentences.append("staleness  what was overwritten \(seconds) s before is read")
    }
    return sentences
  }
}
