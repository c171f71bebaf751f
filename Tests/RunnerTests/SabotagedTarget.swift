import Conformance
import EmbeddedServers
import NIOCore
import ZooKeeperClient
import ZooKeeperConformance
import ZooKeeperServer

@testable import Targets

/// One server that all cases share, as a remote one is, in memory and in virtual time; in the
/// middle of one case it goes wrong.
struct SabotagedTarget: ServiceTarget {
  /// How a server goes wrong when it first hears of a certain case.
  enum Sabotage: Sendable, CaseIterable {
    /// It answers this connection no more.
    case hangs
    /// It answers nobody any more.
    case hangsForGood
    /// It closes all connections, and opens new ones as before.
    case restarts
    /// It closes all connections, and takes no more.
    case dies
    /// It sends events without end.
    case floods
    /// It sends bytes that mean nothing.
    case babbles
    /// It sends a reply that nobody asked for.
    case answersTwice
    /// It sends half a frame, and nothing more.
    case stopsHalfway
    /// It sends an event that nobody waits for, when the case is over and the next has begun.
    case isLate
    /// It takes a node that has lost all its children for one that has some.
    case keepsParents
  }

  let url = "sabotaged:"
  let about = "for tests"
  let isShared = true
  private let network: MemoryNetwork<Saboteur>

  /// A server that goes so wrong when it reads this text.
  init(_ sabotage: Sabotage, at text: String) {
    network = MemoryNetwork(Saboteur(sabotage, at: text))
  }

  func world() async throws(TargetError) -> any ServiceWorld {
    LinkWorld(link: SteppedLink(network: network), host: HostAddress(host: "sabotaged"))
  }

  /// The nodes of the server's root.
  var rootChildren: [String] {
    network.withServer { $0.children("/") }
  }
}

/// A server in memory with a sabotage before it.
struct Saboteur: MemoryServer {
  private var server: EmbeddedServer
  private let sabotage: SabotagedTarget.Sabotage
  private let cue: [UInt8]
  private var open: Set<Int> = []
  private var deaf: Set<Int> = []
  private var isDead = false
  private var hasHappened = false
  private var victim: Int?
  private var extra: [MemoryServerOutput] = []

  init(_ sabotage: SabotagedTarget.Sabotage, at text: String) {
    server = EmbeddedServer(Server(ReferenceTarget.usual))
    self.sabotage = sabotage
    cue = Array(text.utf8)
  }

  func children(_ path: String) -> [String] { server.children(path) }

  mutating func open(_ connection: Int, now: Milliseconds) {
    if isDead {
      extra.append(.close(connection))
    } else {
      open.insert(connection)
      server.open(connection, now: now)
    }
  }

  mutating func receive(_ bytes: ByteBuffer, on connection: Int, now: Milliseconds) {
    guard !isDead, !deaf.contains(connection), open.contains(connection) else { return }
    // The workspace creates the case's folder; the first request below it is the case's own.
    if let victim, Array(bytes.readableBytesView).contains(Array("ZK-TRY-005/".utf8)) {
      extra.append(.send(ByteBuffer(bytes: Self.frame(Self.event)), victim))
      self.victim = nil
    }
    if let refusal = refusal(of: bytes) {
      return extra.append(.send(ByteBuffer(bytes: refusal), connection))
    }
    let isCue = Array(bytes.readableBytesView).contains(cue)
    if isCue, !hasHappened {
      hasHappened = true
      happen(bytes, on: connection, now: now)
    } else {
      server.receive(bytes, on: connection, now: now)
    }
  }

  private mutating func happen(_ bytes: ByteBuffer, on connection: Int, now: Milliseconds) {
    func send(_ bytes: [UInt8]) { extra.append(.send(ByteBuffer(bytes: bytes), connection)) }
    switch sabotage {
    case .hangs: deaf.insert(connection)
    case .hangsForGood: isDead = true
    case .keepsParents: server.receive(bytes, on: connection, now: now)
    case .restarts, .dies:
      isDead = sabotage == .dies
      for each in open.sorted() {
        server.close(each, now: now)
        extra.append(.close(each))
      }
      open = []
    case .floods:
      for _ in 0..<30_000 { send(Self.frame(Self.event)) }
    case .babbles: send(Array("HTTP/1.1 400 Bad Request\r\n".utf8))
    case .answersTwice:
      let reply: [UInt8] = [0, 0, 3, 231] + Array(repeating: 0, count: 12)
      send(Self.frame(reply))
    case .isLate:
      server.receive(bytes, on: connection, now: now)
      victim = connection
    case .stopsHalfway:
      send([0, 0, 0, 99, 1, 2, 3])
      deaf.insert(connection)
    }
  }

  /// NotEmpty, for a request that deletes the folder of the case.
  private func refusal(of bytes: ByteBuffer) -> [UInt8]? {
    let request = Array(bytes.readableBytesView)
    guard sabotage == .keepsParents, request.count > 12, request[8..<12] == [0, 0, 0, 2],
      request.contains(cue.dropLast() + [255, 255, 255, 255])
    else { return nil }
    return Self.frame(request[4..<8] + Array(repeating: 0, count: 8) + [255, 255, 255, 145])
  }

  private static func frame(_ body: [UInt8]) -> [UInt8] {
    [0, 0, 0, UInt8(body.count)] + body
  }

  /// NodeDataChanged at /x.
  private static let event: [UInt8] =
    [255, 255, 255, 255] + Array(repeating: 255, count: 8) + [0, 0, 0, 0]
    + [0, 0, 0, 3, 0, 0, 0, 3, 0, 0, 0, 2, 0x2f, 0x78]

  mutating func close(_ connection: Int, now: Milliseconds) {
    open.remove(connection)
    server.close(connection, now: now)
  }

  mutating func advance(to now: Milliseconds) { server.advance(to: now) }

  var deadline: Milliseconds? { server.deadline }

  mutating func takeOutput() -> [MemoryServerOutput] {
    defer { extra = [] }
    let usual = server.takeOutput().filter { output in
      switch output {
      case .send(_, let connection):
        !deaf.contains(connection) && !(isDead && sabotage == .hangsForGood)
      case .close: true
      }
    }
    return usual + extra
  }
}
