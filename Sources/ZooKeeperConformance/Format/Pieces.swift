package import Conformance
import ZooKeeper

/// Bytes put together out of what the protocol's records are made of, for requests that no client
/// would send: `[ { path: /n }, { byte: 2 } ]`.
///
/// Each piece has its place; a map of several stands for them in the order written.
package enum Pieces {
  /// Pieces, or bytes in hexadecimal.
  static let shape = Shape.either([.hex, list])

  static let list = Shape.list(.record(fields, named: "a piece"))

  private static let fields: [Shape.Field] = [
    .init("byte", .number(0...255), "One byte."),
    .init("int", .number(Int64(Int32.min)...Int64(Int32.max)), "Four bytes, the highest first."),
    .init("long", .number(Int64.min...Int64.max), "Eight bytes, the highest first."),
    .init("string", .payload, "A length and the text's bytes; null is the length -1."),
    .init("path", .text, "A string: this path in the case's folder."),
    .init("buffer", .payload, "A length and bytes; null is the length -1."),
    .init("acl", ACLNotation.list, "A count and access control entries."),
    .init("hex", .hex, "These bytes."),
  ]

  /// The bytes that `value` writes; `place` puts a path where the case's folder is.
  package static func bytes(_ value: Value, placing place: (String) -> String) -> [UInt8] {
    switch value {
    case .bytes(let bytes): bytes
    case .list(let pieces):
      pieces.flatMap { piece -> [UInt8] in
        guard case .record(let members) = piece else { return [] }
        return members.flatMap { bytes(of: $0, placing: place) }
      }
    default: []
    }
  }

  private static func bytes(
    of piece: Value.Member, placing place: (String) -> String
  ) -> [UInt8] {
    switch (piece.name, piece.value) {
    case ("byte", let value): [UInt8(truncatingIfNeeded: value.integer ?? 0)]
    case ("int", let value): bytes(Int32(truncatingIfNeeded: value.integer ?? 0))
    case ("long", let value): bytes(value.integer ?? 0)
    case ("path", .text(let path)): string(Array(place(path).utf8))
    case ("acl", .list(let entries)):
      bytes(Int32(entries.count))
        + entries.compactMap { ACLNotation.entry($0.description) }.flatMap { entry in
          bytes(entry.permissions.rawValue) + string(Array(entry.identity.scheme.utf8))
            + string(Array(entry.identity.id.utf8))
        }
    case ("hex", .bytes(let bytes)): bytes
    case (_, .bytes(let bytes)): string(bytes)
    default: bytes(Int32(-1))
    }
  }

  private static func string(_ content: [UInt8]) -> [UInt8] {
    bytes(Int32(content.count)) + content
  }

  private static func bytes(_ number: some FixedWidthInteger) -> [UInt8] {
    withUnsafeBytes(of: number.bigEndian) { Array($0) }
  }
}
