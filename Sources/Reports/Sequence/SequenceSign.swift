/// The sign of a fault on a client's line: a cross where it dies, two bars where it stands still, a
/// flash where its connection is struck, a diamond where its task is cancelled.
struct SequenceSign {
  /// From x and y to x and y.
  typealias Line = (Double, Double, Double, Double)

  /// What it is drawn of.
  let lines: [Line]

  /// The sign of a fault, `crash b`, around a point.
  init(_ fault: String, _ x: Double, _ y: Double) {
    switch fault.prefix(while: { $0 != " " }) {
    case "stop", "hold": lines = [(x - 3, y - 7, x - 3, y + 7), (x + 3, y - 7, x + 3, y + 7)]
    case "break", "away", "delay":
      lines = [
        (x + 3, y - 8, x - 5, y + 2), (x - 5, y + 2, x + 5, y - 2), (x + 5, y - 2, x - 3, y + 8),
      ]
    case "cancel":
      let (left, right, up, down) = (x - 6, x + 6, y - 6, y + 6)
      lines = [
        (x, up, right, y), (right, y, x, down), (x, down, left, y), (left, y, x, up),
      ]
    default: lines = [(x - 6, y - 6, x + 6, y + 6), (x - 6, y + 6, x + 6, y - 6)]
    }
  }
}
