import Foundation

/// Which shared files name a chapter.
///
/// A chapter that is played in the laboratory is named by the manifest and by the catalogue, and by
/// nothing else that is not its own; so the next one touches no other file.
enum ChapterNames {
  /// The shared files that may: the two lists, other laboratories that compare themselves with it,
  /// benchmarks, which measure one protocol, and what makes a target of the chapter that joins two,
  /// with the table of rooms, where that has a row of its own.
  static let lists = ["Package.swift", "Sources/Catalogue/Catalogue.swift"]
  static let others = [
    "Sources/Laboratories/", "Sources/quorate/Benches/", "Sources/Targets/E",
    "Sources/EmbeddedServers/",
    "CONTRIBUTING.md",
  ]

  /// The chapters: every folder of chapters with a laboratory of the same name.
  static func chapters(_ paths: some Sequence<String>) -> [String] {
    func folders(below top: String) -> Set<String> {
      Set(
        paths.filter { $0.hasPrefix(top) }.compactMap { path in
          path.dropFirst(top.count).split(separator: "/").first.map(String.init)
        })
    }
    return folders(below: "Sources/Chapters/")
      .intersection(folders(below: "Sources/Laboratories/")).sorted()
  }

  /// The files that name this chapter's modules, its own left out.
  static func files(
    naming chapter: String, among files: [(path: String, text: String)]
  ) -> [String] {
    // Other chapters may speak of it; that they do not import it is held elsewhere.
    let own = ["Sources/Chapters/", "Sources/Laboratories/\(chapter)/"]
    let names = [chapter, "\(chapter)Lab", "\(chapter)Laboratory", "\(chapter)Model"]
    return files.filter { file in
      guard !own.contains(where: file.path.hasPrefix), names.contains(where: file.text.contains)
      else { return false }
      let words = Set(file.text.split { !($0.isLetter || $0.isNumber) }.map(String.init))
      return !words.isDisjoint(with: names)
    }.map(\.path)
  }
}
