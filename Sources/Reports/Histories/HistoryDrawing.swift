public import Histories

/// Operations as bars on a line a process, in SVG: time runs to the right.
///
/// Of a refuted history it shows the operations that refute it, those around them, and how many are
/// left out in between. Columns are moments in their order, not to scale, so that words have room.
/// It needs no script, follows the reader's light or dark scheme and prints.
public struct HistoryDrawing: Sendable {
  let history: History
  let refutation: Refutation
  let title: String
  let layout: HistoryLayout

  /// A drawing of why a history is refuted.
  public init(_ history: History, _ refutation: Refutation, title: String) {
    self.history = history
    self.refutation = refutation
    self.title = title
    layout = HistoryLayout(history, refutation)
  }

  private enum Size {
    static let left = 24.0
    static let top = 96.0
    static let lane = 46.0
    static let bar = 26.0
  }

  private func y(_ lane: Int) -> Double { Size.top + Double(lane) * Size.lane }

  /// The whole picture.
  public var svg: String {
    let words = sentences(width: max(70, Int((layout.width + layout.names) / 7)))
    let drop = Double(max(0, words.count - 1)) * 18
    let widest = max(Double(title.count) * 9, Double(words.map(\.count).max() ?? 0) * 7)
    let width = Size.left * 2 + max(layout.names + layout.width, widest)
    let height = y(layout.lanes.count) + 34 + drop
    var lines = [
      "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 \(width.short) \(height.short)\""
        + " width=\"\(width.short)\" height=\"\(height.short)\" role=\"img\">",
      "<title>\(title.escaped)</title>", HistoryDrawing.style,
      "<rect class=\"paper\" width=\"100%\" height=\"100%\"/>",
      text(Size.left, 28, title, "name"),
    ]
    for (index, sentence) in words.enumerated() {
      lines.append(text(Size.left, 50 + Double(index) * 18, sentence, ""))
    }
    lines.append("<g transform=\"translate(0 \(drop.short))\">")
    lines += lanes() + gaps() + bars() + arrows()
    lines += ["</g>", "</svg>"]
    return lines.joined(separator: "\n") + "\n"
  }

  /// The reason, broken into lines.
  private func sentences(width: Int) -> [String] {
    var lines: [String] = []
    let object = refutation.key.map { "object \($0): " } ?? ""
    for word in (object + refutation.reason).split(separator: " ") {
      if let last = lines.last, last.count + word.count < width {
        lines[lines.count - 1] += " \(word)"
      } else {
        lines.append(String(word))
      }
    }
    return lines
  }

  private var origin: Double { Size.left + layout.names }

  private func lanes() -> [String] {
    layout.lanes.enumerated().flatMap { lane, process in
      [
        text(Size.left, y(lane) + 5, process, "process"),
        "<line class=\"lane\" x1=\"\(origin.short)\" y1=\"\(y(lane).short)\""
          + " x2=\"\((origin + layout.width).short)\" y2=\"\(y(lane).short)\"/>",
      ]
    }
  }

  private func gaps() -> [String] {
    layout.gaps.flatMap { gap in
      let x = origin + gap.x
      let bottom = y(layout.lanes.count) - Size.lane / 2
      return [
        "<line class=\"gap\" x1=\"\(x.short)\" y1=\"\((Size.top - 24).short)\""
          + " x2=\"\(x.short)\" y2=\"\(bottom.short)\"/>",
        text(x, bottom + 16, "\(gap.count) more", "soft middle"),
      ]
    }
  }

  private func look(_ index: Int) -> String {
    if index == refutation.last { return "bad" }
    return refutation.core.contains(index) ? "core" : "other"
  }

  private func bars() -> [String] {
    layout.bars.flatMap { bar in
      let look = look(bar.operation)
      let x = origin + bar.from
      let top = y(bar.lane) - Size.bar / 2
      let isOpen = !history.operations[bar.operation].isKnown || bar.isCut
      return [
        "<rect class=\"bar \(look)\(isOpen ? " open" : "")\" x=\"\(x.short)\" y=\"\(top.short)\""
          + " width=\"\((bar.to - bar.from).short)\" height=\"\(Size.bar.short)\" rx=\"4\">"
          + "<title>\(tip(bar.operation).escaped)</title></rect>",
        text(x + 7, y(bar.lane) + 5, bar.label, "label \(look)"),
      ]
    }
  }

