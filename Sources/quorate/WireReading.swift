import Conformance
import NIOCore
import ProtocolCore
import ZooKeeperWire

/// What the bytes of a case say, field by field.
enum WireReading {
  /// For each portion of bytes the frames that became whole with it, as lines for a reader.
  static func lines(_ wire: [CaseResult.Frame]) -> [[String]] {
    var dissectors: [String: Dissector] = [:]
    return wire.map { portion in
      dissectors[portion.client, default: Dissector()]
        .take(bytes(portion.bytes), isSent: portion.isSent).flatMap(lines)
    }
  }

  private static func lines(_ frame: Dissector.Dissection) -> [String] {
    let width = frame.fields.map(\.name.count).max() ?? 0
    var lines = [frame.title]
    lines += frame.fields.map { field in
      let offset = "\(field.offset)"
      return offset.leftPadded(to: 6) + "  " + field.name.padded(to: width + 2) + field.value
    }
    if let fault = frame.fault { lines.append("   FAULT  \(fault)") }
    return lines
  }

  private static func bytes(_ hexadecimal: String) -> ByteBuffer {
    var bytes = ByteBuffer()
    var digits = hexadecimal.utf8.compactMap { Character(Unicode.Scalar($0)).hexDigitValue }[...]
    while let high = digits.popFirst(), let low = digits.popFirst() {
      bytes.writeInteger(UInt8(high << 4 | low))
    }
    return bytes
  }
}
