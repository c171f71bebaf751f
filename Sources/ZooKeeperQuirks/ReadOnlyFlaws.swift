import ZooKeeper
import ZooKeeperServer
import ZooKeeperWire

/// Servers that have lost their ensemble and do not keep to reading.
///
/// Source for all: ZooKeeper Administrator's Guide, "readonlymode.enabled"; READ-3.
extension Quirk {
  static let readOnlyFlaws: [Quirk] = [
    reader("reader-writes", "A server without its ensemble serves as if it had one.") {
      $0.settings = { $0.isReadOnly = false }
    },
    reader("reader-lets-writers-in", "A server that only reads lets in who did not ask for that.") {
      $0.admission = { admission, server in
        guard server.settings.isReadOnly, admission.request.readOnly != true else { return }
        if admission.verdict == .refused { admission.verdict = .new }
      }
    },
    reader("reader-says-that-it-writes", "A server that only reads says that it writes.") {
      $0.response = { response, _, _ in if response.readOnly != nil { response.readOnly = false } }
    },
    reader("reader-forgets-sessions", "A server that only reads carries no session on.") {
      $0.admission = { admission, server in
        guard server.settings.isReadOnly, admission.verdict == .resumed else { return }
        admission.verdict = .expired
      }
    },
    reader("reader-takes-any-password", "A server that only reads asks for no password.") {
      $0.admission = { admission, server in
        guard server.settings.isReadOnly, admission.verdict == .expired else { return }
        admission.verdict = .resumed
      }
    },
    refusal("reader-syncs", "A server that only reads answers a sync.") { asked in
      asked.request.flatMap { if case .sync(let path) = $0 { .synced(path: path) } else { nil } }
    },
    refusal("reader-takes-checks", "A server that only reads answers a multi of nothing.") {
      asked in
      if case .multi(let operations)? = asked.request, operations.isEmpty {
        Answer.multi([])
      } else {
        nil
      }
    },
    reading("reader-refuses-watches", "A server that only reads takes no watches.") { request in
      switch request {
      case .getData(_, true), .exists(_, true), .addWatch: true
      default: false
      }
    },
    reading("reader-refuses-later-reads", "A server that only reads does not know multiRead.") {
      if case .multiRead = $0 { true } else { false }
    },
    reader("reader-reads-writes-first", "A server that only reads looks first what is written.") {
      $0.reply = { answered, asked, server in
        guard server.settings.isReadOnly, case .malformed = asked.content,
          answered.code == .notReadOnly
        else { return }
        answered.code = .marshallingError
      }
    },
    reader("reader-is-called-rw", "isro is answered rw by a server that only reads.") {
      $0.word = { answer, word, _ in if word == .isro, answer == "ro" { answer = "rw" } }
    },
    reader("reader-is-called-standalone", "srvr does not tell that a server only reads.") {
      $0.word = { answer, word, _ in
        if word == .srvr { answer = answer.replacing("Mode: read-only", with: "Mode: standalone") }
      }
    },
  ]
}

extension Quirk {
  private static func reader(
    _ name: String, _ summary: String, _ change: (inout Quirk) -> Void
  ) -> Quirk { flaw(name, summary, "READ-3", change) }

  /// A server that only reads answers what it should refuse.
  private static func refusal(
    _ name: String, _ summary: String, _ answer: @escaping @Sendable (Asked) -> Answer?
  ) -> Quirk {
    reader(name, summary) {
      $0.reply = { answered, asked, server in
        guard server.settings.isReadOnly, let other = answer(asked) else { return }
        answered.answer = other
      }
    }
  }

  /// A server that only reads refuses what it should answer.
  private static func reading(
    _ name: String, _ summary: String, _ isRefused: @escaping @Sendable (Request) -> Bool
  ) -> Quirk {
    reader(name, summary) {
      $0.reply = { answered, asked, server in
        guard server.settings.isReadOnly, let request = asked.request, isRefused(request) else {
          return
        }
        answered.code = .notReadOnly
      }
    }
  }
}
