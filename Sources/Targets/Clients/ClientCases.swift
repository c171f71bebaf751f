public import Conformance
import ZooKeeperClient

/// The cases whose subject is a client: ours, played against a server in memory.
///
/// A claim about a client is never judged by asking a server, so no target is asked here.
public enum ClientCases {
  /// All of them, in the order of their ids.
  public static let all: [Case] = ClientScene.all.map { scene in
    Case(label(of: scene), .model { _ in await scene.outcome(with: nil) })
  }

  /// What comes of a case when the client has a flaw.
  ///
  /// - Returns: Nil for an id that is none of these.
  public static func outcome(of id: String, with flaw: ClientFlaw) async -> Conformance.CaseResult?
  {
    await ClientScene.all.first { $0.id == id }?.outcome(with: flaw)
  }

  private static func label(of scene: ClientScene) -> CaseLabel {
    CaseLabel(
      id: scene.id, slug: scene.slug, title: scene.title, level: .must, claims: scene.claims,
      chapter: "zookeeper", topic: "client",
      place: Place(file: "Sources/Targets/Clients/\(scene.file).swift"))
  }
}

/// Something that a client lives through, and what is to be seen of it line by line.
///
/// `→` is what the client sends, `←` what it gets, `!` what its user is told, `=` its state.
struct ClientScene: Sendable {
  let id: String
  let slug: String
  let title: String
  let claims: [String]
  /// Where it is written.
  let file: String
  /// What is done.
  let script: @Sendable (ClientStage) async throws -> Void
  /// What must be seen.
  let transcript: String

  static let all: [ClientScene] = beginnings + losses + endings + watching

  func outcome(with flaw: ClientFlaw?) async -> Conformance.CaseResult {
    let stage = ClientStage(flaw: flaw)
    do {
      try await script(stage)
    } catch {
      stage.record.add("the client fails: \(error)")
    }
    return judged(stage.record.lines)
  }

  private func judged(_ lines: [String]) -> Conformance.CaseResult {
    let wanted = transcript.split(separator: "\n").map(String.init)
    let same = zip(wanted, lines).prefix { $0 == $1 }.count
    let isSame = same == wanted.count && same == lines.count
    var outcome = Conformance.CaseResult(.pass)
    outcome.narrative = lines.enumerated().map { Conformance.CaseResult.Line($0 + 1, $1) }
    guard !isSame else { return outcome }
    outcome.verdict = .fail
    outcome.message = "line \(same + 1) of the transcript is otherwise"
    outcome.narrative = Array(outcome.narrative.prefix(same + 1000))
    outcome.differences = [
      Conformance.CaseResult.Difference(
        "line \(same + 1)", expected: same < wanted.count ? wanted[same] : "nothing more",
        got: same < lines.count ? lines[same] : "nothing more")
    ]
    return outcome
  }
}
