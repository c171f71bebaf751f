import Foundation

/// Keys and certificates that openssl makes, in a folder that is gone afterwards.
struct Certificates {
  let folder: URL

  /// Makes an authority, one that nobody trusts, and a server's and clients' certificates.
  static func with(_ body: (Certificates) async throws -> Void) async throws {
    let folder = FileManager.default.temporaryDirectory
      .appending(path: "quorate-tls-\(UInt64.random(in: 0 ... .max))")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let made = Certificates(folder: folder)
    for authority in ["ca", "stranger"] { try made.make(authority, "/O=Quorate/CN=\(authority)") }
    try made.make("server", "/O=Quorate/CN=localhost", by: "ca")
    try made.make("client", "/O=Quorate/OU=Tests/CN=bob", by: "ca")
    try made.make("root", "/O=Quorate/CN=root", by: "ca")
    try made.make("forged", "/O=Quorate/CN=root", by: "stranger")
    try await body(made)
  }

  /// The path of a file.
  func path(_ name: String) -> String { folder.appending(path: name).path }

  func text(_ name: String) throws -> String {
    try String(contentsOf: folder.appending(path: name), encoding: .utf8)
  }

  /// Makes `NAME.key`, `NAME.crt`, and both in `NAME.pem`, as Apache's server wants them.
  private func make(_ name: String, _ subject: String, by authority: String? = nil) throws {
    let key = ["-newkey", "rsa:2048", "-nodes", "-keyout", path(name + ".key")]
    var request = ["req", "-x509", "-days", "2", "-subj", subject, "-out", path(name + ".crt")]
    if let authority {
      request += ["-CA", path(authority + ".crt"), "-CAkey", path(authority + ".key")]
      request += ["-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1"]
      request += ["-addext", "basicConstraints=critical,CA:FALSE"]
    }
    try run("openssl", request + key)
    try (text(name + ".key") + text(name + ".crt"))
      .write(toFile: path(name + ".pem"), atomically: true, encoding: .utf8)
  }

  struct Failed: Error { let words: String }

  /// Runs a program and gives what it prints.
  @discardableResult
  func run(_ program: String, _ arguments: [String]) throws -> String {
    let process = Process()
    let (output, errors) = (Pipe(), folder.appending(path: "errors"))
    try Data().write(to: errors)
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = [program] + arguments
    process.standardOutput = output
    process.standardError = try FileHandle(forWritingTo: errors)
    try process.run()
    let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    guard process.terminationStatus == 0 else {
      throw Failed(words: text + (try String(contentsOf: errors, encoding: .utf8)))
    }
    return text
  }
}