  private func tip(_ index: Int) -> String {
    let operation = history.operations[index]
    let place = operation.line > 0 ? "line \(operation.line): " : ""
    return place + "\(history.name(of: operation)) \(operation)"
  }

  private func arrows() -> [String] {
    let places = Dictionary(
      layout.bars.map { ($0.operation, $0) }, uniquingKeysWith: { first, _ in first })
    return refutation.relations.enumerated().flatMap { number, relation -> [String] in
      guard let from = places[relation.from], let to = places[relation.to] else { return [] }
      // Those that lead up stand to the right of those that lead down.
      let isUp = from.lane >= to.lane
      let share = isUp ? 0.75 : 0.3
      let start = (origin + from.from + (from.to - from.from) * share, y(from.lane) + Size.bar / 2)
      let end = (origin + to.from + (to.to - to.from) * share, y(to.lane) - Size.bar / 2)
      let begin = isUp ? start.1 - Size.bar : start.1
      let finish = isUp && from.lane > to.lane ? end.1 + Size.bar : end.1
      let bend = 30.0 + Double(number % 3) * 8
      let middle = ((start.0 + end.0) / 2 + bend / 2, (begin + finish) / 2 - (isUp ? bend : 0))
      return [
        "<path class=\"arrow\" marker-end=\"url(#tip)\" d=\"M\(start.0.short) \(begin.short)"
          + "Q\(middle.0.short) \(middle.1.short) \(end.0.short) \(finish.short)\"/>",
        text(middle.0, middle.1 + 4, relation.kind, "kind middle"),
      ]
    }
  }

  private func text(_ x: Double, _ y: Double, _ words: String, _ look: String) -> String {
    "<text class=\"\(look)\" x=\"\(x.short)\" y=\"\(y.short)\">\(words.escaped)</text>"
  }

  private static func rules(_ colors: [String]) -> String {
    """
    .paper { fill: \(colors[0]); } text { fill: \(colors[1]); stroke: \(colors[0]); }
    .soft, .label.other { fill: \(colors[2]); } .lane, .gap { stroke: \(colors[3]); }
    .bar.other { fill: \(colors[4]); stroke: \(colors[3]); }
    .bar.core { fill: \(colors[5]); stroke: \(colors[6]); }
    .bar.bad { fill: \(colors[7]); stroke: \(colors[8]); }
    .label { stroke: none; } .arrow { stroke: \(colors[8]); } .kind, .head { fill: \(colors[8]); }
    """
  }

  private static let style = """
    <defs><marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" markerHeight="8" \
    orient="auto"><path class="head" d="M0 0L8 4L0 8z"/></marker></defs>
    <style>
    text { font: 13px ui-sans-serif, system-ui, sans-serif; paint-order: stroke; \
    stroke-width: 4px; stroke-linejoin: round; }
    .name { font-weight: 600; font-size: 15px; } .process { font-weight: 600; }
    .middle { text-anchor: middle; } .kind { font-weight: 600; }
    .bar { stroke-width: 1.4; } .open { stroke-dasharray: 5 4; }
    .gap { stroke-dasharray: 2 6; stroke-width: 3; } .arrow { fill: none; stroke-width: 1.6; }
    \(rules([
      "#ffffff", "#1f2328", "#59636e", "#d1d9e0", "#f6f8fa", "#ddf4ff", "#0969da", "#ffebe9",
      "#cf222e",
    ]))
    @media screen and (prefers-color-scheme: dark) {
    \(rules([
      "#0d1117", "#e6edf3", "#9198a1", "#3d444d", "#151b23", "#0c2d6b", "#58a6ff", "#67060c",
      "#ff7b72",
    ]))
    }
    </style>
    """
}
