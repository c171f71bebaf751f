import NIOCore
import RecipesLab
import Synchronization
import ZooKeeper
import ZooKeeperClient
import ZooKeeperWire

/// Where the client of a program is judged: the reference server on loopback, whose connections are
/// written down, and the program, which is told what to ask.
final class ProgramStage: Sendable {
  /// What is not as it should be.
  struct Deviation: Error {
    let expected: String
    let got: String
  }

  /// What the client has said to a server, in order.
  enum Heard: Sendable {
    case greeting(port: Int, ConnectRequest)
    case request(ClientFrame)
    case refused
    case closed
  }

  private struct Record {
    var lines: [String] = []
    var heard: [Heard] = []
    /// What it has said to its user without being asked: events and states.
    var told: [String] = []
    var answers: [String] = []
    var losing = false
  }

  /// The timeout that is asked for, in milliseconds.
  static let timeout = Int32(4000)
  /// How long anything may take, in milliseconds; a program may take longer to start.
  private static let patience = Milliseconds(6_000)
  private static let startLimit = Milliseconds(30_000)

  private let command: [String]
  private let record = Mutex(Record())
  private let made = Mutex<(server: SocketServer?, program: ForeignProgram?, ports: [Int])>(
    (nil, nil, []))

  init(_ command: [String]) { self.command = command }

  var lines: [String] { record.withLock(\.lines) }
  var heard: [Heard] { record.withLock(\.heard) }
  var told: [String] { record.withLock(\.told) }

  /// What is known of the requests of a kind so far.
  func requests(_ opcode: Opcode) -> [ClientFrame] {
    heard.compactMap {
      guard case .request(let frame) = $0, frame.header.opcode == opcode else { return nil }
      return frame
    }
  }

  var greetings: [(port: Int, greeting: ConnectRequest)] {
    heard.compactMap {
      if case .greeting(let port, let greeting) = $0 { (port, greeting) } else { nil }
    }
  }

  var server: SocketServer {
    made.withLock { made in
      if let server = made.server { return server }
      let server = SocketServer(
        SocketServer.Witness(
          heard: { [unowned self] in take($1, on: $0) },
          told: { [unowned self] port, words in
            if port < Self.ports { add("← \(words)") }
          }))
      made.server = server
      return server
    }
  }

  /// How many ports there may be for the client that is judged; the next one is for another.
  private static let ports = 3

  // MARK: The scene

  /// Starts the servers, of which these are not let in, and the program.
  func begin(hosts: Int = 1, unreachable: Range<Int> = 0..<0) async throws {
    let ports = try await server.start(Self.ports + 1)
    await server.setReachable(false, unreachable)
    let program = try ForeignProgram(
      command,
      [
        "QUORATE_ZOOKEEPER": ports.prefix(hosts).map { "127.0.0.1:\($0)" }.joined(separator: ","),
        "QUORATE_RECIPE": "client", "QUORATE_NAME": "a", "QUORATE_PATH": "/",
        "QUORATE_TIMEOUT": "\(Self.timeout)",
      ])
    made.withLock { ($0.program, $0.ports) = (program, ports) }
    try await ask("begin", "ok")
  }

  /// The same, until it is connected.
  func connected() async throws {
    try await begin()
    try await until("state connected") { $0.told.contains("state connected") }
  }

  func end() async {
    made.withLock(\.program)?.kill()
    await server.stop()
  }

  /// Somebody else, whom nobody judges.
  func other() async throws -> Client {
    try await Client.connect(to: "127.0.0.1:\(made.withLock { $0.ports[Self.ports] })")
  }

  /// The next request is lost, and the connection with it.
  func loseNext() { record.withLock { $0.losing = true } }

  /// Tells the program something, whose answer is not waited for.
  func tell(_ command: String) {
    add("told: \(command)")
    made.withLock(\.program)?.tell(command)
  }

  /// Asks, and waits for the answer.
  @discardableResult func ask(_ command: String, _ expected: String? = nil) async throws -> String {
    tell(command)
    return try await answer(to: command, expected)
  }

  /// The next answer.
  @discardableResult func answer(to command: String, _ expected: String? = nil) async throws
    -> String
  {
    let answer = try await until("an answer to '\(command)'") { stage in
      stage.record.withLock { $0.answers.isEmpty ? nil : $0.answers.removeFirst() }
    }
    let word = String(answer.prefix { $0 != " " })
    guard ["ok", "none", "failed"].contains(word) else {
      throw Deviation(expected: "ok, none or failed to '\(command)'", got: "'\(answer)'")
    }
    if let expected { try demand(word == expected, "\(expected) to '\(command)'", got: answer) }
    return answer
  }

  /// Waits until something is so.
  func until(_ words: String, _ condition: (ProgramStage) -> Bool) async throws {
    _ = try await until(words) { condition($0) ? true : nil }
  }

  /// Waits until there is something.
  func until<T>(_ words: String, _ value: (ProgramStage) -> T?) async throws -> T {
    let begin = server.now
    while server.now - begin < (hasBegun ? Self.patience : Self.startLimit) {
      hearProgram()
      if let value = value(self) { return value }
      if let end = made.withLock(\.program)?.end {
        throw Deviation(expected: words, got: "the program \(end)")
      }
      await OwnThreads.pause(2)
    }
    throw Deviation(expected: words, got: "nothing of the kind")
  }

  private var hasBegun: Bool { record.withLock { !$0.told.isEmpty || !$0.heard.isEmpty } }

  /// Lets time pass.
  func pass(_ milliseconds: Int) async {
    await OwnThreads.pause(milliseconds)
    hearProgram()
  }

  func demand(_ holds: Bool, _ expected: String, got: String) throws {
    guard holds else { throw Deviation(expected: expected, got: got) }
  }

  // MARK: What is said

  private func hearProgram() {
    while let line = made.withLock(\.program)?.next() {
      add("says: \(line.prefix(200))")
      let isUnasked = line.hasPrefix("event ") || line.hasPrefix("state ")
      record.withLock { if isUnasked { $0.told.append(line) } else { $0.answers.append(line) } }
    }
  }

  private func add(_ line: String) { record.withLock { $0.lines.append(line) } }

  private func take(_ heard: SocketServer.Heard, on port: Int) -> SocketServer.Treatment {
    guard port < Self.ports else { return .serve }
    switch heard {
    case .greeting(let greeting):
      let session = greeting.session == .none ? "a new session" : "its session"
      let seen = greeting.lastZxidSeen == .zero ? "nothing" : "zxid \(greeting.lastZxidSeen)"
      note(.greeting(port: port, greeting), "→ asks for \(session), has seen \(seen)")
    case .refused: note(.refused, "→ connects, and is not let in")
    case .closed: note(.closed, "the connection ends")
    case .request(let frame, let words):
      note(.request(frame), "→ \(words.isEmpty ? "\(frame.header.opcode)" : words)")
      let isOrdinary = frame.header.xid > 0
      let isLost = record.withLock { record in
        defer { if isOrdinary { record.losing = false } }
        return record.losing && isOrdinary
      }
      return isLost ? .loseRequest : .serve
    }
    return .serve
  }

  private func note(_ heard: Heard, _ line: String) {
    record.withLock { record in
      record.heard.append(heard)
      record.lines.append(line)
    }
  }
}
