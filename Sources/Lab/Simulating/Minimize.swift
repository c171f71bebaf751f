/// The least of a list that still fails, or nearly: deletes ever smaller chunks, then lowers what
/// can be lowered, until nothing helps any more.
///
/// `stillFails` should skip what a deletion has made impossible. Delta debugging: Zeller and
/// Hildebrandt, IEEE TSE 28(2), 2002.
///
/// - Returns: a list of which every element is needed.
/// - Complexity: at most quadratic in the number of elements.
public func minimize<Element>(
  _ elements: [Element], lowering lower: (Element) -> [Element] = { _ in [] },
  stillFails: ([Element]) -> Bool
) -> [Element] {
  var least = elements
  var chunk = max(1, least.count / 2)
  var hasShrunk = false
  while !least.isEmpty {
    var start = 0
    while start < least.count {
      var candidate = least
      candidate.removeSubrange(start..<min(start + chunk, least.count))
      if stillFails(candidate) {
        least = candidate
        hasShrunk = true
      } else {
        start += chunk
      }
    }
    if chunk > 1 {
      chunk /= 2
    } else if hasShrunk {
      hasShrunk = false  // what was needed before may not be needed now
    } else {
      break
    }
  }
  for index in least.indices {
    for lowered in lower(least[index]) {
      var candidate = least
      candidate[index] = lowered
      if stillFails(candidate) {
        least = candidate
        break
      }
    }
  }
  return least
}
