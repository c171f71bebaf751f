import ProtocolCore
import RecipesLab

/// A scene of a demo on the terminal: a lane for each process, a line for each moment.
///
/// A lane shows how its process is: `│` it lives, `┃` it holds something, `╎` it is stopped, `·` it
/// is dead and its session is not over yet.
struct DemoScreen {
  private enum State {
    case alive, stopped, dead, gone

    /// What stands in a lane.
    func mark(holding: Bool) -> Character {
      switch self {
      case .alive: holding ? "┃" : "│"
      case .stopped: "╎"
      case .dead: "·"
      case .gone: " "
      }
    }
  }

  private let scene: Demo.Scene
  private let isColored: Bool
  private var states: [State]
  private var holds: [Int]
  /// How far apart lanes are.
  private let lane: Int
  /// How many characters a line has.
  private let columns: Int
  /// Where the first lane begins, how far apart lanes are where there is room, and at least.
  private static let (margin, roomy, narrow) = (9, 24, 8)
  private static let colors = [36, 35, 33, 32]

  /// - Parameters:
  ///   - scene: What is shown.
  ///   - columns: How many characters a line of the terminal has: longer ones go on in the next.
  ///   - isColored: Whether lanes have colours.
  init(_ scene: Demo.Scene, columns: Int, isColored: Bool) {
    (self.scene, self.isColored) = (scene, isColored)
    let room = (columns - Self.margin) / max(1, scene.program.processes)
    lane = min(Self.roomy, max(Self.narrow, room))
    // The last lane has room for a word.
    self.columns = max(columns, Self.margin + lane * scene.program.processes + Self.narrow)
    states = Array(repeating: .alive, count: scene.program.processes)
    holds = Array(repeating: 0, count: scene.program.processes)
  }

  /// The line above all others.
  var heading: String {
    let names = states.indices.map { paint(name($0).padded(to: lane), $0) }
    return "   time  " + names.joined().trimmed
  }

  /// The line of a moment; nil if nothing is told of it.
  mutating func line(_ moment: Moment) -> String? {
    let process = moment.process
    guard states.indices.contains(process) else { return nil }
    var text: String?
    var isTrouble = false
    switch moment.what {
    case .said(let note):
      count(note.what, process)
      text = scene.words(note)
    case .killed:
      (states[process], text, isTrouble) = (.dead, "✗ killed", true)
    case .stopped:
      (states[process], text, isTrouble) = (.stopped, "‖ stopped", true)
    case .goesOn:
      (states[process], text, isTrouble) = (.alive, "▶ goes on", true)
    case .sessionEnds:
      text = "session over"
      isTrouble = true
      if states[process] == .dead { states[process] = .gone }
      holds[process] = 0
    case .ended: states[process] = .gone
    }
    return text.map { row($0, process, isTrouble, moment.time) }
  }

  private mutating func count(_ what: Note.What, _ process: Int) {
    switch what {
    case .holds: holds[process] += 1
    case .releases: holds[process] = max(0, holds[process] - 1)
    case .fails: holds[process] = 0
    default: break
    }
  }

  private func row(_ text: String, _ process: Int, _ isTrouble: Bool, _ time: Int64) -> String {
    let tenths = (time + 50) / 100
    let begin = "\(tenths / 10).\(tenths % 10) s".leftPadded(to: 7) + "  "
    let room = columns - Self.margin - process * lane - 2
    return text.wrapped(to: room).enumerated().map { number, words in
      let margin = number == 0 ? begin : String(repeating: " ", count: Self.margin)
      return margin + lanes(words, process, isTrouble)
    }.joined(separator: "\n")
  }

  /// All lanes, of which one says something.
  private func lanes(_ words: String, _ process: Int, _ isTrouble: Bool) -> String {
    var line = ""
    var place = 0
    while place < states.count {
      let mark = String(states[place].mark(holding: holds[place] > 0))
      guard place == process else {
        line += paint(mark.padded(to: lane), place)
        place += 1
        continue
      }
      line += paint(mark, place) + " " + (isTrouble ? red(words) : words)
      // Words that are longer than their lane cover those behind it.
      let lanes = max(1, (words.count + 3 + lane - 1) / lane)
      line += String(repeating: " ", count: lanes * lane - words.count - 2)
      place += lanes
    }
    return line.trimmed
  }

  private func name(_ process: Int) -> String { Fault.name(process) }

  private func paint(_ text: String, _ process: Int) -> String {
    guard isColored else { return text }
    return "\u{1b}[\(Self.colors[process % Self.colors.count])m\(text)\u{1b}[0m"
  }

  private func red(_ text: String) -> String { isColored ? "\u{1b}[31m\(text)\u{1b}[0m" : text }
}

extension String {
  /// Itself in lines of so many characters; a word that is longer is divided.
  fileprivate func wrapped(to width: Int) -> [String] {
    var lines = [""]
    for word in split(separator: " ") {
      var rest = word
      let room = width - lines[lines.count - 1].count - (lines[lines.count - 1].isEmpty ? 0 : 1)
      if rest.count > room, !lines[lines.count - 1].isEmpty { lines.append("") }
      while rest.count > width {
        lines[lines.count - 1] = String(rest.prefix(width))
        rest = rest.dropFirst(width)
        lines.append("")
      }
      lines[lines.count - 1] += (lines[lines.count - 1].isEmpty ? "" : " ") + rest
    }
    return lines
  }

  /// Itself without the spaces at its end.
  fileprivate var trimmed: String {
    var text = self[...]
    while text.last == " " { text.removeLast() }
    return String(text)
  }
}
