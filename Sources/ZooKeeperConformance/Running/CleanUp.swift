import Conformance
import ZooKeeper

/// What a run's clean-up has seen: nodes that stay, and among them those that the tree allows to
/// delete, which is a finding like any other.
struct CleanUp {
  /// A delete that was refused without a reason.
  private struct Finding {
    var id: String
    var leftover: Leftover
  }

  private var findings: [Finding] = []
  /// Whom to be to take away what is left.
  private var identities: Set<Request> = []
  /// What was left behind in the end; nil if nothing was.
  private(set) var leftBehind: String?

  /// The case that tells of it, when its fixture is not among those that are judged.
  static let label = CaseLabel(
    id: "ZK-CLEAN-001", slug: "a-tree-is-taken-away",
    title: "A tree of all kinds of nodes is taken away, leaf by leaf", level: .must,
    claims: ["ZNODE-2"], chapter: "zookeeper", topic: "clean",
    place: Place(file: "Fixtures/ZooKeeper/clean/ZK-CLEAN-001-a-tree-is-taken-away.yaml"))

  /// Writes down what was met after a case.
  mutating func note(_ leftovers: [Leftover], of id: String, _ identities: [Request]) {
    guard !leftovers.isEmpty else { return }
    self.identities.formUnion(identities)
    findings += leftovers.filter { $0.contradiction != nil }.map { Finding(id: id, leftover: $0) }
  }

  /// Tries once more to take the run's folder away, for it may work by now.
  mutating func sweep(_ folder: String, of target: any ServiceTarget) async {
    leftBehind = nil
    guard let world = try? await target.world(),
      let workspace = try? await Workspace.opened(in: world, address: target.url, patience: 3000)
    else {
      leftBehind = "\(folder): the target does not answer"
      return
    }
    await workspace.show(identities)
    let left = await workspace.clear(folder)
    await workspace.leave()
    if let first = left.first {
      let more = left.count > 1 ? ", and \(left.count - 1) more" : ""
      leftBehind = "\(folder): \(first.why) at \(first.path)\(more)"
    }
    note(left, of: folder, [])
  }

  /// What the findings amount to; nil without any.
  var result: CaseResult? {
    guard let first = findings.first, let asked = first.leftover.contradiction else { return nil }
    let delete = asked.last?.reply ?? ""
    var result = CaseResult(.fail, "clean-up: a node that may be deleted stays")
    result.narrative = asked.enumerated().map { number, asked in
      CaseResult.Line(number + 1, asked.request, asked.reply)
    }
    result.differences = [CaseResult.Difference("the reply", expected: "Ok", got: delete)]
    var cases: [String] = []
    for finding in findings where !cases.contains(finding.id) { cases.append(finding.id) }
    let shown = cases.prefix(6).joined(separator: ", ")
    let more = cases.count > 6 ? " and \(cases.count - 6) more" : ""
    result.remarks = ["seen \(findings.count) times, after \(shown)\(more)"]
    return result
  }
}
