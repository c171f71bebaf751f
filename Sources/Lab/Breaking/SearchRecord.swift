import ProtocolCore

/// What the search of an experiment found first, and what that took: a line of a table.
///
///     zab	without-truncated	durability	0	9
public struct SearchRecord: Hashable, Sendable {
  /// The chapter, as the command names it.
  public let chapter: String
  /// What was planted, as its recorded run is called: `without-truncated`, `flaw-losesVotes`.
  public let planted: String
  /// The property that is violated.
  public let violated: String
  /// How many runs were simulated; none if it was found by exploring.
  public let runs: Int
  /// How many acts were simulated, or transitions taken.
  public let acts: Int

  /// The first line of a table.
  public static let heading = "chapter\tplanted\tviolates\truns\tacts"

  /// What a search found.
  public init<L: Laboratory>(
    _ found: Counterexample<L.Subject>, of experiment: Experiment<L.Subject>, in laboratory: L.Type
  ) {
    self.init(
      chapter: L.name, planted: experiment.change.stem, violated: "\(found.violated)",
      runs: found.runs, acts: found.actsToFind)
  }

  init(chapter: String, planted: String, violated: String, runs: Int, acts: Int) {
    (self.chapter, self.planted, self.violated) = (chapter, planted, violated)
    (self.runs, self.acts) = (runs, acts)
  }

  /// The line.
  public var line: String { "\(chapter)\t\(planted)\t\(violated)\t\(runs)\t\(acts)" }

  /// A table of these, by chapters and what was planted.
  public static func table(of records: [SearchRecord]) -> String {
    ([heading] + records.map(\.line)).map { $0 + "\n" }.joined()
  }

  /// What a table tells.
  ///
  /// - Throws: ``Flaw``, when a line is none of this table.
  public static func all(in table: String) throws(Flaw) -> [SearchRecord] {
    var records: [SearchRecord] = []
    let lines = table.split(separator: "\n", omittingEmptySubsequences: false)
    guard lines.first.map(String.init) == heading else {
      throw Flaw(line: 1, reason: "a table of searches begins with '\(heading)'")
    }
    for (number, line) in lines.enumerated().dropFirst() where !line.isEmpty {
      let fields = line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
      guard fields.count == 5 else {
        throw Flaw(line: number + 1, reason: "a search has 5 fields, this one \(fields.count)")
      }
      guard let runs = Int(fields[3]), let acts = Int(fields[4]), runs >= 0, acts >= 0 else {
        throw Flaw(
          line: number + 1,
          reason: "runs and acts are counts, not '\(fields[3])' and '\(fields[4])'")
      }
      let record = SearchRecord(
        chapter: fields[0], planted: fields[1], violated: fields[2], runs: runs, acts: acts)
      guard !records.contains(where: { $0.isOf(record.chapter, record.planted) }) else {
        throw Flaw(
          line: number + 1, reason: "\(record.planted) of \(record.chapter) stands here twice")
      }
      records.append(record)
    }
    return records
  }

  /// Whether it tells of this.
  public func isOf(_ chapter: String, _ planted: String) -> Bool {
    self.chapter == chapter && self.planted == planted
  }

  /// Why a line is none.
  public struct Flaw: Error, Hashable, CustomStringConvertible {
    /// Its number, from 1 on.
    public let line: Int
    /// What is wrong with it.
    public let reason: String

    /// `line 3: a search has 5 fields, this one 2`.
    public var description: String { "line \(line): \(reason)" }
  }
}
