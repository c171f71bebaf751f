/// Judges the four session guarantees, each alone or some together.
///
/// A guarantee says which writes must be visible to a read, and which must stand before which. What
/// is visible to a read is the least that its answer and the guarantee demand; every session has an
/// order of the writes of its own, in which what its reads show must be the last, or all, of what
/// is visible. So a guarantee is refuted by a write that must be visible and is not shown, or by
/// writes that must each stand before the other.
///
/// Sources: Terry and others, Session guarantees for weakly consistent replicated data, 1994;
/// Viotti & Vukolić 2016 for the form, but with an order for each session, as in Brzezinski,
/// Sobaniec, Wawrzyniak, From session causality to causal consistency, 2004: so PRAM implies them.
///
/// - Complexity: O(reads × writes) bits, and that times the longest chain of conclusions.
struct Sessions {
  let view: SessionView
  let rules: Set<Guarantee>
  let flaw: CheckerFlaw?
  /// For each read, which writes are visible to it.
  private(set) var visible: BitRows
  /// For each read, why writes are visible to it.
  private(set) var why: [Int: [Int: Cause]] = [:]
  private let explains: Bool

  /// Why a write is visible to a read.
  enum Cause {
    case shown
    /// It is of the read's own session.
    case own
    /// An earlier read of the session saw it.
    case earlier(read: Int)
    /// It stands before this write in its session.
    case before(write: Int)
    /// The session of this write had read it, with that read.
    case readBefore(write: Int, read: Int)
  }

  init(
    _ view: SessionView, _ rules: Set<Guarantee>, flaw: CheckerFlaw?, explains: Bool = false,
    _ meter: inout Meter
  ) throws(Exhausted) {
    self.view = view
    self.rules = rules
    self.flaw = flaw
    self.explains = explains
    try meter.hold(BitRows.bytes(rows: view.reads.count, count: view.writes.count))
    visible = BitRows(rows: view.reads.count, count: view.writes.count)
  }

  /// Why the guarantees do not hold; nil when they do.
  mutating func refutation(_ meter: inout Meter) throws(Exhausted) -> Refutation? {
    try close(&meter)
    for (index, read) in view.reads.enumerated() {
      if let refutation = unshown(index, read) { return refutation }
    }
    for session in view.sessions.indices {
      if let refutation = try disorder(session, &meter) { return refutation }
    }
    return nil
  }

  /// Makes visible what must be, until nothing is new.
  private mutating func close(_ meter: inout Meter) throws(Exhausted) {
    for (index, read) in view.reads.enumerated() {
      for write in read.shown.writes { show(write, to: index, .shown) }
    }
    var isChanged = true
    while isChanged {
      isChanged = false
      for session in view.sessions {
        for (place, read) in session.reads.enumerated() {
          try meter.step()
          if rules.contains(.readYourWrites) {
            for write in session.writes.prefix(view.reads[read].written) {
              if show(write, to: read, .own) { isChanged = true }
            }
          }
          if rules.contains(.monotonicReads), place > 0 {
            let earlier = session.reads[place - 1]
            if try share(earlier, read, &meter) { isChanged = true }
          }
          if try follow(read, &meter) { isChanged = true }
        }
      }
    }
  }

  private mutating func share(
    _ earlier: Int, _ read: Int, _ meter: inout Meter
  ) throws(Exhausted) -> Bool {
    guard explains else { return visible.unite(read, with: earlier) }
    var isChanged = false
    for write in visible.members(of: earlier) {
      try meter.step()
      if show(write, to: read, .earlier(read: earlier)) { isChanged = true }
    }
    return isChanged
  }

  /// What the writes that are visible bring with them.
  private mutating func follow(_ read: Int, _ meter: inout Meter) throws(Exhausted) -> Bool {
    guard rules.contains(.monotonicWrites) || rules.contains(.writesFollowReads) else {
      return false
    }
    var isChanged = false
    for write in visible.members(of: read) {
      try meter.step()
      let session = view.sessionOf[write]
      let place = view.placeOf[write]
      if rules.contains(.monotonicWrites), place > 0, flaw != .sessionsWithoutVisibility {
        let earlier = view.sessions[session].writes[place - 1]
        if show(earlier, to: read, .before(write: write)) { isChanged = true }
      }
      guard rules.contains(.writesFollowReads) else { continue }
      for other in view.sessions[session].reads.prefix(view.readsBefore[write]) {
        for seen in visible.members(of: other) {
          try meter.step()
          let cause = Cause.readBefore(write: write, read: other)
          if show(seen, to: read, cause) { isChanged = true }
        }
      }
    }
    return isChanged
  }

  @discardableResult
  private mutating func show(_ write: Int, to read: Int, _ cause: Cause) -> Bool {
    if visible[read, write] { return false }
    visible[read, write] = true
    if explains { why[read, default: [:]][write] = cause }
    return true
  }

  /// What of an object is visible to a read.
  func visible(to read: Int) -> [Int] {
    visible.members(of: read).filter { view.writes[$0].key == view.reads[read].key }
  }

  /// A write that must be visible to a read, which does not show it.
  private func unshown(_ index: Int, _ read: SessionView.Read) -> Refutation? {
    switch read.shown {
    case .last(.some): return nil
    case .last(nil), .all, .ordered:
      let shown = Set(read.shown.writes)
      guard let missing = visible(to: index).first(where: { !shown.contains($0) }) else {
        return nil
      }
      let chain = chain(missing, index)
      var refutation = Refutation(
        key: view.keys[read.key], "a write is not seen that must be", core: chain.operations)
      refutation.relations = chain.relations
      refutation.last = read.operation
      return refutation
    }
  }
}
