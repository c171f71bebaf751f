import Foundation
import NIOCore
import Testing
import ZooKeeperWire

/// The frames of `Fixtures/Wire`: recorded between a client and Apache's server, 3.8.0 and 3.9.5.
struct CapturedFrame: Sendable, CustomTestStringConvertible {
  enum Sender { case client, server }

  /// The comment above the frame, and its place among those below it.
  let name: String
  let sender: Sender
  /// With the length prefix.
  let bytes: ByteBuffer

  var testDescription: String { name }

  /// Without the length prefix.
  var frame: ByteBuffer {
    bytes.getSlice(at: bytes.readerIndex + 4, length: bytes.readableBytes - 4) ?? ByteBuffer()
  }

  static let sessions = ["apache-3.8.0.frames", "apache-3.9.5.frames"].map(read)
  static let all = sessions.flatMap { $0 }

  private static func read(_ name: String) -> [CapturedFrame] {
    let file = URL(filePath: #filePath)
      .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
      .appending(path: "Fixtures/Wire/\(name)")
    guard let text = try? String(contentsOf: file, encoding: .utf8) else { return [] }
    var frames: [CapturedFrame] = []
    var title = ""
    var place = 0
    for line in text.split(separator: "\n") {
      if line.hasPrefix("# ") {
        title = String(line.dropFirst(2))
        place = 0
        continue
      }
      place += 1
      frames.append(
        CapturedFrame(
          name: "\(title), \(place)", sender: line.hasPrefix(">") ? .client : .server,
          bytes: ByteBuffer(hex: String(line.dropFirst(2)))))
    }
    return frames
  }

  static func named(_ name: String) throws -> CapturedFrame {
    try #require(all.first { $0.name == name }, "no captured frame is called \(name)")
  }

  /// Connect frames have no header.
  var isConnect: Bool { name.hasPrefix("connect") || name.hasPrefix("session refused") }

  static var requests: [CapturedFrame] { all.filter { $0.sender == .client && !$0.isConnect } }
  static var replies: [CapturedFrame] { all.filter { $0.sender == .server && !$0.isConnect } }
  static var connects: [CapturedFrame] { all.filter { $0.isConnect } }

  /// The operation that each xid of the recorded session stands for.
  ///
  /// The session's last frames repeat xid 1 and -8; those have no body or the same opcode.
  static let opcodes: [Xid: Opcode] = {
    var opcodes: [Xid: Opcode] = [:]
    for request in requests {
      if let header = try? ClientFrame(decoding: request.frame, .strict).header,
        opcodes[header.xid] == nil
      {
        opcodes[header.xid] = header.opcode
      }
    }
    return opcodes
  }()

  static func opcode(of xid: Xid) throws(WireError) -> Opcode {
    opcodes[xid] ?? Opcode(rawValue: Int32.max)
  }
}
