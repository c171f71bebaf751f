/// A sequence chart in SVG, in the manner of ``Drawing``: the server to the left, a lane a client,
/// words to the right of the client's lane, a bar where it holds something.
public struct SequenceDrawing: Sendable {
  private let chart: SequenceChart
  private let title: String
  private let rows: [SequenceChart.Row]

  /// A drawing of a chart under a title.
  public init(_ chart: SequenceChart, title: String) {
    (self.chart, self.title) = (chart, title)
    var rows: [SequenceChart.Row] = []
    var hidden = 0
    for (place, row) in chart.all.enumerated() {
      guard chart.shows(place) else {
        hidden += 1
        continue
      }
      if hidden > 0 { rows.append(SequenceChart.Row(time: row.time, event: .fold(hidden))) }
      hidden = 0
      rows.append(row)
    }
    if hidden > 0, let last = chart.all.last {
      rows.append(SequenceChart.Row(time: last.time, event: .fold(hidden)))
    }
    self.rows = rows
  }

  private enum Size {
    static let server = 96.0
    static let first = 250.0
    static let lane = 104.0
    static let top = 52.0
    static let row = 20.0
    static let letter = 7.7
  }

  private func x(_ client: Int) -> Double { Size.first + Double(client) * Size.lane }
  private func y(_ row: Int) -> Double { Size.top + (Double(row) + 0.5) * Size.row }

  private var width: Double {
    let ends = rows.map { row -> Double in
      let words = Double(Self.words(of: row.event).count) * Size.letter
      return (row.event.client.map(x) ?? 6) + words + 24
    }
    return max(ends.max() ?? 0, x(chart.clients - 1) + 40)
  }

  /// The whole picture.
  public var svg: String {
    let height = y(rows.count) + 6
    var lines = [
      "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 \(width.short) \(height.short)\""
        + " width=\"\(width.short)\" height=\"\(height.short)\" role=\"img\">",
      "<title>\(title.escaped)</title>", Drawing.style, Self.style,
      "<rect class=\"paper\" width=\"100%\" height=\"100%\"/>",
      name("server", Size.server),
      line(Size.server, Size.top - 10, Size.server, y(rows.count), "lane"),
    ]
    lines += (0..<chart.clients).map { name(String(UnicodeScalar(UInt8(97 + $0 % 26))), x($0)) }
    lines += (0..<chart.clients).flatMap(lane)
    var before: Int64?
    for (place, row) in rows.enumerated() {
      if row.time != before, row.event.leavesRoomForTime {
        lines.append(text(66, y(place), Self.seconds(row.time), "soft end"))
        before = row.time
      }
      lines += draw(row, at: place)
    }
    lines.append("</svg>")
    return lines.joined(separator: "\n") + "\n"
  }

  /// Seconds with as many decimals as it takes.
  private static func seconds(_ time: Int64) -> String {
    var decimals = ("00" + "\(time % 1000)").suffix(3)
    while decimals.last == "0" { decimals.removeLast() }
    return "\(time / 1000)" + (decimals.isEmpty ? "" : ".\(decimals)") + " s"
  }

  // MARK: Lanes

  /// A client's line: broken while it is stopped, a bar while it holds something.
  private func lane(_ client: Int) -> [String] {
    SequenceLane(chart.all, of: client).pieces.flatMap { piece -> [String] in
      let (from, to) = (height(of: piece.from), piece.to.map(height) ?? y(rows.count))
      guard to > from else { return [] }
      let start = piece.from == 0 ? Size.top - 10 : from
      var lines: [String] = []
      if piece.holds { lines.append(line(x(client), from, x(client), to, "hold")) }
      lines.append(line(x(client), start, x(client), to, piece.isUp ? "lane" : "lane down"))
      return lines
    }
  }

  /// Where a row of the whole run stands; one that is not shown stands in its fold.
  private func height(of place: Int) -> Double {
    var height = 0
    var isHidden = false
    for index in 0..<min(place, chart.all.count) {
      let isShown = chart.shows(index)
      if isShown || !isHidden { height += 1 }
      isHidden = !isShown
    }
    if isHidden, place < chart.all.count, !chart.shows(place) { height -= 1 }
    return y(height)
  }

  // MARK: Rows

