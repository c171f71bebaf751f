/// How a client is over the rows of a chart.
struct SequenceLane {
  /// Rows over which nothing of it changes.
  struct Piece: Equatable {
    /// The first row, from zero.
    var from: Int
    /// The row behind the last; nil if it goes on to the end.
    var to: Int?
    var isUp: Bool
    var holds: Bool
  }

  private(set) var pieces: [Piece]
  private var held: Set<String> = []
  private var awakes: Int64?
  private var isOver = false
  /// Whether its session is over, which it does not know: what it believes to hold it does not.
  private var isStranger = false
  /// Whether who gets something is at it until he has done it.
  private let works: Bool

  init(_ rows: [SequenceChart.Row], of client: Int) {
    works = rows.contains {
      if case .says(_, let words) = $0.event { words.hasPrefix("has done ") } else { false }
    }
    pieces = [Piece(from: 0, to: nil, isUp: true, holds: false)]
    for (place, row) in rows.enumerated() {
      if let time = awakes, row.time >= time {
        awakes = nil
        change(at: place, isUp: true)
      }
      guard row.event.client == client else { continue }
      switch row.event {
      case .says(_, let words): say(words, at: place)
      case .ends: end(at: place)
      case .fault(let words, _): strike(words, at: place, row.time)
      case .sessionEnds:
        (held, isStranger) = ([], true)
        change(at: place, holds: false)
      case .asks, .hears, .violates, .fold: break
      }
    }
  }

  private mutating func say(_ words: String, at place: Int) {
    let parts = words.split(separator: " ", maxSplits: 1).map(String.init)
    guard let verb = parts.first else { return }
    // The kind of what is held ends where its token begins.
    let kind = (parts.last ?? "").replacing(/, token .*/, with: "")
    switch verb {
    case "holds" where !isStranger: held.insert(kind)
    case "releases": held.remove(kind)
    case "gets" where works && !isStranger: held.insert(kind)
    case "has" where kind.hasPrefix("done "): held.remove(String(kind.dropFirst(5)))
    case "fails:": (held, isStranger) = ([], false)
    default: return
    }
    change(at: place, holds: !held.isEmpty)
  }

  private mutating func strike(_ words: String, at place: Int, _ time: Int64) {
    if let match = words.wholeMatch(of: /stop [a-z] for (\d+)/), let length = Int64(match.1) {
      awakes = time + length
      change(at: place, isUp: false)
    } else if words.hasPrefix("crash") {
      end(at: place)
    }
  }

  private mutating func end(at place: Int) {
    pieces[pieces.count - 1].to = place
    isOver = true
  }

  private mutating func change(at place: Int, isUp: Bool? = nil, holds: Bool? = nil) {
    guard !isOver, var piece = pieces.last else { return }
    piece.isUp = isUp ?? piece.isUp
    piece.holds = holds ?? piece.holds
    guard piece != pieces.last else { return }
    pieces[pieces.count - 1].to = place
    pieces.append(Piece(from: place, to: nil, isUp: piece.isUp, holds: piece.holds))
  }
}
