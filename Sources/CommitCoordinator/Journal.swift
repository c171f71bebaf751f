import AtomicCommitment
import Foundation
import TwoPhaseCommit

/// The coordinator's journal of one transaction: a file, and a line a record.
///
/// A line is the checksum of what follows, in eight hexadecimal digits, the time at which it was
/// written, in seconds since 1970, and the record in the chapter's words: `a3f0c1d2
/// 1796057824.123456 commit`. The time is for people, and for whoever holds the decision against
/// the servers' logs; nothing is decided by it. The first line gives the transaction a random name,
/// since what it was called may be called so elsewhere, and names the participants, each with its
/// database: `participants 91c0… a=7301…/5 b=7302…/5`. Whoever goes on with the transaction must
/// have all of them. A line `damage a` tells where an operator has decided otherwise. A record
/// counts when the file was synchronized behind it; a line that a crash has torn at the end is cut
/// off. While a process has the file open it is locked.
struct Journal {
  /// What stops the journal from being read or written.
  enum Problem: Error, CustomStringConvertible {
    case system(String, path: String)
    case damaged(path: String, line: Int)
    case inUse(path: String)
    case lacks(participant: String, path: String)

    var description: String {
      switch self {
      case .system(let words, let path): "\(path): \(words)"
      case .damaged(let path, let line): "\(path):\(line): this line is not as it was written"
      case .inUse(let path): "\(path): another process works on this transaction"
      case .lacks(let name, let path):
        "\(path):1: \(name) takes part, and no --participant names it"
      }
    }
  }

  /// The file.
  let path: String
  private let file: Int32
  /// Those that take part, by name; none if a crash came before that was written.
  private(set) var participants: [String]
  /// What tells this transaction from every other, in sixteen hexadecimal digits.
  private(set) var id = ""
  /// The databases of those that take part, by name; none for one that could not be asked.
  private(set) var places: [String: String] = [:]
  /// The participants whose databases have gone another way than was decided.
  private(set) var damaged: [String] = []
  /// The records in it, in order.
  private(set) var records: [Words.Record]

  /// Opens the journal of a transaction, or begins one.
  ///
  /// - Parameters:
  ///   - transaction: Its name.
  ///   - folder: Where journals stand.
  ///   - known: The participants that can be reached, by name: all take part in one that begins.
  ///   - places: Their databases, if it begins; nil if it has begun.
  init(
    of transaction: String, in folder: String, participants known: [String],
    at places: [String: String]?
  ) throws(Problem) {
    path = "\(folder)/\(transaction).journal"
    let isNew = places != nil
    file = open(path, O_RDWR | O_CLOEXEC | (isNew ? O_CREAT | O_EXCL : 0), 0o644)
    guard file >= 0 else { throw Self.problem(path) }
    guard flock(file, LOCK_EX | LOCK_NB) == 0 else { throw .inUse(path: path) }
    // The name of a new file is on disk when its folder is.
    let parent = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    defer { if parent >= 0 { close(parent) } }
    guard parent >= 0, fsync(parent) == 0 else { throw Self.problem(folder) }
    guard let data = FileManager.default.contents(atPath: path) else {
      throw .system("it cannot be read", path: path)
    }
    let found = try Self.read(data, path)
    (id, self.places, damaged, records) = (found.id, found.places, found.damaged, found.records)
    participants = found.participants
    // What was read may be in no more than the system's memory.
    guard ftruncate(file, off_t(found.length)) == 0, lseek(file, 0, SEEK_END) >= 0, fsync(file) == 0
    else { throw Self.problem(path) }
    if let missing = participants.first(where: { !known.contains($0) }) {
      throw .lacks(participant: missing, path: path)
    }
    if let places {
      (participants, self.places) = (known, places)
      id = String(UInt64.random(in: 1 << 60 ... .max), radix: 16)
      try write(Self.line(heading))
    }
  }

  /// What was decided, if that is written down.
  var decision: Decision? {
    for case .decided(let decision) in records { return decision }
    return nil
  }

  /// Whether nobody is owed anything any more.
  var isOver: Bool { records.last == .end }

