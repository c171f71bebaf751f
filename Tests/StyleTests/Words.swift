import Foundation

/// What does not stand in the sources.
enum Words {
  /// Names that say nothing of what a type is.
  static func names(_ file: SourceFile) -> [Finding] {
    file.code(with: "Manager", "Helper", "Util", "Base", "Impl").compactMap { number, text in
      guard
        let match = text.firstMatch(
          of:
            /\b(?:struct|class|enum|actor|protocol|typealias)\s+(\w*(?:Manager|Helper|Utils|Util|Base|Impl))\b/
        )
      else { return nil }
      return Finding(place: "\(file.path):\(number)", what: "a type called \(match.1)")
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
