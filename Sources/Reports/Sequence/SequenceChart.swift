/// A run of clients of a server, as a message sequence chart shows it: the server's line and one a
/// client, a row for each thing that happens, time downward.
///
/// It is read from the log of a run in the laboratory, one line a row:
///
///     13 0 ms    a → create /lock
///     67 5000 ms    b ← event NodeDeleted /lock/a0.1-lock-0000000000
///     75 5000 ms  b holds lock, token 0x8
///     78 5000 ms  --- at 78 crash b
///     80 9000 ms  --- the session of b is over
///     84 9000 ms  --- violates fencing: a write by 0x7 is taken after one by 0x8
///
/// Source: ITU-T Z.120, Message Sequence Chart.
public struct SequenceChart: Sendable {
  /// Something that happens.
  enum Event: Hashable, Sendable {
    /// A client's request arrives at the server.
    case asks(Int, String)
    /// An answer, or an event of a watch, arrives at a client.
    case hears(Int, String, isEvent: Bool)
    /// A client says what it does.
    case says(Int, String)
    /// A client has come to its end.
    case ends(Int)
    /// A fault strikes, a client if it names one.
    case fault(String, Int?)
    /// The server ends a client's session, and the client does not know.
    case sessionEnds(Int)
    /// Something must not be, and was.
    case violates(String)
    /// Rows that are left out.
    case fold(Int)
  }

  /// One row.
  struct Row: Hashable, Sendable {
    /// Milliseconds from the beginning.
    var time: Int64
    var event: Event
  }

  /// Why a log is none.
  public struct Mistake: Error, Hashable, Sendable, CustomStringConvertible {
    /// What is wrong.
    public let description: String
  }

  /// How many clients there are.
  let clients: Int
  /// Everything that happens; a picture may show some of it.
  let all: [Row]
  /// The rows that are shown, from one; all if there are none.
  let shown: [ClosedRange<Int>]

  /// Reads a log.
  ///
  /// - Parameters:
  ///   - log: Its lines.
  ///   - violated: What must not be, and was, in the end.
  ///   - rows: Which lines are shown, as ``RowChoice`` reads it; all if nil.
  /// - Throws: ``Mistake`` for a line that is none of a log, and for rows that there are not.
  public init(
    log: [String], violated: [String] = [], rows: String? = nil
  ) throws(Mistake) {
    var read: [Row] = []
    for line in log {
      guard let row = Row(line) else { throw Mistake(description: "no line of a log: \(line)") }
      read.append(row)
    }
    let last = read.last?.time ?? 0
    // What was seen in the end only stands in no line.
    let unseen = violated.filter { words in !read.contains { $0.event == .violates(words) } }
    all = read + unseen.map { Row(time: last, event: .violates($0)) }
    clients = (all.compactMap(\.event.client).max() ?? 0) + 1
    shown = try RowChoice(rows, in: log).ranges
  }

  /// Whether a row, from zero, is shown.
  func shows(_ place: Int) -> Bool {
    if shown.isEmpty { return true }
    if case .violates = all[place].event { return true }
    return shown.contains { $0.contains(place + 1) }
  }
}

extension SequenceChart.Event {
  /// The client that it concerns.
  var client: Int? {
    switch self {
    case .asks(let client, _), .hears(let client, _, _), .says(let client, _), .ends(let client):
      client
    case .sessionEnds(let client): client
    case .fault(_, let client): client
    case .violates, .fold: nil
    }
  }
}

extension SequenceChart.Row {
  /// A line of a log; nil if it is none.
  init?(_ line: String) {
    guard let match = line.wholeMatch(of: /\d+ (\d+) ms  (.*)/), let time = Int64(match.1) else {
      return nil
    }
    let rest = String(match.2)
    func client(_ name: Substring) -> Int { Int(name.utf8.first ?? 97) - 97 }
    if let over = rest.wholeMatch(of: /--- the session of ([a-z]) is over/) {
      self.init(time: time, event: .sessionEnds(client(over.1)))
    } else if let violated = rest.wholeMatch(of: /--- violates (.*)/) {
      self.init(time: time, event: .violates(String(violated.1)))
    } else if let fault = rest.wholeMatch(of: /--- at \d+ (.*)/) {
      let struck = fault.1.firstMatch(of: /^[a-z]+ ([a-z])\b/).map { client($0.1) }
      self.init(time: time, event: .fault(String(fault.1), struck))
    } else if let message = rest.wholeMatch(of: /\ \ ([a-z]) ([→←]) (.*)/) {
      let (who, words) = (client(message.1), String(message.3))
      if message.2 == "→" {
        self.init(time: time, event: .asks(who, words))
      } else if words.hasPrefix("event ") {
        self.init(time: time, event: .hears(who, String(words.dropFirst(6)), isEvent: true))
      } else {
        self.init(time: time, event: .hears(who, words, isEvent: false))
      }
    } else if let words = rest.wholeMatch(of: /([a-z]) (.*)/) {
      let who = client(words.1)
      self.init(
        time: time, event: words.2 == "ends" ? .ends(who) : .says(who, String(words.2)))
    } else {
      return nil
    }
  }
}