  private func draw(_ row: SequenceChart.Row, at place: Int) -> [String] {
    let y = y(place)
    let words = Self.words(of: row.event)
    switch row.event {
    case .asks(let client, _):
      return arrow(x(client), Size.server, y, "arrow") + [text(x(client) + 9, y, words, "")]
    case .hears(let client, _, let isEvent):
      return arrow(Size.server, x(client), y, isEvent ? "arrow unheard" : "arrow")
        + [text(x(client) + 9, y, words, isEvent ? "wait" : "soft")]
    case .says(let client, _):
      let isFailure =
        words.hasPrefix("fails") || words.hasSuffix("refused") || violates(at: place + 1)
      return [
        "<circle class=\"dot\" cx=\"\(x(client).short)\" cy=\"\(y.short)\" r=\"4\"/>",
        text(x(client) + 9, y, words, isFailure ? "bad" : "good"),
      ]
    case .ends(let client): return [text(x(client) + 9, y, words, "soft")]
    case .fault(let kind, let client):
      let sign = client.map { SequenceSign(kind, x($0), y).lines.map { line($0, "cross") } }
      return (sign ?? []) + [text((client.map(x) ?? Size.server) + 11, y, words, "bad")]
    case .sessionEnds(let client):
      return [
        line(x(client) - 8, y, x(client) + 8, y, "cross"), text(x(client) + 11, y, words, "bad"),
      ]
    case .violates:
      return [
        line(0, y + 8, width, y + 8, "verdict bad"), text(6, y, words, "bad"),
      ]
    case .fold:
      return [
        "<rect class=\"band\" x=\"0\" y=\"\((y - Size.row / 2).short)\""
          + " width=\"\(width.short)\" height=\"\(Size.row.short)\"/>",
        text(6, y, words, "soft"),
      ]
    }
  }

  /// Whether a row says that what stands above it must not be.
  private func violates(at place: Int) -> Bool {
    guard rows.indices.contains(place), case .violates = rows[place].event else { return false }
    return true
  }

  private static func words(of event: SequenceChart.Event) -> String {
    switch event {
    case .asks(_, let words): brief(words.replacing(", and leaves a watch", with: " + watch"))
    case .hears(_, let words, _), .says(_, let words): brief(words)
    case .ends: "ends"
    case .sessionEnds: "session over"
    case .fault(let words, _):
      words.replacing(/(?<what>(stop|lag) .* for )(?<time>\d+)/) {
        $0.what + seconds(Int64($0.time) ?? 0)
      }
    case .violates(let words): "violates \(words)"
    case .fold(let count): "… \(count) rows"
    }
  }

  /// Numbers of sequential nodes without their zeros; long lists are cut.
  private static func brief(_ words: String) -> String {
    if words == "gets " { return "gets nothing" }
    let short = words.replacing(/-0{4,9}(?<number>\d+)/) { "-…\($0.number)" }
    return short.count > 90 ? short.prefix(89) + "…" : short
  }

  // MARK: Pieces

  private func name(_ name: String, _ x: Double) -> String {
    "<text class=\"name\" x=\"\(x.short)\" y=\"30\">\(name.escaped)</text>"
  }

  private func text(_ x: Double, _ y: Double, _ words: String, _ look: String) -> String {
    let attribute = look.isEmpty ? "" : " class=\"\(look)\""
    return "<text\(attribute) x=\"\(x.short)\" y=\"\((y + 4.5).short)\">\(words.escaped)</text>"
  }

  private func line(
    _ x1: Double, _ y1: Double, _ x2: Double, _ y2: Double, _ look: String
  ) -> String {
    "<line class=\"\(look)\" x1=\"\(x1.short)\" y1=\"\(y1.short)\" x2=\"\(x2.short)\""
      + " y2=\"\(y2.short)\"/>"
  }

  private func line(_ ends: SequenceSign.Line, _ look: String) -> String {
    line(ends.0, ends.1, ends.2, ends.3, look)
  }

  private func arrow(_ from: Double, _ to: Double, _ y: Double, _ look: String) -> [String] {
    let back = to > from ? -9.0 : 9.0
    let points = [(to, y), (to + back, y - 4), (to + back, y + 4)]
    let list = points.map { "\($0.0.short),\($0.1.short)" }.joined(separator: " ")
    return [
      line(from, y, to + back, y, look), "<polygon class=\"head\" points=\"\(list)\"/>",
    ]
  }

  private static let style = """
    <style>
    .hold { stroke: #1a7f37; stroke-width: 9; opacity: .45; }
    @media screen and (prefers-color-scheme: dark) { .hold { stroke: #56d364; } }
    </style>
    """
}

extension SequenceChart.Event {
  /// Whether its words leave the column of times free.
  fileprivate var leavesRoomForTime: Bool {
    switch self {
    case .fold, .violates: false
    case .asks, .hears, .says, .ends, .fault, .sessionEnds: true
    }
  }
}
