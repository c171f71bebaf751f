import Recipes
import ZooKeeper
import ZooKeeperClient

extension Demo {
  /// A queue, of whose consumers one dies with an element in its hands.
  package static let queue = Demo(
    name: "queue",
    about: """
      USE-12, a first-in-first-out queue. One puts five orders, two consume them. A
      consumer dies at its first; its claim goes with its session, and the other does
      that order again.
      """,
    scenes: [
      Scene(
        title: "",
        program: Program(
          "demo-queue", processes: 3, claims: ["USE-12"], givesTime: true,
          judge: { QueueJudge(elements: "/queue/elements", marks: "/queue/puts", .processes) },
          run: { try await $0.index == 0 ? put($0, $1) : consume($0, $1) }),
        cues: [
          .kill(1, when: .init(1) { if case .gets = $0 { true } else { false } })
        ],
        promises: [
          Promise("nobody works on what another is at, or has done", "exclusion", "takenOnce"),
          Promise("what came first is taken first, unless it was given back", "order"),
          Promise(
            "every order is done", "allTaken", "notLost", "putOnce", "termination",
            "nothingInvented"),
          Promise("nobody waits while an order is free", "noIdling"),
          Promise("no claim of the dead is left", "noOrphans"),
        ],
        words: { note in
          switch note.what {
          case .puts(let value): "puts \(value)"
          case .gets(let value): "works on \(value)"
          case .passes(let value): note.process == 0 ? nil : "\(value) is done"
          case .fails(let reason): failing(reason)
          default: nil
          }
        })
    ],
    rules: [.claimIsEphemeral, .leavesWatch])

  private static let orders = ["tea", "rice", "salt", "figs", "oil"]

  private static func put(_ process: Process, _ rules: Set<Rule>) async throws {
    let client = try await process.connect()
    try await process.awaitSign("there", client)
    for order in orders {
      try await client.pause(for: .milliseconds(400))
      process.note(.puts(order), in: client)
      var queue = FIFOQueue(client, at: "/queue", named: order)
      queue.without = rules
      try await queue.put(.utf8(order))
      process.note(.passes(order), in: client)
    }
  }

  private static func consume(_ process: Process, _ rules: Set<Rule>) async throws {
    let client = try await process.connect()
    // Who comes first is the one that dies.
    if process.index == 1 {
      try await process.sign("there", client)
    } else {
      try await process.awaitSign("there", client)
      try await client.pause(for: .milliseconds(200))
    }
    var queue = FIFOQueue(client, at: "/queue", named: process.name(of: client))
    queue.without = rules
    for _ in orders {
      process.note(.asks("element"), in: client)
      do {
        let done = try await queue.process(within: .seconds(20)) { element in
          let order = element.data.text ?? ""
          process.note(.gets(order), in: client)
          try await client.pause(for: .milliseconds(500))
          return order
        }
        process.note(.passes(done), in: client)
      } catch let error as ClientError {
        return process.note(.fails(error.reason), in: client)
      }
    }
  }

  /// A barrier that a member sleeps through, and a double one at which a member dies.
  package static let barrier = Demo(
    name: "barrier",
    about: """
      USE-13, barriers. Three begin together, though one sleeps when the last has
      come; then three work and end together, though one dies at its work.
      """,
    scenes: [
      Scene(
        title: "a barrier", program: .barrier,
        cues: [
          .stop(1, for: 2000, when: .init(2, .asks("enter")))
        ],
        promises: [
          Promise("nobody goes before three are there, and then all do", "allOrNone"),
          Promise("nobody waits for nothing", "noIdling", "termination", "noOrphans"),
        ],
        words: meeting),
      Scene(
        title: "a double barrier", program: .doubleBarrier,
        cues: [.kill(2, when: .init(1, .asks("leave")))],
        promises: [
          Promise("all begin together", "allOrNone"),
          Promise("nobody leaves while another that lives is at work", "leavesTogether"),
          Promise("nobody waits for the dead for ever", "noIdling", "termination", "noOrphans"),
        ],
        words: meeting),
    ],
    rules: [.staysOpen, .leavesTogether])

  @Sendable private static func meeting(_ note: Note) -> String? {
    switch note.what {
    case .asks("enter"): "is there, waits"
    case .passes("entered"): "goes on"
    case .asks: "is done, waits"
    case .passes: "leaves"
    case .fails(let reason): failing(reason)
    default: nil
    }
  }
}
