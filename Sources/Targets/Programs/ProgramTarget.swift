public import Conformance
import RecipesLab

/// A program of somebody else's, `exec:COMMAND ARGUMENTS`: its recipes, or its client.
///
/// It asks servers that are started for it, and is never asked by a conversation.
public struct ProgramTarget: Target {
  /// How it was named.
  public let url: String
  /// The command and its arguments.
  let command: [String]

  /// Whether a URL names a program.
  public static func isMeant(_ url: String) -> Bool { url.hasPrefix(scheme) }

  private static var scheme: String { "exec:" }

  /// The program of a URL.
  ///
  /// - Throws: `TargetError` when there is no such command.
  public init(_ url: String) throws(TargetError) {
    do throws(ForeignRun.Mistake) {
      command = try ForeignRun.command(in: String(url.dropFirst(Self.scheme.count)))
    } catch {
      throw TargetError(url, .badURL(error.description), kind: "program")
    }
    self.url = url
  }

  /// What is done with it.
  public var about: String {
    "a program, started beside servers on loopback, in processes of its own for each run"
  }

  /// Each run has servers of its own.
  public var isShared: Bool { false }
  /// Nobody probes a program.
  public var profileLine: String { command.joined(separator: " ") }

  /// None is for it.
  public func reasonAgainst(_ conversation: any Conversation) -> String? {
    "asks a server, and not a program"
  }

  /// A run, in which no session is ever opened.
  public func run(_ options: RunOptions) -> any TargetRun { NoConversations(url: url) }
}

private struct NoConversations: TargetRun {
  let url: String
  var place: String { "" }

  func session(patience: Int64) async throws(TargetError) -> any TargetSession {
    throw TargetError(url, .unusable("a program is asked nothing"), kind: "server")
  }

  func clear(after performance: any Performance, with session: (any TargetSession)?) async {}
  func end() async -> CleanUpReport { CleanUpReport() }
}