  /// The transactions that have a journal in a folder, by name.
  static func transactions(in folder: String) throws(Problem) -> [String] {
    guard let stream = opendir(folder) else { throw problem(folder) }
    closedir(stream)
    guard let names = try? FileManager.default.contentsOfDirectory(atPath: folder) else {
      throw .system("it cannot be read", path: folder)
    }
    return names.filter { $0.hasSuffix(".journal") }.map { String($0.dropLast(8)) }.sorted()
  }

  /// Appends records, and returns when they are stable.
  mutating func append(_ new: [Words.Record]) throws(Problem) {
    try write(new.map { Self.line($0.description) }.joined())
    records += new
  }

  /// Keeps that an operator has decided otherwise somewhere, and returns when that is stable.
  mutating func noteDamage(at participant: String) throws(Problem) {
    guard !damaged.contains(participant) else { return }
    try write(Self.line("damage \(participant)"))
    damaged.append(participant)
  }

  private func write(_ text: String) throws(Problem) {
    var bytes = Array(text.utf8)[...]
    while !bytes.isEmpty {
      let count = bytes.withUnsafeBytes { Foundation.write(file, $0.baseAddress, $0.count) }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { throw Self.problem(path) }
      bytes = bytes.dropFirst(count)
    }
    guard fsync(file) == 0 else { throw Self.problem(path) }
  }

  /// Closes the file.
  func end() { close(file) }

  // MARK: Lines

  private var heading: String {
    (["participants", id] + participants.map { "\($0)=\(places[$0] ?? "")" })
      .joined(separator: " ")
  }

  private static func line(_ record: String) -> String {
    let text = "\(now) \(record)"
    return "\(checksum(text)) \(text)\n"
  }

  /// The time, in seconds since 1970.
  private static var now: String {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    let digits = String(time.tv_nsec / 1000)
    return "\(time.tv_sec).\(String(repeating: "0", count: 6 - digits.count))\(digits)"
  }

  /// FNV-1a of 32 bits, which tells a line that was torn from one that was written.
  ///
  /// Source: RFC 9923, 5.
  private static func checksum(_ text: some StringProtocol) -> String {
    let hash = text.utf8.reduce(UInt32(0x811c_9dc5)) { ($0 ^ UInt32($1)) &* 0x0100_0193 }
    let digits = String(hash, radix: 16)
    return String(repeating: "0", count: 8 - digits.count) + digits
  }

  private static let words: [String: Words.Record] = Dictionary(
    [.start, .decided(.commit), .decided(.abort), .end].map { ($0.description, $0) }
  ) { first, _ in first }

  /// What stands in a file.
  private struct Contents {
    var id = ""
    var participants: [String] = []
    var places: [String: String] = [:]
    var damaged: [String] = []
    var records: [Words.Record] = []
    /// How many bytes it takes.
    var length = 0

    /// Takes the word of a line; whether there is such a word.
    mutating func take(_ word: String, isFirst: Bool) -> Bool {
      let parts = word.split(separator: " ").map(String.init)
      guard isFirst else {
        if parts.count == 2, parts[0] == "damage" {
          damaged.append(parts[1])
        } else if let record = Journal.words[word] {
          records.append(record)
        } else {
          return false
        }
        return true
      }
      guard parts.count > 1, parts[0] == "participants" else { return false }
      id = parts[1]
      for part in parts.dropFirst(2) {
        let pair = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        guard pair.count == 2 else { return false }
        participants.append(String(pair[0]))
        if !pair[1].isEmpty { places[String(pair[0])] = String(pair[1]) }
      }
      return true
    }
  }

  /// What stands in a file of these bytes.
  private static func read(_ data: Data, _ path: String) throws(Problem) -> Contents {
    let lines = String(decoding: data, as: UTF8.self).split(
      separator: "\n", omittingEmptySubsequences: false)
    var contents = Contents()
    // What follows the last end of a line is torn, or nothing.
    for (index, text) in lines.dropLast().enumerated() {
      let rest = text.dropFirst(9)
      let parts = rest.split(separator: " ", maxSplits: 1)
      guard text == "\(checksum(rest)) \(rest)", parts.count == 2,
        contents.take(String(parts[1]), isFirst: index == 0)
      else { throw .damaged(path: path, line: index + 1) }
      contents.length += text.utf8.count + 1
    }
    return contents
  }

  private static func problem(_ path: String) -> Problem {
    .system(String(cString: strerror(errno)), path: path)
  }
}
