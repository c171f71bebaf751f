public import Conformance
import Targets
public import ZooKeeperConformance
public import ZooKeeperServer

/// Which cases catch which quirks: the suite's power, counted.
///
/// A case that no quirk fails proves nothing; a quirk that no case catches is a hole in the suite.
public struct KillMatrix: Sendable {
  /// A quirk, and the cases that catch it.
  public struct Row: Sendable {
    /// The quirk's name.
    public var quirk: String
    /// Its group: `flaw`, `edition`.
    public var group: Quirk.Group
    /// The ids of the cases that come out otherwise than on the reference.
    public var cases: [String]
  }

  /// The rows, in the order of the quirks.
  public let rows: [Row]
  /// The cases that were tried.
  public let tried: [String]

  /// The cases that catch nothing.
  public var idle: [String] {
    let busy = Set(rows.flatMap(\.cases))
    return tried.filter { !busy.contains($0) }
  }

  /// The quirks that nothing catches, and that something should.
  public var holes: [String] {
    rows.filter(\.cases.isEmpty).map(\.quirk).filter { Self.beyond[$0] == nil }
  }

  /// The quirks that no case can catch, and why.
  public static let beyond = [
    "3.9": "the reference follows this edition",
    "counters-wrap": "a parent's counter is at its end after 2,147,483,647 creations",
    "writes-skip-a-zxid": "nobody promises the next number: another session's write looks alike",
  ]

  /// The reference's profile, with which a quirk has to keep up.
  public static func profile() async throws(TargetError) -> Profile {
    try await Probe.profile(of: ReferenceTarget())
  }

  /// Whether a case comes out on a server with this quirk otherwise than on the reference.
  public static func catches(_ each: Case, _ quirk: Quirk, _ profile: Profile) async -> Bool {
    // Of an edition no case is asked that holds for another alone.
    if quirk.group == .edition, let service = each.service, profile.reasonAgainst(service) != nil {
      return false
    }
    let target = ReferenceTarget(url: "reference:\(quirk.name)", quirks: [quirk])
    let outcome = await IsolatedRun(target, profile).outcome(of: each)
    return outcome.verdict != .pass
  }

  /// Tries every case on every quirk.
  ///
  /// - Parameters:
  ///   - jobs: How many quirks at a time.
  ///   - onRow: Told each row when it is done.
  public init(
    _ cases: [Case], _ quirks: [Quirk], jobs: Int,
    onRow: @escaping @Sendable (Row) -> Void = { _ in }
  ) async throws(TargetError) {
    let profile = try await Self.profile()
    let reference = await ZooKeeperTarget(withEditionsOf: ReferenceTarget(), profile)
    let (planned, _) = Runner.plan(cases, for: reference)
    var sound: [Case] = []
    for each in planned
    where await IsolatedRun(ReferenceTarget(), profile).outcome(of: each).verdict == .pass {
      sound.append(each)
    }
    let plan = sound
    rows = await withTaskGroup(of: (Int, Row).self) { group in
      var found: [Int: Row] = [:]
      for index in quirks.indices {
        if index >= max(1, jobs), let (done, row) = await group.next() { found[done] = row }
        let quirk = quirks[index]
        group.addTask {
          var caught: [String] = []
          for each in plan where await Self.catches(each, quirk, profile) {
            caught.append(each.label.id)
          }
          let row = Row(quirk: quirk.name, group: quirk.group, cases: caught)
          onRow(row)
          return (index, row)
        }
      }
      for await (done, row) in group { found[done] = row }
      return quirks.indices.compactMap { found[$0] }
    }
    tried = plan.map(\.label.id)
  }
}

extension KillMatrix {
  /// For every quirk a case that catches it, and for every case a quirk that it catches: what has
  /// to be tried again to know that the suite has not lost its power.
  ///
  /// A line each: a quirk, and a case. Cases that catch few quirks come first, so that each stands
  /// for as much as it can.
  public var witnesses: [(quirk: String, id: String)] {
    var count: [String: Int] = [:]
    for row in rows { for id in row.cases { count[id, default: 0] += 1 } }
    var pairs: [(quirk: String, id: String)] = []
    var seen: Set<String> = []
    for row in rows {
      guard let sharpest = row.cases.min(by: { (count[$0] ?? 0, $0) < (count[$1] ?? 0, $1) }) else {
        continue
      }
      pairs.append((row.quirk, sharpest))
      seen.insert(sharpest)
    }
    for id in tried where !seen.contains(id) {
      let catching = rows.filter { $0.cases.contains(id) }
      let rarest = catching.min { ($0.cases.count, $0.quirk) < ($1.cases.count, $1.quirk) }
      if let rarest { pairs.append((rarest.quirk, id)) }
    }
    return pairs.sorted { ($0.quirk, $0.id) < ($1.quirk, $1.id) }
  }
}
