import Recipes
import Synchronization
import ZooKeeper
import ZooKeeperClient

extension Demo {
  /// A publisher that dies, and two subscribers of which one sleeps.
  package static let configCenter = Demo(
    name: "config-center",
    about: """
      USE-1, publish and subscribe. One publishes a limit three times, two follow it.
      A subscriber sleeps meanwhile, and the publisher dies: what it has published
      stays.
      """,
    scenes: [
      Scene(
        title: "",
        program: Program(
          "demo-config", processes: 3, claims: ["USE-1"],
          judge: { SnapshotJudge(areNumbers: true) { $0.node("/config/limit")?.data.text } },
          run: { try await $0.index == 0 ? publish($0, $1) : subscribe($0, $1) }),
        cues: [
          .stop(2, for: 7000, when: .init(2, .gets("1")), until: .init(1, .gets("3"))),
          .kill(0, when: .init(0, .puts("3"))),
        ],
        promises: [
          Promise("subscribers end on the last value", "follows", "termination"),
          Promise("nobody goes back to an older value", "goesOn"),
          Promise("nobody is told a value twice in a row", "tellsOnce"),
        ],
        words: {
          switch $0.what {
          case .puts(let value): "publishes limit \(value)"
          case .asks: "subscribes"
          case .gets(let value): "gets limit \(value)"
          case .passes: "has the last, leaves"
          case .fails(let reason): failing(reason)
          default: nil
          }
        })
    ],
    rules: [.watchesAgain, .watchesMembers])

  private static func publish(_ process: Process, _ rules: Set<Rule>) async throws {
    let next = Mutex(1)
    try await process.live { client in
      var configuration = Configuration(client, at: "/config/limit")
      configuration.without = rules
      for name in ["b", "c"] { try await process.awaitSign(name, client) }
      while case let value = next.withLock({ $0 }), value <= 3 {
        try await client.pause(for: .milliseconds(700))
        try await configuration.publish(.utf8("\(value)"))
        process.note(.puts("\(value)"), in: client)
        next.withLock { $0 += 1 }
      }
    }
  }

  private static func subscribe(_ process: Process, _ rules: Set<Rule>) async throws {
    let last = Mutex<Zxid?>(nil)
    try await process.live { client in
      process.note(.asks("values"), in: client)
      try await process.sign(process.name, client)
      var configuration = Configuration(client, at: "/config/limit")
      configuration.without = rules
      for try await published in configuration.values(after: last.withLock { $0 }) {
        last.withLock { $0 = published.revision }
        process.note(.gets(published.value.text ?? ""), in: client)
        if published.value.text == "3" { break }
      }
      process.note(.passes("leaves"), in: client)
    }
  }

  /// A monitor, and two workers: one dies, one only pauses.
  package static let monitor = Demo(
    name: "monitor",
    about: """
      USE-5, USE-6 and USE-8, heartbeats and progress. A monitor follows two workers,
      whose ephemeral nodes hold how far they are. One dies at 50 %, the other only
      pauses for a moment.
      """,
    scenes: [
      Scene(
        title: "",
        program: Program(
          "demo-monitor", processes: 3, claims: ["USE-5", "USE-6", "USE-8"],
          judge: { SnapshotJudge(members: "/workers") { workers($0) } },
          run: { try await $0.index == 0 ? watch($0, $1) : work($0, $1) }),
        cues: [
          .kill(1, when: .init(1, .puts("50 %"))),
          .stop(
            2, for: 1500, when: .init(2, .puts("25 %")), until: .init(1, .puts("50 %"))),
        ],
        promises: [
          Promise("whoever lives is there, and nobody else by its name", "membership"),
          Promise("the monitor ends on what is so", "follows", "termination"),
          Promise("it is not told the same twice in a row", "tellsOnce"),
          Promise("who is no more has no node", "noOrphans"),
        ],
        words: {
          switch $0.what {
          case .asks: "monitors /workers"
          case .gets(let state): "sees \(state)"
          case .holds: "joins"
          case .puts(let progress): "has done \(progress)"
          case .releases: "leaves"
          case .passes: "all have gone, ends"
          case .fails(let reason): failing(reason)
          default: nil
          }
        })
    ],
    rules: [.watchesAgain, .watchesMembers])

  private static func watch(_ process: Process, _ rules: Set<Rule>) async throws {
    try await process.live { client in
      var group = Group(client, at: "/workers")
      group.without = rules
      process.note(.asks("states"), in: client)
      var seen: Set<String> = []
      for try await members in group.members {
        let texts = members.map { "\($0.name) \($0.data.text ?? "")" }
        process.note(.gets(listed(texts)), in: client)
        seen.formUnion(members.map(\.name))
        if seen.count == 2, members.isEmpty { break }
      }
      process.note(.passes("ends"), in: client)
    }
  }

  private static func work(_ process: Process, _ rules: Set<Rule>) async throws {
    let done = Mutex(0)
    try await process.live { client in
      try await client.pause(for: .milliseconds(300 * process.index))
      var group = Group(client, at: "/workers")
      group.without = rules
      let name = process.name
      let membership = try await group.join(name, data: .utf8("\(done.withLock { $0 }) %"))
      process.note(.holds(name, token: membership.token), in: client)
      while done.withLock({ $0 }) < 100 {
        try await client.pause(for: .milliseconds(700))
        done.withLock { $0 += 25 }
        let progress = "\(done.withLock { $0 }) %"
        try await membership.update(.utf8(progress))
        process.note(.puts(progress), in: client)
      }
      process.note(.releases(name), in: client)
      try await membership.leave()
    }
  }

  @Sendable private static func workers(_ server: any JudgedServer) -> String {
    listed(
      server.children("/workers").sorted().map {
        "\($0) \(server.node("/workers/\($0)")?.data.text ?? "")"
      })
  }

  /// What is there, with commas between.
  static func listed(_ texts: [String], none: String = "nobody") -> String {
    texts.isEmpty ? none : texts.joined(separator: ", ")
  }
}
