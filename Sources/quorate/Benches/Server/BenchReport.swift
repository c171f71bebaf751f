import Foundation
import Histogram

/// What one server did in all rounds of a row.
struct BenchResult {
  private(set) var tally = Tally()
  private(set) var seconds = 0.0
  private(set) var processorSeconds: Double? = 0

  mutating func add(_ measure: Load.Measure) {
    tally.count += measure.tally.count
    tally.errors += measure.tally.errors
    tally.times.add(measure.tally.times)
    seconds += measure.seconds
    if let before = processorSeconds, let more = measure.processorSeconds {
      processorSeconds = before + more
    } else {
      processorSeconds = nil
    }
  }

  /// Replies a second.
  var rate: Double { Double(tally.count) / max(seconds, 1e-9) }

  /// Microseconds of the processor for each reply.
  var cost: Double? {
    tally.count == 0 ? nil : processorSeconds.map { $0 * 1e6 / Double(tally.count) }
  }

  /// The time in which so many per cent of the replies came, in microseconds.
  func time(_ percentile: Double) -> Double {
    Double(tally.times.valueAtPercentile(percentile)) / 1000
  }
}

/// What a run has measured, as a table or as JSON.
struct BenchReport {
  let servers: [BenchedServer]
  var rows: [(row: BenchRow, results: [BenchResult])] = []

  init(servers: [BenchedServer]) { self.servers = servers }

  private static func left(_ text: String, _ width: Int) -> String {
    text + String(repeating: " ", count: max(0, width - text.count))
  }

  private static func right(_ text: String, _ width: Int) -> String {
    String(repeating: " ", count: max(0, width - text.count)) + text
  }

  /// The lines above the table.
  var heading: String {
    var text = servers.enumerated().map { place, server in
      let memory = server.process?.residentKilobytes.map { ", \($0) KiB resident" } ?? ""
      let process = server.process.map { "process \($0.pid)" } ?? "process unknown"
      return "\(place == 0 ? "server" : "versus")  \(server.address), \(process)\(memory)\n"
    }.joined()
    text += Self.left("", 18)
    for _ in servers { text += "       /s  µs CPU     p50     p99    p999 " }
    if servers.count > 1 { text += " rate   CPU" }
    return text
  }

  /// A line of the table.
  func line(_ row: BenchRow, _ results: [BenchResult]) -> String {
    var text = Self.left(row.description, 18)
    for result in results {
      text += Self.right(result.rate.fixed(0), 9)
      text += Self.right(result.cost?.fixed(1) ?? "-", 8)
      for percentile in [50, 99, 99.9] { text += Self.right(result.time(percentile).fixed(0), 8) }
      text += result.tally.errors > 0 ? "!" : " "
    }
    guard let (rate, cost) = ratios(results) else { return text }
    return text + Self.right(rate.fixed(2), 5) + Self.right(cost?.fixed(2) ?? "-", 6)
  }

  private func ratios(_ results: [BenchResult]) -> (rate: Double, cost: Double?)? {
    guard results.count == 2, results[1].rate > 0 else { return nil }
    var cost: Double?
    if let ours = results[0].cost, let theirs = results[1].cost, theirs > 0 { cost = ours / theirs }
    return (results[0].rate / results[1].rate, cost)
  }

  /// The line below the table.
  var summary: String {
    let errors = rows.flatMap(\.results).reduce(0) { $0 + $1.tally.errors }
    let text = errors == 0 ? "no reply was an error" : "\(errors) replies were errors (!)"
    let all = rows.compactMap { ratios($0.results) }
    guard !all.isEmpty else { return text }
    func mean(_ values: [Double]) -> String {
      exp(values.map { log(max($0, 1e-9)) }.reduce(0, +) / Double(max(1, values.count))).fixed(2)
    }
    return text + "; geometric mean of the ratios: rate \(mean(all.map(\.rate)))"
      + ", CPU \(mean(all.compactMap(\.cost)))"
  }

  // MARK: JSON

  private struct Document: Encodable {
    let servers: [String]
    let rows: [Row]
  }

  private struct Row: Encodable {
    let operation: String
    let bytes: Int
    let connections: Int
    let outstanding: Int
    let results: [Result]
    let rateRatio: Double?
    let cpuRatio: Double?
  }

  private struct Result: Encodable {
    let replies: Int
    let errors: Int
    let perSecond: Double
    let cpuMicroseconds: Double?
    let p50Microseconds: Double
    let p99Microseconds: Double
    let p999Microseconds: Double

    init(_ result: BenchResult) {
      replies = result.tally.count
      errors = result.tally.errors
      perSecond = result.rate
      cpuMicroseconds = result.cost
      p50Microseconds = result.time(50)
      p99Microseconds = result.time(99)
      p999Microseconds = result.time(99.9)
    }
  }

  /// Everything, as an object.
  var json: String {
    get throws {
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
      let rows = rows.map { row, results in
        Row(
          operation: row.workload.rawValue, bytes: row.size, connections: row.connections,
          outstanding: row.depth, results: results.map { Result($0) },
          rateRatio: ratios(results)?.rate, cpuRatio: ratios(results)?.cost)
      }
      let document = Document(servers: servers.map(\.address), rows: rows)
      return String(decoding: try encoder.encode(document), as: UTF8.self)
    }
  }
}
