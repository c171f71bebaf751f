/// The names that somebody who wrote `word` may have meant, the likeliest first: those at an edit
/// distance of at most a third of their length and one more, and at most one more than the
/// nearest's.
///
/// - Complexity: O(*n* · *l*²) for *n* names of length *l*.
public func near(to word: String, among names: some Sequence<String>) -> [String] {
  let close = names.map { (name: $0, distance: editDistance(Array(word), Array($0))) }
    .filter { $0.distance <= $0.name.count / 3 + 1 && $0.distance < $0.name.count }
    .sorted { ($0.distance, $0.name) < ($1.distance, $1.name) }
  let least = close.first?.distance ?? 0
  return close.prefix { $0.distance <= least + 1 }.map(\.name)
}

/// The likeliest of them.
public func nearest(to word: String, among names: some Sequence<String>) -> String? {
  near(to: word, among: names).first
}

/// How many characters to insert, delete, replace or swap with their neighbour (optimal string
/// alignment).
private func editDistance(_ a: [Character], _ b: [Character]) -> Int {
  guard a.count < 64, b.count < 64 else { return .max }
  var rows = [Array(0...b.count)]
  for (i, x) in a.enumerated() {
    var row = [i + 1]
    for (j, y) in b.enumerated() {
      var least = min(rows[i][j + 1] + 1, row[j] + 1, rows[i][j] + (x == y ? 0 : 1))
      if i > 0, j > 0, x == b[j - 1], a[i - 1] == y { least = min(least, rows[i - 1][j - 1] + 1) }
      row.append(least)
    }
    rows.append(row)
  }
  return rows[a.count][b.count]
}
