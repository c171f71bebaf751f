import Lab
import ProtocolCore
import Testing

/// A clerk writes down what it is told and answers; with `at once` it does not wait for its disk.
private struct Clerk: Machine {
  enum Words: Vocabulary {
    enum Message: String { case note, hurry, written }
    typealias Request = Never
    typealias Reply = Never
    enum Record: String { case first, second }
    enum Note: String { case stored }
    enum Timer: Int, Comparable {
      case late
      static func < (a: Timer, b: Timer) -> Bool { a.rawValue < b.rawValue }
    }
  }
  var log: [Words.Record] = []

  mutating func step(_ event: Event<Words>) -> [Effect<Words>] {
    switch event {
    case .started(let log):
      self.log = log
      return [.set(.late, after: 5...9)]
    case .received(.note, let from):
      return [.persist(.first), .send(.written, to: from), .persist(.second), .cancel(.late)]
    case .received(.hurry, let from):
      return [.persist(.first), .send(.written, to: from, .atOnce)]
    case .stored: return [.note(.stored)]
    case .received, .disconnected, .expired: return []
    }
  }
}

struct HostTests {
  private func started() -> Host<Clerk> {
    var host = Host("h", Clerk())
    #expect(host.take(.start) == [.started, .set(.late, 5...9)])
    return host
  }

  @Test func `A message waits for the records before it, and for no other`() {
    var host = started()
    #expect(
      host.take(.receive(.note, from: "x")) == [
        .persisted(.first), .held(.written, to: "x"), .persisted(.second), .cancelled(.late),
      ])
    #expect(
      host.take(.store(1)) == [.stored([.first]), .sent(.written, to: "x"), .noted(.stored)])
    #expect(host.unstable == [.second])
    #expect(host.take(.store(1)) == [.stored([.second]), .noted(.stored)])
    #expect(host.disk == [.first, .second])
  }

  @Test func `A message that leaves at once waits for nothing`() {
    var host = started()
    #expect(
      host.take(.receive(.hurry, from: "x")) == [.persisted(.first), .sent(.written, to: "x")])
  }

  @Test(arguments: 0...2)
  func `A crash loses a suffix of the unstable records and all that is held`(losing: Int) {
    var host = started()
    _ = host.take(.receive(.note, from: "x"))
    let records: [Clerk.Words.Record] = [.first, .second]
    #expect(host.take(.crash(losing: losing)) == [.crashed(lost: records.suffix(losing))])
    #expect(host.node == nil)
    #expect(host.alarms.isEmpty && host.queue.isEmpty)
    #expect(host.take(.start) == [.started, .set(.late, 5...9)])
    #expect(host.node?.log == Array(records.prefix(2 - losing)))
  }

  @Test func `A timer that is set again is one timer, and one that runs out is not set`() {
    var host = started()
    #expect(host.isSet(.late))
    #expect(host.take(.expire(.late)) == [.expired(.late)])
    #expect(!host.isSet(.late))
  }
}
