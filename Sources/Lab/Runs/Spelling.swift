/// What a misspelt name was meant to be.
public enum Spelling {
  /// The nearest of the names, if one is near.
  public static func nearest(to word: String, among names: some Sequence<String>) -> String? {
    let near = names.map { (name: $0, distance: distance(word, $0)) }
    guard let best = near.min(by: { $0.distance < $1.distance }) else { return nil }
    return best.distance <= max(2, word.count / 3) ? best.name : nil
  }

  /// The least number of characters to change, insert or delete to make one word of the other.
  private static func distance(_ a: String, _ b: String) -> Int {
    let a = Array(a.lowercased().prefix(60))
    let b = Array(b.lowercased().prefix(60))
    var row = Array(0...b.count)
    for (i, x) in a.enumerated() {
      var diagonal = row[0]
      row[0] = i + 1
      for (j, y) in b.enumerated() {
        let change = diagonal + (x == y ? 0 : 1)
        diagonal = row[j + 1]
        row[j + 1] = min(change, row[j] + 1, row[j + 1] + 1)
      }
    }
    return row[b.count]
  }
}
