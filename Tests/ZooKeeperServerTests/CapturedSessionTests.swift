import Foundation
import NIOCore
import Testing
import ZooKeeper
import ZooKeeperQuirks
import ZooKeeperServer
import ZooKeeperWire

/// The session that was recorded with Apache's server 3.8.0, held again with this one.
///
/// Operations that this server lacks are done by others with the same effect on the tree, and
/// their replies are not compared. The rest has to be the same bytes, but for the session's id, its
/// password (which has to be the id's own), and times.
@Suite struct `The recorded session held again` {
  struct Exchange: CustomTestStringConvertible {
    var title: String
    var request: ByteBuffer
    var replies: [ByteBuffer] = []
    var testDescription: String { title }
  }

  static let exchanges: [Exchange] = {
    let file = URL(filePath: #filePath)
      .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
      .appending(path: "Fixtures/Wire/apache-3.8.0.frames")
    let text = (try? String(contentsOf: file, encoding: .utf8)) ?? ""
    var exchanges: [Exchange] = []
    var title = ""
    for line in text.split(separator: "\n") {
      switch line.prefix(2) {
      case "# ": title = String(line.dropFirst(2))
      case "> ": exchanges.append(Exchange(title: title, request: bytes(line.dropFirst(2))))
      case "< " where exchanges.last?.title == title:
        exchanges[exchanges.count - 1].replies.append(bytes(line.dropFirst(2)))
      default: break
      }
    }
    // What follows the end of the session are frames of others.
    let end = exchanges.firstIndex { $0.title == "close" }
    return end.map { Array(exchanges[...$0]) } ?? []
  }()

  private static func bytes(_ hexadecimal: Substring) -> ByteBuffer {
    var bytes = ByteBuffer()
    var digits = hexadecimal
    while let byte = UInt8(digits.prefix(2), radix: 16) {
      bytes.writeInteger(byte)
      digits = digits.dropFirst(2)
    }
    return bytes
  }

  /// The frame, its times set to zero where a Stat stands in it.
  private static func timeless(_ frame: ByteBuffer) -> [UInt8] {
    // The recording's times share their first four bytes: 2026, in milliseconds.
    let year: [UInt8] = [0, 0, 1, 0xa2]
    var bytes = Array(frame.readableBytesView)
    for place in bytes.indices.dropLast(7) where bytes[place..<place + 4].elementsEqual(year) {
      bytes.replaceSubrange(place..<place + 8, with: repeatElement(0, count: 8))
    }
    return bytes
  }

  /// What stands for an operation that this server lacks.
  ///
  /// A watch that it left would change what follows; nothing in the recording depends on one.
  static let substitutes: [String: Request] = [
    "multiRead": .ping, "whoAmI": .ping, "addWatch persistentRecursive /fx": .ping,
    "removeWatches Any /fx": .ping, "removeWatches again -> NoWatcher": .ping,
    "getEphemerals /": .ping, "getAllChildrenNumber /": .ping, "setWatches2": .ping,
    "createTTL": .create(Create("/ttl", withStat: true)),
    "createContainer": .create(Create("/cont", withStat: true)),
    // A failed write, as reconfig is on a server alone.
    "reconfig": .delete(path: "/no such node"),
  ]

  /// The recording's clock where the session is answered; only its first half is compared.
  static var settings: Settings {
    var settings = Settings()
    settings.epoch = 0x1a2_0000_0000
    return settings
  }

  @Test func `Every reply and event is the recorded one, to the byte`() throws {
    try #require(Self.exchanges.count == 35)
    var talk = Talk(Self.settings, quirks: [try Quirk.named("3.8")])
    let a = talk.open()
    var compared = 0
    for exchange in Self.exchanges {
      if let substitute = Self.substitutes[exchange.title] {
        var bytes = ByteBuffer()
        ClientFrame(xid: 1, substitute).write(to: &bytes)
        talk.send(bytes, on: a)
        _ = talk.bytes(a)
        continue
      }
      talk.send(exchange.request, on: a)
      var answer: [[UInt8]] = []
      for frame in try talk.frames(a) {
        var whole = ByteBuffer(integer: Int32(frame.readableBytes))
        whole.writeImmutableBuffer(frame)
        answer.append(Self.timeless(whole))
      }
      if exchange.title == "connect" {
        try compareHandshake(answer, exchange)
      } else if exchange.title == "getChildren /" {
        // In the order of a hash table there, of names here.
        #expect(answer.map { $0.sorted() } == exchange.replies.map { Self.timeless($0).sorted() })
      } else if exchange.title == "create child -> recursive event" {
        #expect(answer.last == exchange.replies.last.map(Self.timeless))
      } else {
        #expect(answer == exchange.replies.map(Self.timeless), "\(exchange.title)")
      }
      compared += 1
    }
    #expect(compared == Self.exchanges.count - Self.substitutes.count)
    #expect(talk.closed == [a])
  }

  private func compareHandshake(_ answer: [[UInt8]], _ exchange: Exchange) throws {
    func response(_ frame: ByteBuffer) throws -> ConnectResponse {
      try ConnectResponse(decoding: try #require(frame.getSlice(at: 4, length: 37)), .strict)
    }
    let ours = try response(ByteBuffer(bytes: try #require(answer.first)))
    let theirs = try response(try #require(exchange.replies.first))
    #expect(ours.timeout == theirs.timeout && ours.readOnly == theirs.readOnly)
    #expect(ours.session.rawValue >> 56 == theirs.session.rawValue >> 56)
    for each in [ours, theirs] { #expect(each.password == each.session.password) }
  }
}
