public import Conformance
import Synchronization
import ZooKeeper

/// A ZooKeeper service and what probing found it to be: what a runner judges.
public struct ZooKeeperTarget: Target {
  /// The service.
  public let service: any ServiceTarget
  /// What it is and can.
  public let profile: Profile

  /// The same service in other editions, for cases that do not hold for this one.
  private let others: [ZooKeeperTarget]

  /// The service of this profile.
  public init(_ service: any ServiceTarget, _ profile: Profile) {
    self.service = service
    self.profile = profile
    others = []
  }

  /// The service of this profile, and what it is in other editions.
  public init(withEditionsOf service: any ServiceTarget, _ profile: Profile) async {
    self.service = service
    self.profile = profile
    others = await service.editions().map { ZooKeeperTarget($0.service, $0.profile) }
  }

  /// This one, or the edition of it for which a case holds.
  package func edition(for each: ServiceCase) -> ZooKeeperTarget {
    guard profile.reasonAgainst(each) != nil else { return self }
    return others.first { $0.profile.reasonAgainst(each) == nil } ?? self
  }

  /// How it was named.
  public var url: String { service.url }
  /// Whether all cases share one service.
  public var isShared: Bool { service.isShared }
  /// In a line: `edition 3.6 minus: containers, ttl`.
  public var profileLine: String { profile.description }

  /// Why a conversation is not for it; nil if it is.
  public func reasonAgainst(_ conversation: any Conversation) -> String? {
    guard let each = conversation as? ServiceCase else {
      return "asks a target of another kind than a ZooKeeper server"
    }
    return edition(for: each).profile.reasonAgainst(each)
  }

  /// A run in a folder of its own.
  public func run(_ options: RunOptions) -> any TargetRun { FolderRun(self, options) }
}

/// A run on a service: each case works in a folder of its own below the run's.
private final class FolderRun: TargetRun {
  let target: ZooKeeperTarget
  let options: RunOptions
  let place: String
  private let cleanUp = Mutex(CleanUp())
  /// Whether there is a folder of this run where quotas stand.
  private let hasQuotas = Mutex(false)

  init(_ target: ZooKeeperTarget, _ options: RunOptions) {
    self.target = target
    self.options = options
    place = Remains.newFolder(below: target.service.root)
  }

  func setsQuotas() { hasQuotas.withLock { $0 = true } }

  func session(patience: Int64) async throws(TargetError) -> any TargetSession {
    let world = try await target.service.world()
    let isReadOnly = target.profile.isReadOnly
    let workspace = try await Workspace.opened(
      in: world, address: target.url, patience: patience, readOnly: isReadOnly)
    if !isReadOnly {
      try await workspace.make(place, address: target.url)
      if target.isShared { await workspace.occupy(place) }
    }
    return FolderSession(run: self, world: world, workspace: workspace)
  }

  func clear(after performance: any Performance, with session: (any TargetSession)?) async {
    guard let player = performance as? Player else {
      let leftover = Leftover(path: place, why: "a case of another kind was played")
      return cleanUp.withLock { $0.note([leftover], of: place, []) }
    }
    // Where nothing is written nothing is left.
    guard !player.fixture.isForReadOnly else { return }
    let (label, folder) = (player.fixture.id, player.folder.path)
    let identities = player.identities
    guard let session = session as? FolderSession else {
      let leftover = Leftover(path: folder, why: "no answer")
      return cleanUp.withLock { $0.note([leftover], of: label, identities) }
    }
    await session.workspace.show(identities)
    var left: [Leftover] = []
    // A quota may forbid what clearing has to do.
    if player.fixture.setsQuotas { left += await session.workspace.clear(Quota.folder + folder) }
    left += await session.workspace.clear(folder)
    cleanUp.withLock { $0.note(left, of: label, identities) }
  }

  func end() async -> CleanUpReport {
    guard !target.profile.isReadOnly else { return CleanUpReport() }
    var cleanUp = cleanUp.withLock(\.self)
    if hasQuotas.withLock(\.self) {
      await cleanUp.sweep(Quota.folder + place, of: target.service)
    }
    await cleanUp.sweep(place, of: target.service)
    let swept = cleanUp
    self.cleanUp.withLock { $0 = swept }
    return CleanUpReport(
      leftBehind: swept.leftBehind, finding: swept.result.map { (CleanUp.label, $0) })
  }
}

/// A session that looks after the run's folder, beside those of the cases' clients.
private struct FolderSession: TargetSession {
  let run: FolderRun
  let world: any ServiceWorld
  let workspace: Workspace

  var hasEnded: Bool { workspace.hasLeft }
  var silence: Double { Double(world.now - workspace.lastHeard) / 1000 }

  func prepare(
    _ conversation: any Conversation, of label: CaseLabel
  ) async throws -> any Performance {
    guard let service = conversation as? ServiceCase else {
      throw TargetError(run.target.url, .unusable("the case asks a target of another kind"))
    }
    let edition = run.target.edition(for: service)
    let profile = edition.profile
    let isOther = edition.url != run.target.url
    let world = isOther ? try await edition.service.world() : self.world
    let fixture = service.fixture(for: profile.dialect, called: label.id)
    let folder = Folder("\(run.place)/\(label.id)")
    if !profile.isReadOnly {
      var workspace = self.workspace
      if isOther {
        workspace = try await Workspace.opened(in: world, address: edition.url)
        try await workspace.make(run.place, address: edition.url)
      }
      try await make(folder, for: fixture, in: workspace)
    }
    var pace = profile.pace
    pace.patience = run.options.patience
    var player = Player(fixture, in: world, below: folder, pace: pace)
    player.isAmongOthers = run.target.isShared
    player.keepsWire = run.options.keepsWire
    return player
  }

  /// Makes the folder in which a case works.
  private func make(
    _ folder: Folder, for fixture: ServiceFixture, in workspace: Workspace
  ) async throws(TargetError) {
    try await workspace.make(folder.path, address: run.target.url)
    guard fixture.setsQuotas else { return }
    try await workspace.make(Quota.folder + run.place, address: run.target.url)
    try await workspace.make(Quota.folder + folder.path, address: run.target.url)
    run.setsQuotas()
  }

  func isAnswered() async -> Bool {
    await workspace.ask(.exists(path: run.place), patience: 5000) != nil
  }

  func pause(_ milliseconds: Int64) async { await world.pass(milliseconds) }
  func leave() async { await workspace.leave() }
  func abandon() { workspace.hangUp() }
}

extension TargetError {
  /// The error for this reason at this address, where a ZooKeeper server was looked for.
  public init(_ address: String, _ reason: Reason) {
    self.init(address, reason, kind: "ZooKeeper server")
  }
}
