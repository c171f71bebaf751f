import Conformance
import Foundation

/// What is known of a target, as the command line tells it.
struct Deviations {
  /// A file with a case and a reason on each line.
  let file: String?
  /// Cases and reasons given one by one.
  let given: [String]

  /// Reads them, and looks whether all name cases that there are.
  ///
  /// - Throws: ``Refusal`` with file and line.
  func read(for cases: [Case]) throws -> KnownDeviations {
    do {
      var deviations = KnownDeviations()
      if let file { deviations = try KnownDeviations(try text(of: file, cases), file: file) }
      for (index, said) in given.enumerated() {
        let place = Place(file: "--known-deviation", line: index + 1, column: 1)
        try deviations.add(said, at: place)
      }
      if let stranger = deviations.strangers(to: cases.map(\.label.id)).first {
        let place = "\(stranger.place.file):\(stranger.place.line)"
        throw failure(.usage, "\(place): " + CaseChoice.unknown(stranger.pattern, among: cases))
      }
      return deviations
    } catch let error as FixtureError {
      throw failure(.usage, error.description)
    }
  }

  private func text(of path: String, _ cases: [Case]) throws -> String {
    guard let data = FileManager.default.contents(atPath: path) else {
      let isCase = cases.contains { Glob(path).matches($0.label.id) }
      let hint = isCase ? "; a single case is given as --known-deviation '\(path) REASON'" : ""
      throw failure(.usage, "--known-deviations \(path): there is no such file\(hint)")
    }
    guard let text = String(data: data, encoding: .utf8) else {
      throw failure(.usage, "--known-deviations \(path): it is not UTF-8")
    }
    return text
  }
}
