/// A file of login modules, as Java's JAAS reads it: of it only whom a ZooKeeper server knows by
/// DIGEST-MD5.
///
///     Server {
///       org.apache.zookeeper.server.auth.DigestLoginModule required
///       user_bob="secret";
///     };
///
/// Source: Java SE, `javax.security.auth.login.Configuration`; Apache ZooKeeper,
/// `DigestLoginModule`.
struct LoginModules {
  /// Why a file is none.
  struct Fault: Error, Hashable {
    let line: Int
    /// What was expected there.
    let expected: String
  }

  /// Passwords by name.
  private(set) var users: [String: String] = [:]

  private var tokens: ArraySlice<(text: String, line: Int)>
  private let lastLine: Int

  init(_ text: String) throws(Fault) {
    tokens = try Self.tokens(text)[...]
    lastLine = tokens.last?.line ?? 1
    while !tokens.isEmpty {
      let application = try word("the name of an application")
      try take("{")
      while tokens.first?.text != "}" { try readModule(of: application) }
      try take("}")
      try take(";")
    }
  }

  private mutating func readModule(of application: String) throws(Fault) {
    let module = try word("a module or }")
    _ = try word("a flag such as required")
    while tokens.first?.text != ";" {
      let option = try word("an option or ;")
      try take("=")
      let value = try word("a value")
      if application == "Server", module.hasSuffix("DigestLoginModule"), option.hasPrefix("user_") {
        users[String(option.dropFirst(5))] = value
      }
    }
    try take(";")
  }

  private mutating func word(_ expected: String) throws(Fault) -> String {
    guard let token = tokens.popFirst(), !["{", "}", ";", "="].contains(token.text) else {
      throw fault(expected)
    }
    return token.text.hasPrefix("\"") ? String(token.text.dropFirst()) : token.text
  }

  private mutating func take(_ mark: String) throws(Fault) {
    guard tokens.first?.text == mark else { throw fault(mark) }
    tokens.removeFirst()
  }

  private func fault(_ expected: String) -> Fault {
    Fault(line: tokens.first?.line ?? lastLine, expected: expected)
  }

  /// Words, marks, and texts in quotation marks, which keep their first one.
  private static func tokens(_ text: String) throws(Fault) -> [(text: String, line: Int)] {
    var tokens: [(text: String, line: Int)] = []
    for (number, line) in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
      .enumerated()
    {
      var rest = line[...]
      while let character = rest.popFirst() {
        if character.isWhitespace { continue }
        if character == "#" || character == "/" && rest.first == "/" { break }
        if character == "\"" {
          guard let end = rest.firstIndex(of: "\"") else {
            throw Fault(line: number + 1, expected: "another quotation mark")
          }
          tokens.append(("\"" + rest[..<end], number + 1))
          rest = rest[end...].dropFirst()
        } else if "{};=".contains(character) {
          tokens.append((String(character), number + 1))
        } else {
          let word = rest.prefix { !$0.isWhitespace && !"{};=\"".contains($0) }
          rest = rest.dropFirst(word.count)
          tokens.append((String(character) + word, number + 1))
        }
      }
    }
    return tokens
  }
}
