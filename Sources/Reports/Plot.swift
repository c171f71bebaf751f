/// Curves over one axis in SVG: from zero, with a line at every round number.
///
/// Like a `Drawing` it needs no script, follows the reader's light or dark scheme and prints. The
/// curves differ by their dashes and the marks on their points, not by their colours alone, and
/// each carries its name at its end.
public struct Plot: Sendable {
  /// A curve: its name and its points, from left to right.
  public typealias Curve = (name: String, points: [(x: Double, y: Double)])

  private let title: String
  private let horizontal: String
  private let vertical: String
  private let curves: [Curve]
  private let across: Scale
  private let up: Scale

  /// A plot of curves.
  ///
  /// - Parameters:
  ///   - horizontal: what the axis to the right tells.
  ///   - vertical: what the axis upward tells.
  public init(title: String, horizontal: String, vertical: String, curves: [Curve]) {
    self.title = title
    self.horizontal = horizontal
    self.vertical = vertical
    self.curves = curves
    across = Scale(over: curves.flatMap(\.points).map(\.x))
    up = Scale(over: curves.flatMap(\.points).map(\.y))
  }

  private enum Size {
    static let left = 64.0
    static let top = 44.0
    static let width = 420.0
    static let height = 260.0
    static let right = 130.0
    static let bottom = 56.0
  }

  private func x(_ value: Double) -> Double { Size.left + value / across.end * Size.width }
  private func y(_ value: Double) -> Double {
    Size.top + Size.height - value / up.end * Size.height
  }

  /// The whole picture.
  public var svg: String {
    let longest = curves.map(\.name.count).max() ?? 0
    let width = Size.left + Size.width + max(Size.right, Double(longest) * 8.2 + 24)
    let height = Size.top + Size.height + Size.bottom
    var lines = [
      "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 \(width.short) \(height.short)\""
        + " width=\"\(width.short)\" height=\"\(height.short)\" role=\"img\">",
      "<title>\(title.escaped)</title>", Plot.style,
      "<rect class=\"paper\" width=\"100%\" height=\"100%\"/>",
      text(Size.left, 18, vertical, "soft"),
      text(Size.left + Size.width, height - 10, horizontal, "soft end"),
    ]
    lines += across.steps.flatMap { value in
      [
        line((x(value), y(0)), (x(value), y(0) + 5), "axis"),
        text(x(value), y(0) + 20, value.short, "middle"),
      ]
    }
    lines += up.steps.flatMap { value in
      [
        line((x(0), y(value)), (x(across.end), y(value)), value == 0 ? "axis" : "grid"),
        text(x(0) - 8, y(value) + 4, value.short, "end"),
      ]
    }
    for (index, curve) in curves.enumerated() { lines += draw(curve, index) }
    lines.append("</svg>")
    return lines.joined(separator: "\n") + "\n"
  }

  private func draw(_ curve: Curve, _ index: Int) -> [String] {
    let look = "curve\(index % 4)"
    let points = curve.points.map { (x($0.x), y($0.y)) }
    let path = points.map { "\($0.0.short),\($0.1.short)" }.joined(separator: " ")
    var lines = ["<polyline class=\"\(look)\" points=\"\(path)\"/>"]
    lines += points.map { mark($0.0, $0.1, index, look) }
    if let last = points.last {
      lines.append(text(last.0 + 12, labels[index] ?? last.1, curve.name, "name \(look)"))
    }
    return lines
  }

  /// Where the curves' names stand: in the order of their ends, so that none covers another.
  private var labels: [Int: Double] {
    let ends = curves.enumerated().compactMap { index, curve in
      curve.points.last.map { (index: index, height: y($0.y)) }
    }.sorted { ($0.height, $0.index) < ($1.height, $1.index) }
    var labels: [Int: Double] = [:]
    var free = 0.0
    for end in ends {
      let height = max(end.height + 4, free)
      labels[end.index] = height
      free = height + 18
    }
    return labels
  }

