import Synchronization
import ZooKeeper
import ZooKeeperClient

/// Nodes that are being taken away behind tasks which may wait for it no longer.
///
/// A task that is cancelled waits for what it clears away no longer than its ``Grace``; the
/// clearing goes on. Whoever wants the same name again in the same session waits for it here.
enum Forgoing {
  private struct Key: Hashable {
    let client: ObjectIdentifier
    let path: String
  }

  private struct Clearing {
    var count = 0
    var waiting: [AsyncStream<Never>.Continuation] = []
  }

  // A client lives at least as long as its entry: what clears away holds it.
  private static let all = Mutex<[Key: Clearing]>([:])

  static func begin(at path: String, of client: Client) {
    all.withLock { $0[key(path, client), default: Clearing()].count += 1 }
  }

  static func end(at path: String, of client: Client) {
    let key = key(path, client)
    let waiting = all.withLock { all -> [AsyncStream<Never>.Continuation] in
      guard var clearing = all[key] else { return [] }
      clearing.count -= 1
      all[key] = clearing.count > 0 ? clearing : nil
      return clearing.count > 0 ? [] : clearing.waiting
    }
    for each in waiting { each.finish() }
  }

  /// Waits until nothing is being taken away there.
  ///
  /// - Throws: `.cancelled` if the task is before that.
  static func over(at path: String, of client: Client) async throws(ClientError) {
    let stream = all.withLock { all -> AsyncStream<Never>? in
      guard all[key(path, client)] != nil else { return nil }
      let (stream, continuation) = AsyncStream<Never>.makeStream()
      all[key(path, client)]?.waiting.append(continuation)
      return stream
    }
    guard let stream else { return }
    for await _ in stream {}
    if Task.isCancelled { throw ClientError(.cancelled(sent: false), asking: path) }
  }

  private static func key(_ path: String, _ client: Client) -> Key {
    Key(client: ObjectIdentifier(client), path: path)
  }
}
