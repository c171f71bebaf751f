import Foundation
package import Recipes
import Synchronization
import ZooKeeper
import ZooKeeperClient

extension Demo.Scene {
  /// Plays one process of it on real servers, and says what it does to whoever has started it.
  ///
  /// It ends at once when nobody hears it any more.
  ///
  /// - Parameters:
  ///   - index: Which process it is.
  ///   - servers: `host:port,host:port/node`, where the demo works.
  package func play(process index: Int, on servers: String, without rules: Set<Rule>) async {
    let voice = Voice()
    let resource = FencedResource { voice.say(.write($0)) == "taken" }
    // Only whom a cue strikes is to lose its session, however much the machine has to do.
    let isStruck = cues.contains { $0.process == index }
    let process = Process(
      index, over: NIOLink(), to: servers, guarding: resource,
      sessionTimeout: .seconds(isStruck ? 4 : 30)
    ) { note in
      _ = voice.say(.note(session: note.session, knowsEnd: note.knowsEnd, note.what))
    }
    try? await program.run(process, rules)
    for event in process.events() where event.type != .none { _ = voice.say(.event(event)) }
    for client in process.all { await client.close() }
  }
}

/// Says something and waits for the answer; when nobody is there any more, the process ends.
private final class Voice: Sendable {
  private let lock = Mutex(())
  private let answers = Mutex<[String]>([])
  private let arrived = DispatchSemaphore(value: 0)

  init() {
    Thread.detachNewThread { [self] in
      // Not by readLine: it holds a lock that the end of the process waits for.
      FileHandle.standardInput.forEachLine { answer in
        answers.withLock { $0.append(answer) }
        arrived.signal()
      }
      exit(1)
    }
  }

  func say(_ line: SceneLine) -> String {
    lock.withLock { _ in
      let text = Data((line.text + "\n").utf8)
      guard (try? FileHandle.standardOutput.write(contentsOf: text)) != nil else { exit(1) }
      arrived.wait()
      return answers.withLock { $0.removeFirst() }
    }
  }
}