  private func mark(_ x: Double, _ y: Double, _ index: Int, _ look: String) -> String {
    switch index % 4 {
    case 0: "<circle class=\"dot \(look)\" cx=\"\(x.short)\" cy=\"\(y.short)\" r=\"4\"/>"
    case 1:
      "<rect class=\"dot \(look)\" x=\"\((x - 4).short)\" y=\"\((y - 4).short)\""
        + " width=\"8\" height=\"8\"/>"
    case 2: "<path class=\"dot \(look)\" d=\"M\(x.short) \((y - 5).short)l5 9h-10z\"/>"
    default: "<path class=\"dot \(look)\" d=\"M\(x.short) \((y - 5).short)l5 5l-5 5l-5 -5z\"/>"
    }
  }

  private func text(_ x: Double, _ y: Double, _ words: String, _ look: String) -> String {
    "<text class=\"\(look)\" x=\"\(x.short)\" y=\"\(y.short)\">\(words.escaped)</text>"
  }

  private func line(
    _ from: (Double, Double), _ to: (Double, Double), _ look: String
  ) -> String {
    "<line class=\"\(look)\" x1=\"\(from.0.short)\" y1=\"\(from.1.short)\""
      + " x2=\"\(to.0.short)\" y2=\"\(to.1.short)\"/>"
  }

  private static func rules(
    paper: String, ink: String, soft: String, grid: String, curves: [String]
  ) -> String {
    let fills = curves.enumerated().map { index, color in
      ".curve\(index) { stroke: \(color); } .dot.curve\(index), .name.curve\(index) "
        + "{ fill: \(color); stroke: none; }"
    }
    return """
      .paper { fill: \(paper); } text { fill: \(ink); } .soft { fill: \(soft); }
      .axis { stroke: \(ink); } .grid { stroke: \(grid); }
      \(fills.joined(separator: "\n"))
      """
  }

  private static let style = """
    <style>
    text { font: 13px ui-sans-serif, system-ui, sans-serif; }
    .end { text-anchor: end; } .middle { text-anchor: middle; } .name { font-weight: 600; }
    polyline { fill: none; stroke-width: 2; } polyline.curve1 { stroke-dasharray: 7 4; }
    polyline.curve2 { stroke-dasharray: 2 4; } polyline.curve3 { stroke-dasharray: 9 3 2 3; }
    \(rules(
      paper: "#ffffff", ink: "#1f2328", soft: "#59636e", grid: "#d1d9e0",
      curves: ["#0969da", "#bc4c00", "#1a7f37", "#8250df"]))
    @media screen and (prefers-color-scheme: dark) {
    \(rules(
      paper: "#0d1117", ink: "#e6edf3", soft: "#9198a1", grid: "#3d444d",
      curves: ["#58a6ff", "#f0883e", "#56d364", "#d2a8ff"]))
    }
    </style>
    """
}

/// An axis from zero in round steps.
private struct Scale {
  let step: Double
  let end: Double

  /// An axis that reaches these values, in four to ten steps; in whole ones, if the values are.
  init(over values: [Double]) {
    let most = values.max() ?? 1
    let least = values.allSatisfy { $0 == $0.rounded() } ? 1.0 : 0
    var step = 1.0
    while most / step > 10 { step *= step.firstDigit == 2 ? 2.5 : 2 }
    while most > 0, most / step < 4, step > least { step /= step.firstDigit == 5 ? 2.5 : 2 }
    self.step = step
    end = max(step, (most / step).rounded(.up) * step)
  }

  var steps: [Double] { (0...Int((end / step).rounded())).map { Double($0) * step } }
}

extension Double {
  /// The first digit that is not zero.
  fileprivate var firstDigit: Int {
    var value = magnitude
    while value >= 10 { value /= 10 }
    while value > 0, value < 1 { value *= 10 }
    return Int(value)
  }
}
