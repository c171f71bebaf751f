import Recipes
import ZooKeeper
import ZooKeeperClient

extension Program {
  /// One puts four elements, two of them later, and another one; two take them, until none comes.
  ///
  /// The order of the names is not that of the elements.
  package static let fifoQueue = queue("fifo-queue", .takes) { process, client, _, rules in
    let value = try await queue(client, process.name(of: client), rules).take(within: patience)
    process.note(.gets(value.text ?? "nothing"), in: client)
  }

  /// The same elements, which are processed for a second each; one refuses what it gets first.
  package static let processingQueue = queue("fifo-process", .processes) {
    process, client, round, rules in
    let name = process.name(of: client)
    let value = try await queue(client, name, rules).process(within: patience) { element in
      let value = element.data.text ?? "nothing"
      process.note(.gets(value), in: client)
      do {
        try await client.pause(for: .seconds(1))
        if process.index == 1, round == 1 { throw Refused() }
        process.note(.finishes(value), in: client)
        return value
      } catch {
        process.note(.releases(value), in: client)
        throw error
      }
    }
    process.note(.passes(value), in: client)
  }

  /// One puts a lamp of priority 9, a roof of 10, a cellar of 1; two take them then.
  package static let priorityQueue = Program(
    "priority-queue", processes: 3, claims: ["USE-12"], givesTime: true,
    judge: {
      QueueJudge(elements: "/queue/elements", marks: "/queue/puts", .takes) { a, b in
        priority(a) < priority(b)
      }
    }
  ) { process, rules in
    var client = try await process.connect()
    if process.index == 0 {
      for value in ["p9a", "p10", "p9b", "p1"] {
        await put(value, process, &client) { client in
          var queue = PriorityQueue(client, at: "/queue", named: value)
          queue.without = rules
          try await queue.put(.utf8(value), priority: priority(value))
        }
      }
      return
    }
    try await client.pause(for: .milliseconds(10))
    await consume(process, client) { client, _ in
      var queue = PriorityQueue(client, at: "/queue", named: process.name(of: client))
      queue.without = rules
      let value = try await queue.take(within: patience)
      process.note(.gets(value.text ?? "nothing"), in: client)
    }
  }

  /// Three pass an element each as it is often told.
  package static let turnQueue = Program(
    "turn-queue", processes: 3, claims: ["USE-12"],
    judge: { QueueJudge(elements: "/turns", marks: "/marks", .takes) }
  ) { process, rules in
    let client = try await process.connect()
    process.note(.puts(process.name), in: client)
    process.note(.asks("element"), in: client)
    var queue = TurnQueue(client, at: "/turns", named: process.name)
    queue.without = rules
    do throws(ClientError) {
      let value = try await queue.pass(.utf8(process.name))
      process.note(.gets(value.text ?? "nothing"), in: client)
    } catch {
      process.note(.fails(error.reason), in: client)
    }
  }

  /// How long a consumer waits: longer than a session lives whose client has died.
  private static let patience = Duration.seconds(10)

  private static func queue(_ client: Client, _ name: String, _ rules: Set<Rule>) -> FIFOQueue {
    var queue = FIFOQueue(client, at: "/queue", named: name)
    queue.without = rules
    return queue
  }

  private static func queue(
    _ name: String, _ mode: QueueJudge.Mode,
    consume: @escaping @Sendable (Process, Client, Int, Set<Rule>) async throws -> Void
  ) -> Program {
    Program(
      name, processes: 3, claims: ["USE-12"], givesTime: true,
      judge: { QueueJudge(elements: "/queue/elements", marks: "/queue/puts", mode) }
    ) { process, rules in
      var client = try await process.connect()
      for value in [["a4", "a3", "a2", "a1"], ["b1"], []][process.index] {
        if value == "a2" { try? await client.pause(for: .milliseconds(3500)) }
        await put(value, process, &client) { client in
          try await queue(client, value, rules).put(.utf8(value))
        }
      }
      if process.index == 0 { return }
      await Program.consume(process, client) { client, round in
        try await consume(process, client, round, rules)
      }
    }
  }

  /// Puts a value, and says so; whether it is there when that fails nobody knows.
  private static func put(
    _ value: String, _ process: Process, _ client: inout Client,
    _ put: (Client) async throws -> Void
  ) async {
    process.note(.puts(value), in: client)
    do {
      try await put(client)
      process.note(.passes(value), in: client)
    } catch {
      if let error = error as? ClientError { process.note(.fails(error.reason), in: client) }
      if client.end != nil, let next = try? await process.connect() { client = next }
    }
  }

  /// Consumes until nothing comes; when its session ends it begins anew with another.
  private static func consume(
    _ process: Process, _ first: Client, _ consume: (Client, Int) async throws -> Void
  ) async {
    var client = first
    var round = 0
    while !Task.isCancelled {
      round += 1
      process.note(.asks("element"), in: client)
      do {
        try await consume(client, round)
      } catch let error as ClientError {
        process.note(.fails(error.reason), in: client)
        if case .timedOut = error.reason { return }
        guard client.end != nil, let next = try? await process.connect() else { continue }
        client = next
      } catch {
        // It has refused it, or is cancelled; that is said already, or ends it.
      }
    }
  }

  /// The number in a value.
  @Sendable private static func priority(_ value: String) -> UInt {
    UInt(value.filter(\.isNumber)) ?? 0
  }
}

private struct Refused: Error {}
