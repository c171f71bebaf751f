/// A table with two keys that both grow: rows and columns are numbered in the order of discovery.
struct Grid {
  /// What stands in a cell that nothing was written to.
  static let unknown: Int32 = -1
  /// What stands in a cell of which it is known that nothing comes of it.
  static let nothing: Int32 = -2

  private var cells: [Int32] = []
  private var width = 4

  subscript(row: Int, column: Int) -> Int32 {
    get {
      let place = row &* width &+ column
      guard column < width, place < cells.count else { return Grid.unknown }
      return cells[place]
    }
    set {
      while column >= width { widen() }
      let place = row * width + column
      if place >= cells.count {
        let missing = (row + 1) * width - cells.count
        cells.append(contentsOf: repeatElement(Grid.unknown, count: missing))
      }
      cells[place] = newValue
    }
  }

  private mutating func widen() {
    let rows = cells.count / width
    var wider = [Int32](repeating: Grid.unknown, count: rows * width * 2)
    for row in 0..<rows {
      for column in 0..<width { wider[row * width * 2 + column] = cells[row * width + column] }
    }
    cells = wider
    width *= 2
  }
}
