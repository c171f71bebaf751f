import ArgumentParser
import Conformance
import Foundation
import Targets

/// Which cases are meant.
struct CaseChoice: ParsableArguments {
  @Option(
    name: .customLong("case"),
    help: ArgumentHelp(
      "Only cases whose id matches, such as 'ZK-WATCH-*'; may be repeated.", valueName: "glob"))
  var wanted: [String] = []

  @Option(
    name: .customLong("skip"),
    help: ArgumentHelp("Not those whose id matches; may be repeated.", valueName: "glob"))
  var skipped: [String] = []

  @Option(help: "Only cases of this chapter: zookeeper, 2pc, locks, 3pc, q3pc.")
  var chapter: String?

  @Option(help: ArgumentHelp("The folder of the fixtures.", valueName: "folder"))
  var fixtures: String?

  /// All cases that there are.
  func library() throws -> [Case] {
    guard let folder = fixtures.map({ URL(filePath: $0) }) ?? CaseLibrary.folder() else {
      throw failure(
        .usage, "no folder Fixtures here or above; name it with --fixtures")
    }
    do {
      let name = fixtures ?? "Fixtures"
      // The grid comes last: many small cases keep all cores busy until the end.
      return try CaseLibrary(folder: folder, name: name).cases
        + ClientCases.all + ChapterCases.all(in: folder, name: name) + Grid.cases
    } catch {
      throw failure(.usage, "\(error)")
    }
  }

  /// The cases that are meant.
  func chosen() throws -> [Case] {
    let all = try library()
    let chosen = all.filter { each in
      let id = each.label.id
      return (chapter.map { $0 == each.label.chapter } ?? true)
        && (wanted.isEmpty || wanted.contains { Glob($0).matches(id) })
        && !skipped.contains { Glob($0).matches(id) }
    }
    if let stranger = wanted.first(where: { glob in
      !all.contains { Glob(glob).matches($0.label.id) }
    }) {
      throw failure(.usage, CaseChoice.unknown(stranger, among: all))
    }
    guard !chosen.isEmpty else {
      let chapters = Set(all.map(\.label.chapter)).sorted().joined(separator: ", ")
      throw failure(.usage, "no case matches; there are \(all.count) cases, of \(chapters)")
    }
    return chosen
  }

  /// That no case is called so, and which is nearly.
  static func unknown(_ name: String, among cases: [Case]) -> String {
    let ids = Set(cases.map { $0.label.id.split(separator: "[").first.map(String.init) ?? "" })
    let near = nearest(to: name.uppercased(), among: ids).map { "; did you mean \($0)?" } ?? ""
    return "no case matches '\(name)'\(near)"
  }
}
