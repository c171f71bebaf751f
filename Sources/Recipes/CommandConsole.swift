internal import Synchronization
import ZooKeeper
public import ZooKeeperClient

/// Sends commands to machines, each of which gets them in order.
///
/// ```swift
/// let console = CommandConsole(client, at: "/commands")
/// try await console.send(.utf8("reload"), to: "web-7")
///
/// for try await command in console.commands(for: "web-7") {      // on the machine
///   await run(command.words)
/// }
/// ```
///
/// The notes' console writes a command into a node's data, and the machine is told that it has
/// changed: of two commands that are written quickly the machine sees the second only. Here each
/// command is a persistent sequential node, which waits for a machine that is away.
///
/// **A broken connection**: a command whose answer was lost is looked for by its sender's name, and
/// so is not sent twice. The console takes away what has been run, and only what it knows to have
/// sent; machines take nothing away.
/// **A machine** tells the server how far it has come when it asks for the next command. So a
/// command is run once as long as the machine remembers; one that dies while it runs a command gets
/// that again: see ``commands(for:after:)``.
public struct CommandConsole: Sendable {
  /// A command, as its machine gets it.
  public struct Command: Hashable, Sendable {
    /// Its place in the order of its machine's commands.
    public let number: Int
    /// What is to be done.
    public let words: Payload
  }

  private let client: Client
  private let path: String
  private let owner: Owner
  /// The senders' names of what is known to have been sent.
  private let sent = Sent()
  package var without: Set<Rule> = []

  /// The commands below `path`; nodes are made when they are missing.
  ///
  /// - Parameters:
  ///   - client: The session of the console or of the machine.
  ///   - path: A node of its own.
  ///   - name: Names the console in the nodes' names; no other has the same.
  ///     By chance if it is not given.
  public init(_ client: Client, at path: String, named name: String? = nil) {
    (self.client, self.path, owner) = (client, path, Owner(name))
  }

  // MARK: The console

  /// Sends a command; it is run after all that were sent before.
  ///
  /// - Throws: `.sessionExpired`, `.cancelled`: then it may have been sent or not.
  public func send(_ words: Payload, to machine: String) async throws(ClientError) {
    let queue = try queue(of: machine)
    try await prepare(queue)
    if without.contains(.keepsCommands) { return try await client.replace(queue, by: words) }
    let sender = owner.next()
    _ = try await client.enter(
      queue, owner: sender, label: "command", data: words, mode: .persistentSequential,
      without: without)
    sent.add(sender)
    if !without.contains(.clearsRun) { try await clear(queue) }
  }

  /// Makes the node below which a machine's commands stand.
  fileprivate func prepare(_ queue: String) async throws(ClientError) {
    try await client.ensure(queue)
  }

  /// Takes away the commands of this console that have been run.
  ///
  /// Not those of which it does not know whether they were sent: it would not find them then, and
  /// send them again.
  private func clear(_ queue: String) async throws(ClientError) {
    guard let done = try await done(in: queue) else { return }
    for entry in try await client.entries(in: queue)
    where sent.contains(entry.owner) && !entry.isBehind(done) {
      try await client.remove("\(queue)/\(entry.name)")
      sent.remove(entry.owner)
    }
  }

  // MARK: The machine

  /// The commands for a machine, in order, as they are sent.
  ///
  /// To ask for the next means that the last has been run. One task asks for a machine's commands
  /// at a time.
  ///
  /// - Parameters:
  ///   - machine: Its name, without `/`.
  ///   - number: The last command that it has run, if it knows that; otherwise the last of which it
  ///     has told the server. A machine that goes on in a new session says what it has run.
  public func commands(for machine: String, after number: Int? = nil) -> Commands {
    Commands(console: self, machine: machine, last: number)
  }

  /// The number of the last command that the machine has told to have run.
  fileprivate func done(in queue: String) async throws(ClientError) -> Int? {
    let (data, _) = try await client.insist { () throws(ClientError) in
      try await client.getData(queue)
    }
    return data.text.flatMap { Int($0) }
  }

  fileprivate func queue(of machine: String) throws(ClientError) -> String {
    guard machine.isNodeName else {
      throw ClientError(.refused(.badArguments), asking: "the machine '\(machine)' of \(path)")
    }
    return "\(path)/\(machine)"
  }

