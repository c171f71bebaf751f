import Dispatch
import Foundation

/// What stops and starts the server of a target that was started for us.
package struct ControlProgram: Hashable, Sendable {
  /// The program; it takes one word: `kill`, `stop`, `start`.
  let path: String

  /// Has it do something.
  ///
  /// - Returns: What went wrong; nil if nothing did.
  package func run(_ word: String) async -> String? {
    await withCheckedContinuation { continuation in
      DispatchQueue.global().async { continuation.resume(returning: wait(for: word)) }
    }
  }

  /// Foundation's `Process` would wait for the server as well, which outlives the program.
  private func wait(for word: String) -> String? {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
    posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0)
    posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0)
    // A server that is started would keep open whatever it inherits: a test's pipe, for one.
    for descriptor in Int32(3)..<256 {
      posix_spawn_file_actions_addclose(&actions, descriptor)
    }
    var arguments: [UnsafeMutablePointer<CChar>?] = [strdup(path), strdup(word), nil]
    defer { arguments.forEach { free($0) } }
    var process: pid_t = 0
    let trouble = posix_spawn(&process, path, &actions, nil, &arguments, environ)
    guard trouble == 0 else { return "\(path): \(String(cString: strerror(trouble)))" }
    var status: Int32 = 0
    while waitpid(process, &status, 0) < 0 {
      guard errno == EINTR else { return "\(path): \(String(cString: strerror(errno)))" }
    }
    return status == 0 ? nil : "\(path) \(word) ended with status \(status >> 8 & 255)"
  }
}
