import Foundation
import RegexBuilder

/// The table of rooms in `CONTRIBUTING.md`: which folder may import what.
///
/// A row for `Chapters/*` is about every folder there that has no row of its own; an import of
/// `Chapters/*` allows the module of every folder there.
struct Rooms {
  /// A row: the folder below `Sources`, and the modules that files there may import.
  struct Room: Hashable {
    let folder: String
    let imports: Set<String>

    /// Whether it is about many folders.
    var isShared: Bool { folder.hasSuffix("/*") }

    /// Whether it is about this folder below `Sources`, or one in which that lies.
    func holds(_ path: String) -> Bool {
      isShared ? path.hasPrefix(folder.dropLast()) : path == folder || path.hasPrefix(folder + "/")
    }

    /// Whether files there may import this module, whose folder is this below `Sources`.
    func allows(_ module: String, in folder: String?) -> Bool {
      imports.contains(module)
        || imports.contains { name in
          name.hasSuffix("/*") && folder?.hasPrefix(name.dropLast()) == true
        }
    }
  }

  let rooms: [Room]
  /// The folders of modules below `Sources`, by their names.
  var folders: [String: String] = [:]

  /// The row about a path below `Sources`: its own, or one that it shares.
  func room(for path: String) -> Room? {
    rooms.first { !$0.isShared && $0.holds(path) } ?? rooms.first { $0.holds(path) }
  }

  /// Every file may import these.
  static let everywhere: Set<String> = ["Swift", "Synchronization"]

  /// Reads the rows `| folder | what lives there | may import |` below the heading "The rooms";
  /// names stand between backticks.
  init(markdown: String) {
    let lines = markdown.components(separatedBy: "\n")
    let start = lines.firstIndex { $0.hasPrefix("## The rooms") } ?? lines.endIndex
    rooms = lines[start...].prefix { !$0.hasPrefix("## ") || $0.hasPrefix("## The rooms") }
      .compactMap { line in
        let cells = line.split(separator: "|").map(String.init)
        guard cells.count == 3, let folder = Rooms.names(in: cells[0]).first else { return nil }
        return Room(folder: folder, imports: Set(Rooms.names(in: cells[2])))
      }
  }

  private static func names(in cell: String) -> [String] {
    cell.matches(of: /`([^`]+)`/).map { String($0.1) }
  }

  /// Imports that the table does not allow, and files that stand in no room.
  func findings(in file: SourceFile) -> [Finding] {
    guard let room = room(for: String(file.path.dropFirst("Sources/".count))) else {
      return [Finding(place: file.path, what: "stands in no room of CONTRIBUTING.md")]
    }
    return file.imports.compactMap { number, module in
      if room.allows(module, in: folders[module]) || Rooms.everywhere.contains(module) {
        return nil
      }
      return Finding(
        place: "\(file.path):\(number)", what: "\(room.folder) may not import \(module)")
    }
  }
}

extension SourceFile {
  /// The modules that it imports, and in which lines.
  var imports: [(number: Int, module: String)] {
    code(with: "import ").compactMap { number, text in
      let access = /(?:(?:public|package|internal|private) )?/
      let kind = /(?:(?:struct|enum|class|func|protocol) )?/
      return text.firstMatch(
        of: Regex<(Substring, Substring)> {
          /^\s*(?:@\w+(?:\(\w+\))? )*/
          access
          "import "
          kind
          Capture(/\w+/)
        }
      ).map { (number, String($0.1)) }
    }
  }
}
