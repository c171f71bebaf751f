import ArgumentParser
import Foundation
import ProtocolCore
import ZooKeeper
import ZooKeeperConformance

/// Measures how fast runs are drawn from the model and played on it.
struct ModelBench: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "model",
    abstract: "Generated runs of 50 operations on the reference's service, beside Hypothesis.",
    discussion: """
      Every run begins with an empty tree, draws each operation from what the tree holds, applies \
      it and checks its reply. Hypothesis (PyPI) does the same on a tree in Python, in the same \
      run, when it is installed. Then quirks are planted in the reference's server and looked for \
      by comparing it with the model. Build with -c release.
      """)

  @Option(help: "How many runs are measured.")
  var runs = 10_000
  @Option(help: "The seed.")
  var seed: UInt64 = 1
  @Option(help: "How many runs Hypothesis makes.")
  var peerRuns = 200

  private static let length = 50

  func run() async throws {
    let fresh = Model(clients: 3)
    var generator = MoveGenerator(seed: seed, clients: 3)
    var succeeded = 0
    let begin = ContinuousClock.now
    for _ in 0..<runs {
      var model = fresh
      generator.startOver()
      for _ in 0..<Self.length {
        let before = model.zxid
        let move = generator.next(in: model)
        let reply = model.play(move).reply
        generator.learn(move, reply)
        guard isPlausible(reply, move, after: before) else {
          throw ValidationError("\(move.request) was answered \(reply.result), zxid \(reply.zxid)")
        }
        if case .success = reply.result { succeeded += 1 }
      }
    }
    let seconds = (ContinuousClock.now - begin) / .seconds(1)
    let operations = runs * Self.length
    let rate = Double(runs) / seconds
    print(
      "quorate     \(runs) runs of \(Self.length) operations, "
        + "\(percent(succeeded, operations)) succeeded"
    )
    print(
      "            \(whole(rate)) runs a second, "
        + "\(hundredths(seconds / Double(operations) * 1e6)) µs an operation"
    )
    try race(rate)
    try await QuirkHunt(seed: seed, length: Self.length).run()
  }

  /// What holds of every reply, whatever the operation.
  private func isPlausible(_ reply: Reply, _ move: Move, after before: Zxid) -> Bool {
    guard move.request.isWrite else { return reply.zxid == before || reply.zxid == .zero }
    guard reply.zxid == Zxid(before.rawValue + 1) else { return false }
    guard case .success(.stat(let stat)) = reply.result else { return true }
    return stat.czxid <= stat.mzxid && stat.czxid <= stat.pzxid
  }

  private func race(_ rate: Double) throws {
    guard let script = Self.script else {
      print("hypothesis  not measured: Tests/Bench/hypothesis-model is not in this folder")
      return
    }
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = ["python3", script, String(peerRuns), String(seed)]
    let output = Pipe()
    process.standardOutput = output
    try process.run()
    let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    let fields = Dictionary(
      text.split(whereSeparator: \.isWhitespace).compactMap { pair -> (String, Double)? in
        let halves = pair.split(separator: "=")
        guard halves.count == 2, let number = Double(halves[1]) else { return nil }
        return (String(halves[0]), number)
      }, uniquingKeysWith: { $1 })
    guard process.terminationStatus == 0, let made = fields["runs"], let took = fields["seconds"],
      took > 0
    else {
      print("hypothesis  not measured: python3 has no hypothesis, or it failed")
      return
    }
    let peer = made / took
    print("hypothesis  \(whole(made)) runs, \(whole(peer)) runs a second")
    print("ratio       \(whole(rate / peer))")
  }

  private static var script: String? {
    let path = "Tests/Bench/hypothesis-model"
    return FileManager.default.isExecutableFile(atPath: path) ? path : nil
  }

  private func percent(_ part: Int, _ whole: Int) -> String { "\(part * 100 / max(1, whole)) %" }
  private func whole(_ value: Double) -> String { String(Int(value.rounded())) }
  private func hundredths(_ value: Double) -> String { String(format: "%.2f", value) }
}
