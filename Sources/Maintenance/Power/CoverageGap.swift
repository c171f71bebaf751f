/// Why a combination that can be met is tried by no case: which one beside it is.
///
/// The product of all that a request can meet is too large to be tried; what is left out differs
/// from what is tried in a single respect, which other cases vary by themselves. A combination that
/// is like none is a hole.
public enum CoverageGap: String, CaseIterable, Sendable {
  /// The same is tried in a session of the other kind.
  case session
  /// It fails, and is tried under other watches.
  case failing
  /// It succeeds, and is tried under other watches.
  case watch
  /// It stands in a multi, and is tried by itself.
  case multi
  /// It is tried with another mode of the node that is made.
  case mode
  /// It is tried on another kind of node.
  case node

  /// Why that will do.
  public var reason: String {
    switch self {
    case .session:
      "tried in a session of the other kind: every operation is tried in both"
    case .failing:
      "fails, and is tried there under other watches: what changes nothing fires nothing"
    case .watch:
      "tried there under other watches: each watch is tried with each change on other nodes"
    case .multi:
      "in a multi; tried there by itself, and in a multi on other nodes"
    case .mode: "tried there with another mode: what is made differs, not what may stand in the way"
    case .node: "tried with the same result on nodes of another kind"
    }
  }

  /// The first reason that holds for a combination, beside what is tried; nil if it is like nothing
  /// of it.
  init?(_ cell: Coverage.Cell, beside tried: Coverage) {
    func has(_ isLike: (Coverage.Cell) -> Bool) -> Bool { tried.cells.keys.contains(where: isLike) }
    let (alone, isInMulti) = Self.alone(cell.operation)
    func isThere(_ other: Coverage.Cell) -> Bool {
      other.operation == cell.operation && other.result == cell.result && other.node == cell.node
    }
    let isInMultis = has { $0.operation == cell.operation && $0.result == cell.result }
    if has({ isThere($0) && $0.watch == cell.watch }) {
      self = .session
    } else if has(isThere) {
      self = cell.result == "Ok" ? .watch : .failing
    } else if isInMulti, isInMultis,
      has({ $0.operation == alone && $0.node == cell.node })
    {
      self = .multi
    } else if let place = Self.place(cell.node),
      has({
        $0.operation == cell.operation && $0.result == cell.result && Self.place($0.node) == place
      })
    {
      self = .mode
    } else if isInMultis {
      self = .node
    } else {
      return nil
    }
  }

  /// `create` for `multi/create`.
  private static func alone(_ operation: String) -> (operation: String, isInMulti: Bool) {
    let prefix = "multi/"
    return operation.hasPrefix(prefix)
      ? (String(operation.dropFirst(prefix.count)), true) : (operation, false)
  }

  /// `parent` for `ephemeral in parent`.
  private static func place(_ node: String) -> Substring? {
    node.firstRange(of: " in ").map { node[$0.upperBound...] }
  }
}

extension Coverage {
  /// What of this is not in `tried`, by the reason for that; nil stands for what has none.
  public func gaps(beside tried: Coverage) -> [CoverageGap?: Coverage] {
    var gaps: [CoverageGap?: Coverage] = [:]
    for (cell, count) in beyond(tried).cells {
      gaps[CoverageGap(cell, beside: tried), default: Coverage()].count(cell, count)
    }
    return gaps
  }
}