  /// Tells the server that a command has been run.
  fileprivate func acknowledge(_ number: Int, in queue: String) async throws(ClientError) {
    try await client.insist(without: without.contains(.remembersRun) ? [.asksAgain] : []) {
      () throws(ClientError) in
      _ = try await client.setData(queue, data: .utf8("\(number)"))
    }
  }

  /// Waits for the first command behind one.
  fileprivate func first(
    behind number: Int?, in queue: String
  ) async throws(ClientError) -> Command {
    while true {
      var found: Entry?
      try await client.wait(at: queue) { () throws(ClientError) in
        found = try await client.entries(in: queue, watch: true).first { $0.isBehind(number) }
        return found == nil
      }
      guard let found else { continue }
      do throws(ClientError) {
        let (words, _) = try await client.insist { () throws(ClientError) in
          try await client.getData("\(queue)/\(found.name)")
        }
        return Command(number: found.number, words: words)
      } catch {
        // Somebody has taken it back between the two reads.
        guard error.code == .noNode else { throw error }
      }
    }
  }

  fileprivate func overwritten(_ queue: String) -> Snapshots<Configuration.Published> {
    Configuration(client, at: queue).values
  }
}

/// The commands for a machine, each once and in order.
///
/// When the session ends it throws `.sessionExpired`; when the task is cancelled, `.cancelled`.
public struct Commands: AsyncSequence, Sendable {
  /// What it gives.
  public typealias Element = CommandConsole.Command
  /// It fails with the client's errors.
  public typealias Failure = ClientError

  let console: CommandConsole
  let machine: String
  let last: Int?

  /// An iterator, which begins behind what has been run.
  public func makeAsyncIterator() -> Iterator { Iterator(of: self) }

  /// Where a machine stands.
  public struct Iterator: AsyncIteratorProtocol, Sendable {
    private let of: Commands
    private var last: Int?
    private var isAcknowledged = false
    private var isOver = false
    private var overwritten: Snapshots<Configuration.Published>.Iterator?

    init(of commands: Commands) { (of, last) = (commands, commands.last) }

    /// The next command; the one before it has been run.
    public mutating func next(
      isolation actor: isolated (any Actor)? = #isolation
    ) async throws(ClientError) -> Element? {
      guard !isOver else { return nil }
      do throws(ClientError) {
        return try await next(in: of.console.queue(of: of.machine))
      } catch {
        isOver = true
        throw error
      }
    }

    private mutating func next(in queue: String) async throws(ClientError) -> Element? {
      let console = of.console
      if console.without.contains(.keepsCommands) { return try await nextOverwritten(queue) }
      try await console.prepare(queue)
      if let last, !isAcknowledged {
        do throws(ClientError) {
          try await console.acknowledge(last, in: queue)
        } catch {
          guard error.isConnectionLost else { throw error }
        }
        isAcknowledged = true
      }
      if last == nil || console.without.contains(.remembersRun) {
        last = try await console.done(in: queue)
      }
      let command = try await console.first(behind: last, in: queue)
      (last, isAcknowledged) = (command.number, false)
      return command
    }

    private mutating func nextOverwritten(_ queue: String) async throws(ClientError) -> Element? {
      var values = overwritten ?? of.console.overwritten(queue).makeAsyncIterator()
      defer { overwritten = values }
      while let published = try await values.next() {
        guard published.version > 0 else { continue }
        return Element(number: Int(published.version), words: published.value)
      }
      return nil
    }
  }
}

extension Entry {
  /// Whether its number comes after another; all come after none.
  fileprivate func isBehind(_ number: Int?) -> Bool {
    guard let number else { return true }
    return Int32(truncatingIfNeeded: self.number &- number) > 0
  }
}

/// Names of what is known to have been sent.
private final class Sent: Sendable {
  private let names = Mutex<Set<String>>([])

  func add(_ name: String) { names.withLock { _ = $0.insert(name) } }
  func remove(_ name: String) { names.withLock { _ = $0.remove(name) } }
  func contains(_ name: String) -> Bool { names.withLock { $0.contains(name) } }
}
