import ArgumentParser
import Catalogue
import Foundation
import ProtocolCore

/// Measures how many acts a second each chapter is simulated with.
struct SimulateBench: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "simulate",
    abstract: "Acts a second of every chapter in the simulator, beside another build.",
    discussion: """
      Every chapter is simulated with the same seeds by this program and, with --peer, by another \
      build of it, in turn; of each the best of the rounds counts, in seconds of the processor.
      Acts are those up to the end of a run's faults. What comes behind them, so that progress can \
      be judged, takes time and is not counted. So a rate is told thrice: with everything judged; \
      with only safety judged, when nothing comes behind the faults; and with nothing judged, when \
      no monitor is told anything. What limits the rate is told beside it: the shares of the \
      seconds that judging progress, judging safety, and playing take. Within playing no function \
      stands out: a profile (perf) of Raft has thirty in a hundred in copies of the acts, effects \
      and incidents by which a run is told, twenty-four in counting references and in memory, and \
      six in the protocol itself.

      git worktree add /tmp/before HEAD~1 && swift build -c release --package-path /tmp/before
      quorate bench simulate --peer /tmp/before/.build/release/quorate
      """)

  @Argument(help: "Chapters; all of them, if none is named.")
  var chapters: [String] = []
  @Option(help: "How many runs a chapter plays in a round.")
  var runs = 2_000
  @Option(help: "How many rounds there are.")
  var rounds = 3
  @Option(help: "Another build of quorate.")
  var peer: String?

  func validate() throws {
    guard runs > 0, rounds > 0 else { throw ValidationError("--runs and --rounds are more than 0") }
    if let stray = chapters.first(where: { Catalogue.named($0) == nil }) {
      throw ValidationError("no chapter is called '\(stray)'")
    }
  }

  func run() throws {
    guard let own = Bundle.main.executablePath else {
      throw ValidationError("this program does not know where it stands")
    }
    Terminal.row(
      "chapter            acts/s    safety  unjudged   progress  safety  playing"
        + (peer == nil ? "" : "      peer     ratio"))
    for chapter in chapters.isEmpty ? Catalogue.names : chapters {
      var (best, safety, played, other) = (0.0, 0.0, 0.0, 0.0)
      for _ in 0..<rounds {
        best = max(best, try rate(of: chapter, by: own))
        if let peer { other = max(other, try rate(of: chapter, by: peer)) }
        safety = max(safety, try rate(of: chapter, by: own, "--safety"))
        played = max(played, try rate(of: chapter, by: own, "--unjudged"))
      }
      var line = chapter.padding(toLength: 15, withPad: " ", startingAt: 0)
      line += String(format: "%10.0f%10.0f%10.0f", best, safety, played)
      let shares = [1 - best / safety, best / safety - best / played, best / played]
      line += String(
        format: "%9.0f %%%6.0f %%%7.0f %%", shares[0] * 100, shares[1] * 100, shares[2] * 100)
      if peer != nil { line += String(format: "%10.0f %9.2f", other, best / other) }
      Terminal.row(line)
    }
  }

  /// The acts that a program plays in a second of the processor.
  private func rate(
    of chapter: String, by program: String, _ options: String...
  ) throws -> Double {
    let process = Process()
    process.executableURL = URL(filePath: program)
    process.arguments = ["simulate", chapter, "--runs", "\(runs)", "--seconds", "600"] + options
    let output = Pipe()
    process.standardOutput = output
    process.standardError = FileHandle.nullDevice
    let before = ProcessorTime.children
    do { try process.run() } catch { throw ValidationError("'\(program)' cannot be run") }
    let data = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    let seconds = ProcessorTime.children - before
    let text = String(decoding: data, as: UTF8.self)
    guard let acts = text.firstMatch(of: /([0-9]+) acts in/).flatMap({ Double($0.1) }) else {
      throw ValidationError("'\(program) simulate \(chapter)' says not how many acts it played")
    }
    return acts / max(0.001, seconds)
  }
}
