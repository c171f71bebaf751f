package import Conformance
import Foundation
package import PostgreSQLClient
import ProtocolCore

/// The URL of a database: libpq's, and what Quorate adds behind its question mark.
///
///     postgresql://user@127.0.0.1:5432/db?control=/path/to/program&flaw=locksFreedAtPrepare
package struct DatabaseURL: Sendable {
  /// As it was given.
  package let text: String
  /// What libpq is given.
  package let address: String
  /// What stops and starts the server.
  package let control: ControlProgram?
  /// What is planted between the link and the server.
  package let flaw: DatabaseFlaw?

  /// Whether a URL is a database's.
  package static func isMeant(_ url: String) -> Bool {
    url.hasPrefix("postgresql://") || url.hasPrefix("postgres://")
  }

  /// The parts of a URL.
  package init(_ text: String) throws(TargetError) {
    self.text = text
    let halves = text.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
    var others: [Substring] = []
    var control: ControlProgram?
    var flaw: DatabaseFlaw?
    for item in halves.count > 1 ? halves[1].split(separator: "&") : [] {
      let pair = item.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      let value = (pair.count > 1 ? String(pair[1]) : "").removingPercentEncoding ?? ""
      switch pair[0] {
      case "control":
        guard FileManager.default.isExecutableFile(atPath: value) else {
          throw TargetError(text, .badURL("control is no program: '\(value)'"), kind: Self.kind)
        }
        control = ControlProgram(path: value)
      case "flaw":
        guard let named = DatabaseFlaw(rawValue: value) else {
          let names = DatabaseFlaw.allCases.map(\.rawValue)
          let near = nearest(to: value, among: names).map { "did you mean \($0)?" }
          throw TargetError(
            text,
            .badURL(
              "no flaw is called '\(value)'; "
                + (near ?? "there are " + names.joined(separator: ", "))
            ), kind: Self.kind)
        }
        flaw = named
      default: others.append(item)
      }
    }
    address = halves[0] + (others.isEmpty ? "" : "?" + others.joined(separator: "&"))
    self.control = control
    self.flaw = flaw
  }

  /// As it was given, and of its password no more than that there is one: what is printed stays in
  /// logs and reports.
  package var shown: String {
    text.replacing(/^(\w+:\/\/[^\/@:?]*):[^@\/?]*@/) { "\($0.1):***@" }
      .replacing(/([?&]password=)[^&]*/) { "\($0.1)***" }
  }

  /// The same with another database.
  package func naming(_ database: String) -> String {
    let halves = address.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
    let server = halves[0].split(separator: "/", omittingEmptySubsequences: false).prefix(3)
      .joined(separator: "/")
    // A parameter would win over the path.
    let others = (halves.count > 1 ? halves[1].split(separator: "&") : []).filter {
      $0.prefix { $0 != "=" }.removingPercentEncoding != "dbname"
    }
    return "\(server)/\(database)" + (others.isEmpty ? "" : "?" + others.joined(separator: "&"))
  }

  /// What is looked for.
  static let kind = "PostgreSQL server"

  /// What an error of a session means for the target.
  package func targetError(_ error: DatabaseError) -> TargetError {
    let reason: TargetError.Reason =
      switch error {
      case .unreachable(let words) where words.contains("Connection refused"): .nothingListens
      case .unreachable(let words) where words.contains("could not translate host name"):
        .noSuchHost(words)
      case .unreachable(let words) where words.contains("invalid"): .badURL(words)
      case .unreachable(let words)
      where words.contains("unexpected") || words.contains("but received"):
        .wrongKind(words)
      case .noAnswer: .noAnswer
      case .cancelled: .stopped
      case .unreachable, .refused, .turnedAway, .connectionLost, .notReady, .notBuilt,
        .anotherDatabase:
        .unusable(error.description)
      }
    return TargetError(shown, reason, kind: Self.kind)
  }
}
