import Foundation
import Testing

/// The client's reference pages.
@Suite struct DocumentationTests {
  private static let folder = URL(filePath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .appending(path: "Sources/ZooKeeperClient")

  /// What a page tells of each method of a file: its first line, and the comment above it.
  private static func methods(
    in text: String
  ) -> [(signature: String, comment: [String])] {
    var comment: [String] = []
    var methods: [(String, [String])] = []
    for line in text.components(separatedBy: "\n").map({ $0.trimmingCharacters(in: .whitespaces) })
    {
      if line.hasPrefix("///") {
        comment.append(line)
      } else if line.hasPrefix("public func ") || line.hasPrefix("public static func ") {
        methods.append((line, comment))
        comment = []
      } else if !line.hasPrefix("@") {
        comment = []
      }
    }
    return methods
  }

  private static func untold(_ methods: [(signature: String, comment: [String])]) -> [String] {
    methods.filter { !$0.comment.contains("/// ```swift") }.map(\.signature)
  }

  @Test(arguments: [
    "Client.swift", "Client+Operations.swift", "Client+Watches.swift", "Client+Reading.swift",
  ])
  func `Every call is told with an example`(file: String) throws {
    let text = try String(
      contentsOf: Self.folder.appending(path: file), encoding: .utf8)
    let methods = Self.methods(in: text)
    #expect(methods.count >= 3)
    #expect(Self.untold(methods) == [])
  }

  @Test func `A call without an example is found`() {
    let text =
      "/// Told.\n///\n/// ```swift\n@discardableResult\npublic func a(\n/// No.\npublic func b("
    #expect(Self.untold(Self.methods(in: text)) == ["public func b("])
  }
}
