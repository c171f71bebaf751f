import Recipes
import Synchronization
import ZooKeeper
import ZooKeeperClient

extension Demo {
  /// A service of two providers, and numbers that nobody gets twice.
  package static let naming = Demo(
    name: "naming",
    about: """
      USE-4, naming. A client looks up the addresses of a service, two register; one
      dies. Then three processes draw unique ids, and one dies after its first.
      """,
    scenes: [
      Scene(
        title: "names",
        program: Program(
          "demo-names", processes: 3, claims: ["USE-4"],
          judge: {
            SnapshotJudge(members: "/services/orders") {
              listed($0.children("/services/orders").sorted(), none: "nothing")
            }
          },
          run: { try await $0.index == 0 ? resolve($0, $1) : provide($0, $1) }),
        cues: [.kill(1, when: .init(0, .gets("10.0.0.1:80, 10.0.0.2:80")))],
        promises: [
          Promise("who has registered, and lives, is found", "membership"),
          Promise("the client ends on the addresses that are there", "follows", "termination"),
          Promise("the address of the dead goes with its session", "noOrphans"),
        ],
        words: {
          switch $0.what {
          case .asks: "looks up orders"
          case .gets(let state): "finds \(state)"
          case .holds(let address, _): "is \(address)"
          case .releases: "unregisters"
          case .passes: "knows enough"
          case .fails(let reason): failing(reason)
          default: nil
          }
        }),
      Scene(
        title: "unique ids", program: .ids,
        cues: [
          .kill(1, when: .init(1) { if case .gets = $0 { true } else { false } })
        ],
        promises: [Promise("no number is given twice", "once", "termination")],
        words: {
          switch $0.what {
          case .gets(let number): "has id \(number)"
          case .fails(let reason): failing(reason)
          default: nil
          }
        }),
    ],
    rules: [.watchesMembers, .watchesAgain, .numbersByServer])

  private static func resolve(_ process: Process, _ rules: Set<Rule>) async throws {
    try await process.live { client in
      var names = NameService(client, at: "/services")
      names.without = rules
      process.note(.asks("states"), in: client)
      var most = 0
      for try await addresses in names.addresses(of: "orders") {
        process.note(.gets(listed(addresses, none: "nothing")), in: client)
        most = max(most, addresses.count)
        if most == 2, addresses.count == 1 { break }
      }
      process.note(.passes("leaves"), in: client)
      try await process.sign("known", client)
    }
  }

  private static func provide(_ process: Process, _ rules: Set<Rule>) async throws {
    try await process.live { client in
      try await client.pause(for: .milliseconds(400 * process.index))
      var names = NameService(client, at: "/services")
      names.without = rules
      let address = "10.0.0.\(process.index):80"
      let registration = try await names.register(address, for: "orders")
      process.note(.holds(address, token: registration.token), in: client)
      try await process.awaitSign("known", client)
      process.note(.releases(address), in: client)
      try await registration.leave()
    }
  }

  /// A producer that follows brokers, and consumers that divide partitions.
  package static let loadBalancer = Demo(
    name: "load-balancer",
    about: """
      USE-2 and USE-3, load balancing. A producer spreads messages over the brokers
      that are there; consumers divide three partitions. A broker dies, and then a
      consumer.
      """,
    scenes: [
      Scene(
        title: "producers",
        program: Program(
          "demo-producers", processes: 3, claims: ["USE-2"],
          judge: {
            SnapshotJudge(members: "/messages/brokers") {
              listed($0.children("/messages/brokers").sorted())
            }
          },
          run: { try await $0.index == 0 ? produce($0, $1) : broke($0, $1) }),
        cues: [.kill(1, when: .init(0, .passes("m1 to b, m2 to c")))],
        promises: [
          Promise("the producer ends on the brokers that live", "follows", "termination"),
          Promise("a broker that lives is registered", "membership", "noOrphans"),
        ],
        words: {
          switch $0.what {
          case .asks: "follows the brokers"
          case .gets(let state): "knows brokers: \(state)"
          case .holds: "registers as broker"
          case .releases: "leaves"
          case .passes("ends"): nil
          case .passes(let words): "sends \(words)"
          case .fails(let reason): failing(reason)
          default: nil
          }
        }),
      Scene(
        title: "consumers",
        program: Program(
          "demo-consumers", processes: 3, claims: ["USE-3"],
          judge: { PartitionJudge(path: "/consumers", partitions: ["p0", "p1", "p2"]) },
          run: { try await consume($0, $1) }),
        cues: [.kill(1, when: .init(2) { if case .holds = $0 { true } else { false } })],
        promises: [
          Promise("one owner of a partition at a time", "oneOwner", "registered", "order"),
          Promise("no partition without an owner", "allOwned"),
          Promise("no consumer has two partitions more than another", "balance"),
          Promise("what the dead had is taken over", "termination", "noOrphans"),
        ],
        words: {
          switch $0.what {
          case .asks: "joins"
          case .holds(let partition, _): "takes \(partition)"
          case .releases(let partition): "gives up \(partition)"
          case .fails(let reason): failing(reason)
          default: nil
          }
        }),
    ],
    rules: [.watchesAgain, .watchesMembers, .stopsFirst, .givesBack])

