import NIOCore
import ZooKeeper
package import ZooKeeperServer
import ZooKeeperWire

/// Limits off by one, or not there.
///
/// Source for all: Apache ZooKeeper, `jute.maxbuffer`, `NIOServerCnxn`; ZNODE-2.
extension Quirk {
  static let limitFlaws: [Quirk] = [
    limit("frames-one-byte-too-short", "A frame of exactly jute.maxbuffer is refused.") {
      $0.frameLimit -= 1
    },
    limit("frames-one-byte-too-long", "A frame of one byte more than jute.maxbuffer is accepted.") {
      $0.frameLimit += 1
    },
    limit("frames-of-any-length", "A frame of any length is accepted.") {
      $0.frameLimit = 64 << 20
    },
    limit("frames-are-small", "A frame of more than 64 KiB is refused.") {
      $0.frameLimit = 1 << 16
    },
    flaw("large-data-is-an-error", "Data above 1,000,000 bytes is BadArguments.", "ZNODE-2") {
      $0.reply = { answered, asked, _ in
        let size =
          switch asked.request {
          case .create(let create): create.data?.count ?? 0
          case .setData(_, let data, _): data?.count ?? 0
          default: 0
          }
        if size > 1_000_000 { answered.code = .badArguments }
      }
    },
    flaw(
      "requests-are-read-strictly", "Bytes behind a request are a MarshallingError.",
      "Apache ZooKeeper, ByteBufferInputStream"
    ) { $0.settings = { $0.reading = .strict } },
    limit("greetings-may-take-forever", "A connection that asks for nothing stays open.") {
      $0.handshakeTimeout = 1 << 40
    },
    limit("greetings-may-take-a-second", "A connection that asks for nothing is closed at once.") {
      $0.handshakeTimeout = 1000
    },
    limit("no-four-letter-words", "No four-letter word is answered.") { $0.words = [] },
  ]

  /// Replies and events that are too much.
  package static let replyFlaws: [Quirk] = [
    flaw(
      "replies-are-limited", "Instead of a reply of more than jute.maxbuffer the connection ends.",
      "apache/helix#962"
    ) {
      $0.segment = { output in
        output = output.map { each in
          guard case .send(let bytes, let id) = each, bytes.readableBytes > 0x10_0003 else {
            return each
          }
          return .close(id)
        }
      }
    },
    cut("long-lists-end-early", "Of a list of children at most jute.maxbuffer is told.") { answer in
      guard case .children(let names, let stat) = answer else { return nil }
      var left = 0xf_ffff
      let fitting = names.prefix { name in
        left -= name.utf8.count + 4
        return left >= 0
      }
      return .children(Array(fitting), stat)
    },
    cut("long-results-end-early", "Of a multi's results at most ten thousand are told.") { answer in
      if case .multi(let results) = answer { .multi(Array(results.prefix(10_000))) } else { nil }
    },
    flaw("events-are-not-kept", "A client that reads nothing is told nothing.", "WATCH-2") {
      $0.frames = { frames, _, server in
        frames.now.removeAll { $0.frame.isEvent && server.stalledPeers.contains($0.connection) }
      }
    },
  ]

  private static func cut(
    _ name: String, _ summary: String, _ change: @escaping @Sendable (Answer) -> Answer?
  ) -> Quirk {
    flaw(name, summary, "ZNODE-2") {
      $0.reply = { answered, _, _ in
        if let answer = answered.answer, let changed = change(answer) { answered.answer = changed }
      }
    }
  }

  private static func limit(
    _ name: String, _ summary: String, _ change: @escaping @Sendable (inout Settings) -> Void
  ) -> Quirk {
    flaw(name, summary, "ZNODE-2") { $0.settings = change }
  }
}
