import ZooKeeperServer

/// What an operator of a ZooKeeper server looks up: tables made of the server's own.
enum ServerReference {
  /// The table of this name.
  static func table(of name: String) throws -> String {
    switch name {
    case "keys":
      let rows = Configuration.keyTable.map { "| `\($0.name)` | \($0.fallback) | \($0.meaning) |" }
      return lines("| key | default | what it decides |\n| --- | --- | --- |", rows)
    case "ignored": return list(Configuration.withoutEffect.sorted())
    case "families":
      return list(Configuration.families.sorted().map { $0 + "…" })
    case "words":
      let rows = Reference.words.map { "| `\($0.name)` | \($0.meaning) |" }
      return lines("| word | what it tells |\n| --- | --- |", rows)
    case "commands":
      let rows = Reference.commands.map { command in
        let others = command.others.map { "`\($0)`" }.joined(separator: ", ")
        return "| `\(command.name)` | \(others) |"
      }
      return lines("| command | also |\n| --- | --- |", rows)
    case "gauges": return list(Reference.gauges)
    case "summaries": return list(Reference.summaries)
    default: throw NotesError("a server has no table '\(name)'")
    }
  }

  private static func lines(_ head: String, _ rows: [String]) -> String {
    ([head] + rows).joined(separator: "\n")
  }

  private static func list(_ names: [String]) -> String {
    names.map { "`\($0)`" }.joined(separator: ", ")
  }
}
