import CLibXML2
import Foundation

/// The schema of our reports, asked through libxml2 as any user of it would.
enum Schema {
  /// Whether `xml` is well-formed and follows `Fixtures/JUnit/quorate-junit.xsd`.
  static func accepts(_ xml: String) -> Bool {
    let path = Files.repository.appending(path: "Fixtures/JUnit/quorate-junit.xsd").path
    guard let parser = xmlSchemaNewParserCtxt(path) else { return false }
    defer { xmlSchemaFreeParserCtxt(parser) }
    guard let schema = xmlSchemaParse(parser) else { return false }
    defer { xmlSchemaFree(schema) }
    let quiet = Int32(XML_PARSE_NOERROR.rawValue | XML_PARSE_NONET.rawValue)
    let document = xml.withCString { bytes in
      xmlReadMemory(bytes, Int32(strlen(bytes)), "report.xml", "UTF-8", quiet)
    }
    guard let document else { return false }
    defer { xmlFreeDoc(document) }
    guard let validator = xmlSchemaNewValidCtxt(schema) else { return false }
    defer { xmlSchemaFreeValidCtxt(validator) }
    xmlSchemaSetValidStructuredErrors(validator, { _, _ in }, nil)
    return xmlSchemaValidateDoc(validator, document) == 0
  }
}

enum Files {
  static let repository = URL(filePath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  static let isRequired = ProcessInfo.processInfo.environment["QUORATE_REQUIRE_SERVERS"] == "1"

  /// Runs `read-junit.py` on a file of this text.
  static func readBack(_ xml: String) throws -> String {
    let file = FileManager.default.temporaryDirectory.appending(path: "\(UUID().uuidString).xml")
    try Data(xml.utf8).write(to: file)
    defer { try? FileManager.default.removeItem(at: file) }
    let script = repository.appending(path: "Tests/ReportsTests/read-junit.py").path
    return try python([script, file.path])
  }

  static func python(_ arguments: [String]) throws -> String {
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = ["python3"] + arguments
    let pipe = Pipe()
    process.standardOutput = pipe
    process.standardError = pipe
    try process.run()
    let output = try pipe.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    return String(decoding: output, as: UTF8.self)
  }

  static let hasJUnitParser = (try? python(["-c", "import junitparser"])) == ""
}
