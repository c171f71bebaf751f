/// What goes wrong in a simulated run, and at which step.
///
/// A run without faults is determined by its programs; a run is its faults.
///
///     at 31 break b losing replies
///     at 57 stop a for 15000
///     at 60 hold c for 12
///     at 70 away c for 6000
///     at 80 crash b
///     at 85 lag 2 for 300
///     at 90 leader
package struct Fault: Hashable, Sendable {
  /// What it is.
  package enum Kind: Hashable, Sendable {
    /// The connection breaks; requests and replies that are under way are lost.
    case cut
    /// The connection breaks after the server has executed what was under way: replies are lost.
    case loseReplies
    /// The process does nothing for so many milliseconds, as in a long pause for garbage; then it
    /// goes on where it was.
    case stop(Int)
    /// What the process would do next comes that many steps later.
    case hold(Int)
    /// What is under way to the process comes that many steps later.
    case delay(Int)
    /// For so many milliseconds nothing passes between the process and servers, and neither is
    /// told: what is under way comes afterwards, also where the process has given up meanwhile.
    case away(Int)
    /// The process ends, and with it its connection.
    case crash
    /// The task that the program runs in is cancelled.
    case cancel
    /// The ensemble's server at this place hears nothing of the others for so many milliseconds.
    case lag(Int, Int)
    /// The ensemble's leader stops, and starts again when the others have elected another.
    case leader

    /// Whether it strikes servers, of which there must be several.
    var needsEnsemble: Bool {
      switch self {
      case .lag, .leader: true
      case .cut, .loseReplies, .stop, .hold, .delay, .away, .crash, .cancel: false
      }
    }
  }

  /// When: behind what happens at this step.
  package var step: Int
  /// Whom it strikes.
  package var process: Int
  /// What it is.
  package var kind: Kind

  package init(step: Int, process: Int, _ kind: Kind) {
    (self.step, self.process, self.kind) = (step, process, kind)
  }

  /// The name of a process: a, b, c.
  package static func name(_ process: Int) -> String {
    String(UnicodeScalar(UInt8(97 + process % 26)))
  }
}

extension Fault: CustomStringConvertible {
  /// Its line.
  package var description: String { "at \(step) \(words)" }

  /// What goes wrong, without when.
  package var words: String {
    let name = Fault.name(process)
    return switch kind {
    case .cut: "break \(name)"
    case .loseReplies: "break \(name) losing replies"
    case .stop(let time): "stop \(name) for \(time)"
    case .hold(let steps): "hold \(name) for \(steps)"
    case .delay(let steps): "delay \(name) for \(steps)"
    case .away(let time): "away \(name) for \(time)"
    case .crash: "crash \(name)"
    case .cancel: "cancel \(name)"
    case .lag(let server, let time): "lag \(server) for \(time)"
    case .leader: "leader"
    }
  }

  /// Whether it strikes servers, of which there must be several.
  package var needsEnsemble: Bool { kind.needsEnsemble }

  /// How the lines read.
  package static let forms = """
    at N break a                  its connection breaks, what is under way is lost
    at N break a losing replies   it breaks when the server has done what was asked
    at N stop a for MS            it does nothing for so long (1 to 600000)
    at N hold a for STEPS         what it does next comes later (1 to 100000)
    at N delay a for STEPS        what is under way to it comes later
    at N away a for MS            nothing passes between it and servers for so long (1 to 600000)
    at N crash a                  it is no more
    at N cancel a                 its task is cancelled
    at N lag 2 for MS             on an ensemble: the server hears nothing of others (1 to 10000)
    at N leader                   on an ensemble: the leader stops, and is back after 3 s
    """

  /// The fault of a line; nil if it is none.
  package init?(_ line: some StringProtocol) {
    let words = String(line).split(separator: " ").map(String.init)
    guard words.count >= 3, words[0] == "at", let step = Int(words[1]), step >= 0 else {
      return nil
    }
    if words.count == 3, words[2] == "leader" {
      self.init(step: step, process: 0, .leader)
      return
    }
    if words.count == 6, words[2] == "lag", words[4] == "for",
      let server = Int(words[3]), (1...3).contains(server),
      let time = Int(words[5]), (1...10_000).contains(time)
    {
      self.init(step: step, process: 0, .lag(server, time))
      return
    }
    guard words.count >= 4, words[3].utf8.count == 1, let letter = words[3].utf8.first,
      (97...122).contains(letter)
    else { return nil }
    let number = words.count == 6 && words[4] == "for" ? Int(words[5]) : nil
    let kind: Kind
    switch (words[2], words.count) {
    case ("break", 4): kind = .cut
    case ("break", 6) where words[4] == "losing" && words[5] == "replies": kind = .loseReplies
    case ("crash", 4): kind = .crash
    case ("cancel", 4): kind = .cancel
    case ("stop", 6), ("away", 6):
      guard let number, (1...600_000).contains(number) else { return nil }
      kind = words[2] == "stop" ? .stop(number) : .away(number)
    case ("hold", 6), ("delay", 6):
      guard let number, (1...100_000).contains(number) else { return nil }
      kind = words[2] == "hold" ? .hold(number) : .delay(number)
    default: return nil
    }
    self.init(step: step, process: Int(letter) - 97, kind)
  }
}
