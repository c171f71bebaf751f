import ArgumentParser
import Catalogue
import Conformance
import Foundation
import Lab
import ProtocolCore

/// What the laboratory's commands share: names become values, files are read and written.
enum LaboratoryOptions {
  /// Shows a visitor the chapter of this name.
  static func visit(_ chapter: String, _ visitor: some LaboratoryVisitor) throws {
    var visitor = visitor
    guard try Catalogue.visit(chapter, &visitor) else {
      throw unknown("chapter", chapter, Catalogue.names)
    }
  }

  /// The cluster that the options tell.
  static func cluster<S: Laboratory>(
    _ laboratory: S.Type, size: Int, variant: String?, without: [String], flaw: String?
  ) throws -> Cluster<S.Subject> {
    typealias C = S.Subject
    guard (1...20).contains(size) else {
      throw ValidationError("--size is between 1 and 20")
    }
    let rules = try without.map { name in
      guard let rule = C.Rule(rawValue: name) else {
        throw unknown("rule", name, C.Rule.allCases.map(\.rawValue))
      }
      return rule
    }
    let form = try variant.map { name in
      // A hyphen in the place of a space saves the quotes.
      let words = name.split(separator: "-").joined(separator: " ")
      guard let variant = C.Variant(rawValue: name) ?? C.Variant(rawValue: words) else {
        throw unknown("variant", name, C.Variant.allCases.map(\.rawValue))
      }
      return variant
    }
    let bug = try flaw.map { name in
      guard let flaw = S.flaw(named: name) else {
        throw unknown("flaw", name, S.flaws.map(\.name))
      }
      return flaw
    }
    return try Cluster(C.topology(size), variant: form, without: Set(rules), flaw: bug)
  }

  /// The run of a file, played; a run that it begins with is looked for beside it.
  static func playback<S: Laboratory>(
    _ laboratory: S.Type, _ file: RunFile
  ) throws -> Playback<S.Subject> {
    let folder = URL(filePath: file.path).deletingLastPathComponent().path
    return try Playback<S.Subject>(file, flaws: S.flaws) { id in
      let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
      let name = names.sorted().first {
        ($0.hasPrefix(id + "-") || $0 == "\(id).run") && $0.hasSuffix(".run")
      }
      guard let name else { return nil }
      return try RunFile(try read("\(folder)/\(name)"), path: "\(folder)/\(name)")
    }
  }

  /// The cluster of a run, which begins with the run's acts; so much is asked after them.
  static func cluster<S: Laboratory>(
    _ laboratory: S.Type, from path: String, asks: Int?
  ) throws -> Cluster<S.Subject> {
    do {
      let file = try RunFile.checked(path)
      guard file.chapter == S.name else {
        throw ValidationError("\(path): the run '\(file.id)' is none of \(S.title)")
      }
      let playback = try playback(laboratory, file)
      if let failure = playback.failures.first { throw failure }
      var cluster = playback.cluster.beginning(with: playback.acts)
      if let asks { cluster.asks = Array(cluster.asks.prefix(asks)) }
      return cluster
    } catch let error as RunFileError {
      throw ValidationError("\(error)")
    }
  }

  /// What several clients ask beside each other.
  static func concurrentAsks<S: Laboratory>(
    _ laboratory: S.Type, _ cluster: Cluster<S.Subject>
  ) throws -> [Ask<S.Subject.Words>] {
    let asks = S.Subject.concurrentAsks(of: cluster.topology)
    guard !asks.isEmpty else {
      throw ValidationError("\(S.title) has no clients that ask beside each other")
    }
    return asks
  }

  /// What is told of a run that violates nothing when it is played.
  static func fault<C: Model>(_ found: Counterexample<C>) -> Refusal {
    let acts = found.acts.map { "> \($0)" }.joined(separator: "\n")
    return failure(
      .error,
      """
      FAULT OF QUORATE: it was found that this run violates \(found.violated), and when it is \
      played it does not. Nothing is said of the protocol. Please report it with the command and \
      these acts:
      \(acts)
      """)
  }

  /// What is told to somebody who misspells a name.
  static func unknown(_ kind: String, _ name: String, _ names: [String]) -> ValidationError {
    let near = nearest(to: name, among: names).map { "; did you mean '\($0)'?" }
    return ValidationError(
      "unknown \(kind) '\(name)'" + (near ?? "; there are \(names.joined(separator: ", "))"))
  }

  /// The text of a file.
  static func read(_ path: String) throws -> String {
    guard let data = FileManager.default.contents(atPath: path) else {
      throw ValidationError("there is no file '\(path)'")
    }
    guard let text = String(data: data, encoding: .utf8) else {
      throw ValidationError("'\(path)' is not UTF-8")
    }
    return text
  }

  /// Writes the file that `--write` names.
  static func write(_ text: String, to path: String) throws {
    try Outlet("--write", path).write(text)
  }

  /// Looks, before a search begins, whether the file that `--write` names could be written.
  static func checkWriting(_ path: String?) throws {
    if let path { _ = try Outlet("--write", path) }
  }
}

/// Seconds since it was made.
struct Stopwatch {
  private let start = ContinuousClock.now

  /// How many passed.
  var seconds: Double {
    let passed = ContinuousClock.now - start
    let (seconds, attoseconds) = passed.components
    return Double(seconds) + Double(attoseconds) / 1e18
  }
}
