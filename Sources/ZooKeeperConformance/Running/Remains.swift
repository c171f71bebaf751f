public import Conformance
public import ZooKeeper

/// The folders that runs of Quorate have left on a target.
public struct Remains: Sendable {
  /// Of runs that are over.
  public let abandoned: [String]
  /// Of runs that are not over, or ended so lately that the server still knows their sessions.
  public let occupied: [String]

  /// Looks for them.
  ///
  /// - Throws: ``TargetError`` if the target cannot be reached.
  public static func found(on target: any ServiceTarget) async throws(TargetError) -> Remains {
    guard target.isShared else { return Remains(abandoned: [], occupied: []) }
    let workspace = try await Workspace.opened(in: try await target.world(), address: target.url)
    var (abandoned, occupied): ([String], [String]) = ([], [])
    let root = target.root.isEmpty ? "/" : target.root
    for name in await workspace.children(root) ?? [] where isOurs(name) {
      let path = "\(target.root)/\(name)"
      guard case .answer(.data(Workspace.mark, _)) = await workspace.ask(.getData(path: path))
      else {
        continue
      }
      let inside = await workspace.children(path) ?? []
      if inside.contains(where: { $0.hasPrefix(Workspace.occupied) }) {
        occupied.append(path)
      } else {
        abandoned.append(path)
      }
    }
    if target.root.isEmpty {
      for name in await workspace.children(Quota.folder) ?? [] where isOurs(name) {
        let isOccupied = occupied.contains("/" + name)
        if !isOccupied { abandoned.append("\(Quota.folder)/\(name)") }
      }
    }
    await workspace.leave()
    return Remains(abandoned: abandoned, occupied: occupied)
  }

  /// Removes those of runs that are over.
  ///
  /// - Parameter identities: Whom the runs may have been.
  /// - Returns: What could not be removed, and why, a line for each folder.
  /// - Throws: ``TargetError`` if the target cannot be reached.
  public func clear(
    from target: any ServiceTarget, as identities: [Request]
  ) async throws(TargetError) -> [String] {
    let workspace = try await Workspace.opened(in: try await target.world(), address: target.url)
    await workspace.show(identities)
    var stayed: [String] = []
    for folder in abandoned {
      if let left = await workspace.clear(folder).first {
        stayed.append("\(folder): \(left.why) at \(left.path)")
      }
    }
    await workspace.leave()
    return stayed
  }

  /// A folder for a new run.
  static func newFolder(below root: String, for purpose: String = "") -> String {
    let digits = String(UInt32.random(in: 0x1000...0xffff), radix: 16)
    return "\(root)/\(prefix)\(purpose.isEmpty ? "" : purpose + "-")\(digits)"
  }

  private static let prefix = "quorate-"
  private static let purposes = ["probe-", "diff-", ""]

  /// Whether a folder of this name may be one of ours.
  private static func isOurs(_ name: String) -> Bool {
    purposes.contains { purpose in
      guard name.hasPrefix(prefix + purpose) else { return false }
      let digits = name.dropFirst(prefix.count + purpose.count)
      return digits.count == 4 && digits.allSatisfy { $0.isHexDigit && !$0.isUppercase }
    }
  }

  /// All that cases and comparisons show themselves to be, in the dialect of a target.
  public static func identities(of cases: [Case], for profile: Profile) -> [Request] {
    var identities = Set(Differential.credentials)
    for each in cases {
      guard let service = each.service else { continue }
      let fixture = service.fixture(for: profile.dialect, called: each.label.id)
      for step in fixture.steps.flatMap({ [$0] + $0.parts }) where step.does == .request(.auth) {
        identities.insert(RequestBuilding(folder: Folder("/")).request(.auth, step.arguments))
      }
    }
    return Array(identities)
  }
}
