import Conformance
import Synchronization
import ZooKeeper

/// Looks after the run's folder on the target: makes one for each case, and takes all away again.
///
/// It works over a session of its own, and shows whatever identities a case has shown, so that it
/// may delete what the case has closed.
final class Workspace: Sendable {
  private let line: any ServiceLine
  private let world: any ServiceWorld
  private let left = Mutex(false)

  /// What the root of everything that a run makes holds, so that it is known for Quorate's.
  static let mark = Array("quorate".utf8)

  /// Whether its server says that it only reads.
  var onlyReads: Bool { line.welcomeFields?.readOnly == true }

  /// Whether its connection is over.
  var hasLeft: Bool { left.withLock(\.self) }

  /// When something last came, in milliseconds by the world's clock.
  var lastHeard: Int64 { line.lastHeard }

  private init(_ line: any ServiceLine, _ world: any ServiceWorld) {
    self.line = line
    self.world = world
  }

  /// Opens a workspace: its session, nothing else yet.
  ///
  /// - Parameters:
  ///   - patience: How long the server may take to grant one, in milliseconds.
  ///   - readOnly: Whether a server that only reads will do.
  static func opened(
    in world: any ServiceWorld, address: String, patience: Int64 = 5000, readOnly: Bool = false
  ) async throws(TargetError) -> Workspace {
    var greeting = Greeting(timeout: 30_000)
    greeting.readOnly = readOnly
    let (line, welcome) = try await world.dial(greeting, until: world.now + patience)
    switch welcome {
    case .session: return Workspace(line, world)
    case .rubbish(let what):
      let bytes = line.takeFrames().filter { !$0.isSent }.flatMap(\.bytes)
      throw TargetError(address, .wrongKind(spoken(bytes) ?? what))
    case .silence: throw TargetError(address, .noAnswer)
    case .closed: throw TargetError(address, .hangsUp)
    case .expired: throw TargetError(address, .unusable("it grants no session"))
    case .refused(let code): throw TargetError(address, .unusable("it grants no session: \(code)"))
    }
  }

  /// What other servers say first, if it is a text: `it says 'SSH-2.0-OpenSSH_9.2'`.
  static func spoken(_ bytes: [UInt8]) -> String? {
    let line = bytes.prefix { 0x20...0x7e ~= $0 }
    guard line.count >= 4 else { return nil }
    return "it says '\(String(decoding: line.prefix(60), as: UTF8.self))'"
  }

  /// Ends the session.
  func leave() async {
    _ = await ask(.closeSession)
    hangUp()
    await line.hangUp()
  }

  /// Has left, or is to be taken for gone.
  func hangUp() { left.withLock { $0 = true } }

  /// Makes a folder; that it exists already is as good.
  func make(_ path: String, address: String) async throws(TargetError) {
    switch await ask(.create(Create(path, data: Self.mark))) {
    case .answer, .failure(.nodeExists): return
    case .failure(let code):
      throw TargetError(address, .unusable("it refuses to create \(path): \(code)"))
    case .malformed(let what):
      throw TargetError(address, .wrongKind("its reply to a create does not decode: \(what)"))
    case .raw, nil:
      throw TargetError(address, .unusable("it does not answer a create"))
    }
  }

  /// Shows to others that somebody works in a folder, for as long as this session lives.
  ///
  /// A server without ephemeral nodes refuses, and is judged all the same.
  func occupy(_ folder: String) async {
    let path = "\(folder)/\(Self.occupied)"
    _ = await ask(.create(Create(path, data: Self.mark, mode: .ephemeralSequential)))
  }

  /// What the nodes are called by which a folder is occupied, before their number.
  static let occupied = "occupied-"

  /// Shows these identities.
  func show(_ identities: some Sequence<Request>) async {
    for identity in identities { _ = await ask(identity) }
  }

  /// The names below a node, in order; nil if the server does not tell.
  func children(_ path: String) async -> [String]? {
    guard case .answer(.children(let names, _)) = await ask(.getChildren(path: path)) else {
      return nil
    }
    return names.sorted()
  }

  /// What the server says to a request; nil if it says nothing.
  ///
  /// - Parameter patience: How long it may take, in milliseconds.
  func ask(_ request: Request, patience: Int64 = 10_000) async -> Response.Content? {
    guard !hasLeft, let ticket = line.send([.request(request)]).first else { return nil }
    let awaited = await line.reply(to: ticket, until: world.now + patience)
    if case .ended = awaited { hangUp() }
    return awaited.response?.content
  }
}
