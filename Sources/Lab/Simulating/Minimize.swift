/// The least of a list that still fails, or nearly: deletes ever smaller chunks, then lowers what
/// can be lowered, until nothing helps any more.
///
/// `stillFails` should skip what a deletion has made impossible.
///
/// - Returns: a list of which every element is needed.
/// - Complexity: at most quadratic in the number of elements.
public func minimize<Element>(
  _ elements: [Element], lowering lower: @escaping (Element) -> [Element] = { _ in [] },
  stillFails: ([Element]) -> Bool
) -> [Element] {
  var reduction = Reduction(elements, lowering: lower)
  while let candidate = reduction.candidate { reduction.answer(stillFails(candidate)) }
  return reduction.least
}

/// A minimization that asks, for a caller that must wait for the answer, as a server's client must.
///
/// Delta debugging: Zeller and Hildebrandt, IEEE TSE 28(2), 2002.
public struct Reduction<Element> {
  /// The least list so far that fails.
  public private(set) var least: [Element]
  /// The list to try next; nil when nothing smaller is left to try.
  public private(set) var candidate: [Element]?

  private let lower: (Element) -> [Element]
  private var phase: Phase

  private enum Phase {
    /// A chunk of this length is left out, from this place on.
    case deleting(chunk: Int, start: Int, hasShrunk: Bool)
    /// The element at this place is replaced by these, one after the other.
    case lowering(Int, [Element])
    case done
  }

  /// A minimization of a list that fails.
  public init(_ elements: [Element], lowering lower: @escaping (Element) -> [Element]) {
    least = elements
    self.lower = lower
    phase = .deleting(chunk: max(1, elements.count / 2), start: 0, hasShrunk: false)
    propose()
  }

  /// Says whether the candidate fails, as the whole list does.
  public mutating func answer(_ fails: Bool) {
    guard let tried = candidate else { return }
    switch phase {
    case .deleting(let chunk, let start, let hasShrunk):
      if fails { least = tried }
      phase = .deleting(
        chunk: chunk, start: fails ? start : start + chunk, hasShrunk: hasShrunk || fails)
    case .lowering(let index, let rest):
      if fails { least = tried }
      phase = .lowering(index, fails ? [] : Array(rest.dropFirst()))
    case .done: break
    }
    propose()
  }

  /// Finds the next candidate.
  private mutating func propose() {
    candidate = nil
    while candidate == nil {
      switch phase {
      case .deleting(let chunk, let start, let hasShrunk):
        if start < least.count {
          var shorter = least
          shorter.removeSubrange(start..<min(start + chunk, least.count))
          candidate = shorter
        } else if least.isEmpty || (chunk == 1 && !hasShrunk) {
          phase = .lowering(0, least.first.map(lower) ?? [])
        } else if chunk > 1 {
          phase = .deleting(chunk: chunk / 2, start: 0, hasShrunk: hasShrunk)
        } else {
          // What was needed before may not be needed now.
          phase = .deleting(chunk: 1, start: 0, hasShrunk: false)
        }
      case .lowering(let index, let options):
        if let option = options.first {
          var lowered = least
          lowered[index] = option
          candidate = lowered
        } else if index + 1 < least.count {
          phase = .lowering(index + 1, lower(least[index + 1]))
        } else {
          phase = .done
        }
      case .done: return
      }
    }
  }
}
