import Foundation

/// What does not stand in the sources.
enum Words {
  /// Ends of names that say nothing of what a type is.
  static let empty = ["Manager", "Helper", "Utils", "Util", "Base", "Impl"]

  /// Names that were coined here for what the field has a name for.
  static let coined: Set<String> = [
    "Storm", "Weather", "Accident", "Expedition", "Shard", "Teacher", "Knowledge", "Knowing",
    "Lesson", "Surveyor", "Steward", "Office", "Trial", "Utterance", "Telling", "Pin", "Yardsticks",
    "Play", "Study", "Sight", "Cast", "Miscast", "Letter", "World", "Normal",
    "Judgement",
  ]

  /// Types whose names say nothing, or are not the field's.
  static func names(_ file: SourceFile) -> [Finding] {
    file.types.compactMap { number, name in
      let isEmpty = empty.contains { name.hasSuffix($0) }
      guard isEmpty || coined.contains(name) else { return nil }
      return Finding(place: "\(file.path):\(number)", what: "a type called \(name)")
    }
  }

  /// What may stop the process on some input, or hides a race from the compiler.
  static func traps(_ file: SourceFile) -> [Finding] {
    let forbidden = [
      "try!", " as!", "fatalError(", "@unchecked Sendable", "nonisolated(unsafe)", "unsafeBitCast",
    ]
    return file.code.flatMap { number, text in
      forbidden.filter { text.contains($0) }.map {
        Finding(
          place: "\(file.path):\(number)", what: "'\($0.trimmingCharacters(in: .whitespaces))'")
      }
    }
  }

  /// What was left undone.
  static func undone(_ file: SourceFile) -> [Finding] {
    let marks = ["TO" + "DO", "FIX" + "ME", "X" + "XX", "HA" + "CK"]
    return file.lines.enumerated().flatMap { offset, line in
      marks.filter { line.contains($0) }.filter { mark in
        line.split { !$0.isLetter }.contains { $0 == mark }
      }.map {
        Finding(place: "\(file.path):\(offset + 1)", what: "'\($0)'")
      }
    }
  }

  /// Tests that wait for a time instead of a condition.
  static func sleeps(_ file: SourceFile) -> [Finding] {
    file.code(with: "sleep(").compactMap { number, text in
      text.contains(/\b(Task\.sleep|Thread\.sleep|usleep|sleep)\(/)
        ? Finding(place: "\(file.path):\(number)", what: "waits for a time") : nil
    }
  }
}

extension SourceFile {
  /// The types that it declares, and in which lines.
  var types: [(number: Int, name: String)] {
    code(with: "struct ", "class ", "enum ", "actor ", "protocol ", "typealias ").compactMap {
      number, text in
      text.firstMatch(of: /\b(?:struct|class|enum|actor|protocol|typealias)\s+(\w+)/).map {
        (number, String($0.1))
      }
    }
  }
}