  private static func produce(_ process: Process, _ rules: Set<Rule>) async throws {
    try await process.live { client in
      var balancer = ProducerBalancer(client, at: "/messages")
      balancer.without = rules
      try await balancer.setTopic("orders", partitions: 2)
      process.note(.asks("states"), in: client)
      var (most, sent) = (0, 0)
      for try await routes in balancer.routes {
        process.note(.gets(listed(routes.brokers.map(\.name))), in: client)
        most = max(most, routes.brokers.count)
        guard most == 2, !routes.brokers.isEmpty else { continue }
        let messages = (0..<2).map { partition in
          sent += 1
          return "m\(sent) to \(routes.broker(for: "orders", partition: partition)?.name ?? "-")"
        }
        process.note(.passes(messages.joined(separator: ", ")), in: client)
        if routes.brokers.count == 1 { break }
      }
      process.note(.passes("ends"), in: client)
      try await process.sign("sent", client)
    }
  }

  private static func broke(_ process: Process, _ rules: Set<Rule>) async throws {
    try await process.live { client in
      try await client.pause(for: .milliseconds(400 * process.index))
      var balancer = ProducerBalancer(client, at: "/messages")
      balancer.without = rules
      let broker = try await balancer.register(process.name, address: "10.0.0.\(process.index)")
      process.note(.holds(process.name, token: broker.token), in: client)
      try await process.awaitSign("sent", client)
      process.note(.releases(process.name), in: client)
      try await broker.leave()
    }
  }

  /// The first ends when it has got a partition back, the last when it has got another.
  private static func consume(_ process: Process, _ rules: Set<Rule>) async throws {
    try await process.live { client in
      var partitioner = Partitioner(client, at: "/consumers")
      partitioner.without = rules
      let divided = partitioner
      try await divided.add(["p0", "p1", "p2"])
      // Each comes when the one before it has its share.
      if process.index > 0 {
        try await process.awaitSign("\(process.index - 1)", client)
        try await client.pause(for: .milliseconds(700))
      }
      let takes = Mutex(0)
      let share = process.index == 0 ? 3 : 1
      let last = process.index == 0 ? 4 : 2
      let (done, finish) = AsyncStream<Void>.makeStream()
      process.note(.asks("share"), in: client)
      try await process.until(done, client) {
        try await divided.consume(as: process.name(of: client)) { partition, token in
          process.note(.holds(partition, token: token), in: client)
          let count = takes.withLock { takes in
            takes += 1
            return takes
          }
          if count == last { finish.yield() }
          if count == share { try? await process.sign("\(process.index)", client) }
        } stop: { partition in
          process.note(.releases(partition), in: client)
        }
      }
      process.note(.passes("leaves"), in: client)
    }
  }
}

extension Process {
  /// Tells all processes something, for good.
  func sign(_ name: String, _ client: Client) async throws {
    try await Configuration(client, at: "/signs/\(name)").publish(.utf8("given"))
  }

  /// Waits until somebody has told this.
  func awaitSign(_ name: String, _ client: Client) async throws {
    for try await _ in Configuration(client, at: "/signs/\(name)").values(after: nil) { return }
  }

  /// Does something until half a second after it is told to end; then it is cancelled.
  func until(
    _ done: AsyncStream<Void>, _ client: Client, _ body: @escaping @Sendable () async throws -> Void
  ) async throws {
    try await withThrowingTaskGroup(of: Bool.self) { group in
      group.addTask {
        try await body()
        return false
      }
      group.addTask {
        for await _ in done { break }
        try await client.pause(for: .milliseconds(500))
        return true
      }
      _ = try await group.next()
      group.cancelAll()
      while let _ = try? await group.next() {}
    }
  }
}
