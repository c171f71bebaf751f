import ArgumentParser
import Foundation
import Histories
import ProtocolCore

/// Measures how fast, and in how little room, histories are judged linearizable.
struct HistoriesBench: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "histories",
    abstract: "Linearizability of made histories, beside Porcupine.",
    discussion: """
      Each history is judged in a process of its own: milliseconds without reading, steps, and the \
      most memory that the process held, reading and history included. With a checkout of \
      github.com/anishathalye/porcupine and Go (Debian: golang-go) Porcupine judges the same \
      histories in the same run, and those of its own tests. Build with -c release.

      Exit: 1 when the two come to different verdicts.
      """)

  @Option(help: ArgumentHelp("A checkout of Porcupine.", valueName: "folder"))
  var porcupine: String?
  @Option(parsing: .upToNextOption, help: "How many operations.")
  var sizes = [100, 1_000, 10_000, 100_000]
  @Option(parsing: .upToNextOption, help: "How many clients.")
  var clients = [5, 10, 20, 50]
  @Option(help: "How long one may take.", transform: Seconds.read)
  var budget = Seconds(count: 60)
  @Option(help: "How much ours may hold.", transform: Bytes.read)
  var memory = Bytes(count: 1 << 30)
  @Option(help: "How much Porcupine may hold.", transform: Bytes.read)
  var porcupineMemory = Bytes(count: 15 << 30)
  @Option(parsing: .upToNextOption, help: .hidden)
  var judge: [String] = []

  func validate() throws {
    guard (sizes + clients).allSatisfy({ (1...10_000_000).contains($0) }) else {
      throw ValidationError("--sizes and --clients are at least 1")
    }
  }

  func run() throws {
    if !judge.isEmpty { return try judgeHere() }
    let folder = FileManager.default.temporaryDirectory
      .appending(path: "quorate-histories-\(ProcessInfo.processInfo.processIdentifier)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let peer = try porcupine.map { try Porcupine($0, in: folder, budget, porcupineMemory) }
    var isEqual = true
    print("history                          verdict      ms        steps      MB")
    if let porcupine, let peer { isEqual = try own(porcupine, peer, folder) }
    for model in [ModelName.casRegister, .keyValue] {
      for size in sizes where model == .casRegister || size <= 10_000 {
        for count in clients {
          isEqual = try race(model, size, count, peer, folder) && isEqual
        }
      }
    }
    if !isEqual { throw ExitCode(1) }
  }

  /// What came of judging a history.
  struct Outcome {
    var verdict: String
    var milliseconds: Double
    var steps = 0
    var kilobytes: Int
  }

  private func race(
    _ model: ModelName, _ size: Int, _ clients: Int, _ peer: Porcupine?, _ folder: URL
  ) throws -> Bool {
    let unanswered = model == .casRegister ? max(50, size / 20) : 0
    var maker = HistoryMaker(model, clients: clients, unanswered: unanswered, seed: size + clients)
    let history = maker.history(size)
    let file = folder.appending(path: "history.ndjson")
    try NDJSON.text(of: history).write(to: file, atomically: true, encoding: .utf8)
    let own = try judge([file.path]).first
    row("\(model.rawValue) \(size) × \(clients)", own)
    guard let peer else { return true }
    let other = try peer.judge([history], folder).first
    row("  Porcupine", other)
    return compare(own, other)
  }

  /// Porcupine's own histories.
  private func own(_ porcupine: String, _ peer: Porcupine, _ folder: URL) throws -> Bool {
    var isEqual = true
    for (name, under) in [("etcd, all", "test_data/jepsen"), ("key-value, all", "test_data/kv")] {
      let path = URL(filePath: porcupine).appending(path: under)
      let files = try FileManager.default.contentsOfDirectory(atPath: path.path).sorted()
        .map { path.appending(path: $0).path }
      var histories: [History] = []
      var readable: [String] = []
      for file in files {
        let text = try String(contentsOfFile: file, encoding: .utf8)
        // One of Jepsen's logs is empty.
        guard !text.isEmpty else { continue }
        histories.append(try HistoryReader().read(text))
        readable.append(file)
      }
      let ours = try judge(readable)
      let theirs = try peer.judge(histories, folder)
      isEqual = zip(ours, theirs).allSatisfy { compare($0, $1, isQuiet: true) } && isEqual
      let verdicts = isEqual ? "the same" : "DIFFERENT"
      row("\(name) \(readable.count)", total(ours, verdicts))
      row("  Porcupine", total(theirs, verdicts))
      _ = compare(total(ours, verdicts), total(theirs, verdicts))
    }
    return isEqual
  }

  private func total(_ all: [Outcome], _ verdict: String) -> Outcome {
    Outcome(
      verdict: verdict, milliseconds: all.map(\.milliseconds).reduce(0, +),
      steps: all.map(\.steps).reduce(0, +), kilobytes: all.map(\.kilobytes).max() ?? 0)
  }

  private func compare(_ own: Outcome?, _ other: Outcome?, isQuiet: Bool = false) -> Bool {
    guard let own, let other else { return false }
    if !isQuiet {
      let time = own.milliseconds / max(other.milliseconds, 0.001)
      let room = Double(own.kilobytes) / Double(max(other.kilobytes, 1))
      print("  ratio".padded(to: 46) + time.fixed(3).padded(to: 24) + room.fixed(3))
    }
    return own.verdict == other.verdict || ![own, other].allSatisfy { $0.isDecided }
  }

  private func row(_ name: String, _ outcome: Outcome?) {
    guard let outcome else { return print("\(name.padded(to: 33))nothing") }
    let megabytes = (Double(outcome.kilobytes) / 1024).fixed(1)
    print(
      name.padded(to: 33) + outcome.verdict.padded(to: 13)
        + outcome.milliseconds.fixed(2).padded(to: 10)
        + "\(outcome.steps)".padded(to: 14) + megabytes)
  }

  // MARK: In a process of its own

  /// Judges files in a process of its own.
  private func judge(_ files: [String]) throws -> [Outcome] {
    let process = Process()
    process.executableURL = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath()
    process.arguments =
      ["bench", "histories", "--budget", "\(Int(budget.count))s", "--memory", "\(memory.count)"]
      + ["--judge"] + files
    return try Porcupine.lines(of: process).compactMap { fields in
      guard fields.count == 4, let milliseconds = Double(fields[1]), let steps = Int(fields[2]),
        let kilobytes = Int(fields[3])
      else { return nil }
      return Outcome(
        verdict: fields[0], milliseconds: milliseconds, steps: steps, kilobytes: kilobytes)
    }
  }

  private func judgeHere() throws {
    for file in judge {
      let handle = try FileHandle(forReadingFrom: URL(filePath: file))
      let history = try HistoryReader().read {
        [UInt8](try handle.read(upToCount: 1 << 20) ?? Data())
      }
      let limits = Budget(time: .seconds(budget.count), bytes: memory.count)
      let begin = ContinuousClock.now
      let judgement = history.linearizable(budget: limits, explains: false)
      let took = (ContinuousClock.now - begin) / .milliseconds(1)
      let verdict =
        switch judgement.verdict {
        case .holds: "Ok"
        case .refuted: "Illegal"
        case .undecided(let exhausted): "undecided: \(exhausted.rawValue)"
        case .unsuited: "unsuited"
        }
      print("\(verdict)\t\(took.fixed(3))\t\(judgement.steps)\t\(ProcessorTime.peakKilobytes)")
    }
  }
}

extension HistoriesBench.Outcome {
  /// Whether there is a verdict.
  var isDecided: Bool { verdict == "Ok" || verdict == "Illegal" }
}
