/// Automata of commit protocols side by side in SVG: circles for the states, arrows for the steps.
///
/// A state has its place by its letter, as papers draw them: q on top, below it w and p, at the
/// bottom a on the left and c on the right.
public struct AutomatonDrawing: Sendable {
  /// An automaton.
  public struct Automaton: Sendable {
    /// Whose it is.
    public var title: String
    /// The states' letters, each with whether the theory has something against it.
    public var states: [(name: String, isBlocking: Bool)]
    /// The steps, and what brings each about.
    public var steps: [(from: String, to: String, causes: [String])]

    /// An automaton.
    public init(
      title: String, states: [(name: String, isBlocking: Bool)],
      steps: [(from: String, to: String, causes: [String])]
    ) {
      self.title = title
      self.states = states
      self.steps = steps
    }
  }

  private let automata: [Automaton]
  private let title: String

  /// A picture of these automata, from left to right.
  public init(_ automata: [Automaton], title: String) {
    self.automata = automata
    self.title = title
  }

  private static let width = 320.0
  private static let radius = 17.0

  /// The whole picture.
  public var svg: String {
    let width = Double(automata.count) * AutomatonDrawing.width
    let height = (automata.map { rows($0) }.max() ?? 0) * 95 + 90
    var lines = [
      "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 \(width.short) \(height.short)\""
        + " width=\"\(width.short)\" height=\"\(height.short)\" role=\"img\">",
      "<title>\(title.escaped)</title>", Drawing.style,
      "<rect class=\"paper\" width=\"100%\" height=\"100%\"/>",
    ]
    for (column, automaton) in automata.enumerated() {
      let left = Double(column) * AutomatonDrawing.width
      let middle = (left + 160).short
      lines.append(
        "<text class=\"name\" x=\"\(middle)\" y=\"26\">\(automaton.title.escaped)</text>")
      for step in automaton.steps { lines += draw(step, of: automaton, left) }
      for state in automaton.states { lines += draw(state, of: automaton, left) }
    }
    lines.append("</svg>")
    return lines.joined(separator: "\n") + "\n"
  }

  /// How many rows of states stand below the first.
  private func rows(_ automaton: Automaton) -> Double {
    automaton.states.contains { $0.name == "p" } ? 3 : 2
  }

  private func place(_ state: String, of automaton: Automaton, _ left: Double) -> (Double, Double) {
    let (x, row): (Double, Double) =
      switch state {
      case "q": (160, 0)
      case "w": (160, 1)
      case "p": (160, 2)
      case "a": (60, rows(automaton))
      default: (260, rows(automaton))
      }
    return (left + x, 62 + row * 95)
  }

  private func draw(
    _ state: (name: String, isBlocking: Bool), of automaton: Automaton, _ left: Double
  ) -> [String] {
    let (x, y) = place(state.name, of: automaton, left)
    let kind = state.isBlocking ? "state blocking" : "state"
    return [
      "<circle class=\"\(kind)\" cx=\"\(x.short)\" cy=\"\(y.short)\""
        + " r=\"\(AutomatonDrawing.radius.short)\"/>",
      "<text class=\"name\(state.isBlocking ? " bad" : "")\" x=\"\(x.short)\""
        + " y=\"\((y + 5).short)\">\(state.name.escaped)</text>",
    ]
  }

  private func draw(
    _ step: (from: String, to: String, causes: [String]), of automaton: Automaton, _ left: Double
  ) -> [String] {
    let (x1, y1) = place(step.from, of: automaton, left)
    let (x2, y2) = place(step.to, of: automaton, left)
    let length = max(1, ((x2 - x1) * (x2 - x1) + (y2 - y1) * (y2 - y1)).squareRoot())
    let (dx, dy) = ((x2 - x1) / length, (y2 - y1) / length)
    let radius = AutomatonDrawing.radius
    let (ax, ay) = (x1 + dx * radius, y1 + dy * radius)
    let (tx, ty) = (x2 - dx * (radius + 1), y2 - dy * (radius + 1))
    let (bx, by) = (tx - dx * 10, ty - dy * 10)
    let points = [(tx, ty), (bx - dy * 4, by + dx * 4), (bx + dy * 4, by - dx * 4)]
    let list = points.map { "\($0.0.short),\($0.1.short)" }.joined(separator: " ")
    var lines = [
      "<line class=\"arrow\" x1=\"\(ax.short)\" y1=\"\(ay.short)\" x2=\"\(bx.short)\""
        + " y2=\"\(by.short)\"/>",
      "<polygon class=\"head\" points=\"\(list)\"/>",
    ]
    let isLeft = x2 < x1
    // Of two ways to the left the one from q is named higher up.
    let part = isLeft ? (step.from == "q" ? 0.3 : 0.6) : 0.5
    let (lx, ly) = (x1 + (x2 - x1) * part + (isLeft ? -8 : 8), y1 + (y2 - y1) * part)
    for (number, cause) in step.causes.enumerated() {
      let y = ly + 4 + Double(number) * 15 - Double(step.causes.count - 1) * 7.5
      lines.append(
        "<text class=\"soft\(isLeft ? " end" : "")\" x=\"\(lx.short)\" y=\"\(y.short)\">"
          + "\(cause.escaped)</text>")
    }
    return lines
  }
}
