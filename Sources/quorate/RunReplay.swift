import ArgumentParser
import Catalogue
import Foundation
import Lab
import ProtocolCore

/// Replays a run file: what `quorate replay` does with a protocol's conversation.
struct RunReplay {
  let path: String
  let step: Bool
  let update: Bool
  let history: String?

  /// Plays the file and tells what did not hold.
  ///
  /// - Throws: exit code 64 when the file cannot be read, 1 when something does not hold.
  func run() throws {
    if let history { _ = try Outlet("--history", history) }
    do {
      let file = try RunFile.checked(path)
      guard let laboratory = Catalogue.named(file.chapter) else {
        throw ValidationError(
          "\(path):1: the id '\(file.id)' names no chapter; it begins with one of "
            + Catalogue.names.map { $0.uppercased() }.joined(separator: ", "))
      }
      try play(file, laboratory)
    } catch let error as RunFileError {
      throw ValidationError("\(error)")
    }
  }

  private func play<S: Laboratory>(_ file: RunFile, _ laboratory: S.Type) throws {
    let playback = try LaboratoryOptions.playback(laboratory, file)
    if step, isatty(STDIN_FILENO) == 1 {
      Stepper(playback).run()
    } else if step {
      for position in playback.frames.indices { print(playback.screen(at: position) + "\n") }
    }
    let updated = playback.updated
    let text = try LaboratoryOptions.read(path)
    if update, updated != text { try LaboratoryOptions.write(updated, to: path) }
    let failures = playback.failures.filter { !update || !$0.isDifference }
    for failure in failures { print("FAIL  \(failure)") }
    if let departure = playback.departure {
      print(
        "leaves the model  \(departure.path):\(departure.place.line):\(departure.place.column): "
          + "'\(departure.act)': \(departure.reason.sentence)")
    }
    if let history { try write(history: playback, to: history) }
    guard failures.isEmpty else { throw ExitCode(1) }
    print("holds  \(file.id)  \(file.title)  (\(playback.acts.count.of("act")))")
  }

  /// Writes what the clients saw, for `quorate check`.
  private func write<C: Model>(history playback: Playback<C>, to path: String) throws {
    let history = ClientHistory(of: playback.acts, in: playback.cluster)
    guard history.count > 0 else {
      throw ValidationError("\(self.path): no client has asked anything that a history tells of")
    }
    try Outlet("--history", path).write(history.text)
    print("history  \(history.count) events, in \(path)")
  }
}

extension RunFileError {
  /// Whether it says that something else followed, which an update mends.
  fileprivate var isDifference: Bool {
    if case .differs = reason { return true }
    return false
  }
}

/// Goes through a run on a terminal: the space bar goes on, `b` goes back, `q` ends.
struct Stepper<C: Model> {
  let playback: Playback<C>

  init(_ playback: Playback<C>) { self.playback = playback }

  func run() {
    var before = termios()
    tcgetattr(STDIN_FILENO, &before)
    var raw = before
    raw.c_lflag &= ~tcflag_t(ICANON | ECHO)
    tcsetattr(STDIN_FILENO, TCSANOW, &raw)
    defer { tcsetattr(STDIN_FILENO, TCSANOW, &before) }
    var position = 0
    while true {
      print("\u{1B}[2J\u{1B}[H" + playback.screen(at: position))
      print("\nspace: on   b: back   q: quit")
      switch getchar() {
      case 32, 10, 110: position = min(position + 1, playback.frames.count - 1)
      case 98, 127: position = max(position - 1, 0)
      case 113, 27, EOF, 4: return
      default: break
      }
    }
  }
}

extension Playback.Departure.Reason {
  /// Why nothing is promised from here on.
  fileprivate var sentence: String {
    switch self {
    case .fault(.suspicion):
      "this time runs out although something is under way or unstable, and nothing is promised "
        + "then"
    case .fault(.drift):
      "clocks that keep to their bounds do not read so, or no times of these acts go with them"
    case .fault(let fault): "the protocol claims to bear no \(fault.rawValue)"
    case .anotherTransaction:
      "it was asked for its part before; this would be another transaction, and runs have no names "
        + "for them"
    case .sameValueAgain:
      "this value was written before, and judges tell by the value which write a read saw"
    case .anotherClient:
      "another client has asked this node, and a session is one client's"
    }
  }
}
