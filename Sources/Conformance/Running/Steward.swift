import Synchronization
import ZooKeeper

/// Looks after the run's folder on the target: makes one for each case, and takes all away again.
///
/// It works over a session of its own, and shows whatever identities a case has shown, so that it
/// may delete what the case has closed.
final class Steward: Sendable {
  private let line: any ServiceLine
  private let world: any ServiceWorld
  private let left = Mutex(false)

  /// Whether its connection is over.
  var hasLeft: Bool { left.withLock(\.self) }

  private init(_ line: any ServiceLine, _ world: any ServiceWorld) {
    self.line = line
    self.world = world
  }

  /// A steward with a session.
  static func hired(in world: any ServiceWorld, address: String) async throws(TargetError)
    -> Steward
  {
    let (line, welcome) = try await world.dial(Greeting(timeout: 30_000), until: world.now + 5000)
    switch welcome {
    case .session: return Steward(line, world)
    case .rubbish(let what):
      let bytes = line.takeFrames().filter { !$0.isSent }.flatMap(\.bytes)
      throw TargetError(address, .wrongKind(spoken(bytes) ?? what))
    case .silence: throw TargetError(address, .noAnswer)
    case .closed:
      throw TargetError(
        address, .wrongKind("it closes the connection instead of answering the handshake"))
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
    left.withLock { $0 = true }
    await line.hangUp()
  }

  /// Makes a folder; that it exists already is as good.
  func make(_ path: String, address: String) async throws(TargetError) {
    switch await ask(.create(Create(path, data: Array("quorate".utf8)))) {
    case .answer, .failure(.nodeExists): return
    case .failure(let code):
      throw TargetError(address, .unusable("it refuses to create \(path): \(code)"))
    case .malformed(let what):
      throw TargetError(address, .wrongKind("its reply to a create does not decode: \(what)"))
    case .raw, nil:
      throw TargetError(address, .unusable("it does not answer a create"))
    }
  }

  /// Shows these identities.
  func show(_ identities: [Request]) async {
    for identity in identities { _ = await ask(identity) }
  }

  /// Deletes a folder and all below it.
  ///
  /// - Returns: What could not be deleted, and why.
  func clear(_ path: String) async -> [String] {
    var left: [String] = []
    switch await ask(.getChildren(path: path)) {
    case .answer(.children(let names, _)):
      for name in names { left += await clear("\(path)/\(name)") }
    default: break
    }
    switch await ask(.delete(path: path)) {
    case .answer, .failure(.noNode): break
    case .failure(let code): left.append("\(path): \(code)")
    default: left.append("\(path): no answer")
    }
    return left
  }

  /// What the server says to a request; nil if it says nothing.
  func ask(_ request: Request) async -> Response.Content? {
    guard let ticket = line.send([.request(request)]).first else { return nil }
    let deadline = world.now + 10_000
    while let arrival = await line.next(until: deadline) {
      switch arrival {
      case .reply(ticket, let response): return response.content
      case .reply, .event: continue
      case .closed, .rubbish, .silence:
        left.withLock { $0 = true }
        return nil
      }
    }
    return nil
  }
}
