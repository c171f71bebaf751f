import Foundation

/// What a server has written down of the statements that it has completed.
///
/// It tells a duration only of those that succeed: `1796057824.123 4711 LOG:  duration: 0.2 ms
/// execute <unnamed>: PREPARE TRANSACTION 'quorate-t-a'`.
struct ServerLog {
  private let path: String
  /// How long it was when this was made: what stands before is not read.
  private let begin: UInt64

  /// The log from here on.
  init(_ path: String) throws {
    self.path = path
    let handle = try FileHandle(forReadingFrom: URL(filePath: path))
    begin = try handle.seekToEnd()
    try handle.close()
  }

  /// When a statement about one transaction was first completed, by the server's clock.
  struct Completions {
    /// Its PREPARE TRANSACTION, unless the transaction had failed: then it was a rollback.
    fileprivate(set) var prepare: Double?
    /// Its COMMIT PREPARED.
    fileprivate(set) var commit: Double?
  }

  /// What was completed of a transaction at one of its participants.
  func completions(of transaction: String, at id: String) throws -> Completions {
    let handle = try FileHandle(forReadingFrom: URL(filePath: path))
    try handle.seek(toOffset: begin)
    let text = String(decoding: try handle.readToEnd() ?? Data(), as: UTF8.self)
    try handle.close()
    var found = Completions()
    /// The processes whose transaction has failed.
    var failed: Set<Substring> = []
    for line in text.split(separator: "\n") {
      let words = line.split(separator: " ", maxSplits: 3, omittingEmptySubsequences: true)
      guard words.count == 4, let time = Double(words[0]) else { continue }
      if words[2] == "ERROR:" { failed.insert(words[1]) }
      guard words[3].contains("duration:"),
        let statement = words[3].components(separatedBy: "execute <unnamed>: ").dropFirst().first
      else { continue }
      if statement == "BEGIN" { failed.remove(words[1]) }
      // Between the two stands what the coordinator has drawn.
      guard statement.contains(" 'quorate-\(transaction)-"), statement.hasSuffix("-\(id)'") else {
        continue
      }
      if statement.hasPrefix("PREPARE TRANSACTION ") {
        if !failed.contains(words[1]) { found.prepare = found.prepare ?? time }
      } else if statement.hasPrefix("COMMIT PREPARED ") {
        found.commit = found.commit ?? time
      }
    }
    return found
  }
}
