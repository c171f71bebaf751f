import Recipes
import Synchronization
import ZooKeeper
import ZooKeeperClient

extension Program {
  /// One publishes four values, two subscribe until they have the last.
  package static let configuration = Program(
    "configuration", processes: 3, claims: ["USE-1"],
    judge: {
      SnapshotJudge(areNumbers: true) { $0.node("/config/limits")?.data.text }
    }
  ) { process, rules in
    if process.index == 0 {
      let next = Mutex(1)
      try await process.live { client in
        var configuration = Configuration(client, at: "/config/limits")
        configuration.without = rules
        // What the session before has published without knowing it is not published again.
        let there = try await configuration.latest()?.value.text
        while case let value = next.withLock({ $0 }), value <= 4 {
          if there != "\(value)" { try await configuration.publish(.utf8("\(value)")) }
          process.note(.puts("\(value)"), in: client)
          next.withLock { $0 += 1 }
          if value == 2 { try await client.pause(for: .seconds(6)) }
        }
      }
      return
    }
    let last = Mutex<Zxid?>(nil)
    try await process.live { client in
      process.note(.asks("values"), in: client)
      try await process.within(.seconds(8), client) {
        var configuration = Configuration(client, at: "/config/limits")
        configuration.without = rules
        for try await published in configuration.values(after: last.withLock { $0 }) {
          last.withLock { $0 = published.revision }
          process.note(.gets(published.value.text ?? ""), in: client)
          if published.value.text == "4" { break }
        }
      }
      process.note(.passes("leaves"), in: client)
    }
  }

  /// Two count up, three times each, and one follows the number.
  package static let revisions = Program(
    "revisions", processes: 3, claims: ["USE-1"],
    judge: { SnapshotJudge(areNumbers: true) { $0.node("/config/count")?.data.text } }
  ) { process, rules in
    let left = Mutex(3)
    let last = Mutex<Zxid?>(nil)
    try await process.live { client in
      var configuration = Configuration(client, at: "/config/count")
      configuration.without = rules
      if process.index == 1 {
        process.note(.asks("count"), in: client)
        let values = configuration.values(after: last.withLock { $0 })
        try await process.within(.seconds(4), client) {
          for try await published in values {
            last.withLock { $0 = published.revision }
            process.note(.gets(published.value.text ?? ""), in: client)
          }
        }
        return process.note(.passes("leaves"), in: client)
      }
      while left.withLock({ $0 }) > 0 {
        try await configuration.update { .utf8("\(($0.text.flatMap { Int($0) } ?? 0) + 1)") }
        left.withLock { $0 -= 1 }
      }
    }
  }

  /// Three add two words each to a list.
  package static let update = Program(
    "update", processes: 3, claims: ["USE-1"], judge: { OnceJudge(path: "/config/list") }
  ) { process, rules in
    let next = Mutex(1)
    try await process.live { client in
      var configuration = Configuration(client, at: "/config/list")
      configuration.without = rules
      while case let number = next.withLock({ $0 }), number <= 2 {
        let word = "\(process.name)\(number)"
        try await configuration.update { list in
          let words = list.text?.split(separator: " ").map(String.init) ?? []
          return .utf8((words.contains(word) ? words : words + [word]).joined(separator: " "))
        }
        process.note(.puts(word), in: client)
        next.withLock { $0 += 1 }
      }
    }
  }

  /// A monitor, and two workers who go by the same name, one after the other.
  package static let group = Program(
    "group", processes: 3, claims: ["USE-5", "USE-6", "USE-8"],
    judge: { SnapshotJudge(members: "/workers") { $0.list("/workers") } }
  ) { process, rules in
    try await process.live { client in
      var group = Group(client, at: "/workers")
      group.without = rules
      if process.index == 0 {
        let members = group.members
        return try await process.follow(members, .seconds(6), client) { members in
          members.map { "\($0.name)=\($0.data.text ?? "")" }.joined(separator: " ")
        }
      }
      let membership = try await group.join("w", data: .utf8(process.name))
      process.note(.holds("w", token: membership.token), in: client)
      try await process.orLeave(membership, "w", client) {
        for progress in ["40", "100"] {
          try await client.pause(for: .milliseconds(200))
          try await membership.update(.utf8(process.name + progress))
        }
      }
    }
  }

  /// A consumer of a service, and two who provide it.
  package static let names = Program(
    "names", processes: 3, claims: ["USE-4"],
    judge: {
      SnapshotJudge(members: "/services/orders") {
        $0.children("/services/orders").sorted().joined(separator: " ")
      }
    }
  ) { process, rules in
    try await process.live { client in
      var names = NameService(client, at: "/services")
      names.without = rules
      if process.index == 0 {
        let addresses = names.addresses(of: "orders")
        return try await process.follow(addresses, .seconds(6), client) { addresses in
          addresses.joined(separator: " ").replacing("/", with: "%2F")
        }
      }
      let address = "10.0.0.\(process.index):80"
      let registration = try await names.register("\(address)/v1", for: "orders")
      process.note(.holds("\(address)%2Fv1", token: registration.token), in: client)
      try await process.orLeave(registration, "\(address)%2Fv1", client) {
        try await client.pause(for: .milliseconds(500))
      }
    }
  }

  /// A producer, two brokers, and a topic that one of them changes.
  package static let producers = Program(
    "producers", processes: 3, claims: ["USE-2"],
    judge: {
      SnapshotJudge(members: "/messages/brokers") {
        $0.list("/messages/brokers") + " to " + $0.list("/messages/topics")
      }
    }
  ) { process, rules in
    try await process.live { client in
      var balancer = ProducerBalancer(client, at: "/messages")
      balancer.without = rules
      if process.index == 0 {
        let routes = balancer.routes
        return try await process.follow(routes, .seconds(6), client) { routes in
          let topics = routes.topics.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
          return routes.brokers.map { "\($0.name)=\($0.data.text ?? "")" }.joined(separator: " ")
            + " to " + topics.joined(separator: " ")
        }
      }
      let broker = try await balancer.register(process.name, address: "10.0.0.\(process.index)")
      process.note(.holds(process.name, token: broker.token), in: client)
      try await process.orLeave(broker, process.name, client) {
        guard process.index == 1 else { return try await client.pause(for: .milliseconds(400)) }
        for partitions in 2...3 {
          try await balancer.setTopic("orders", partitions: partitions)
          try await client.pause(for: .milliseconds(200))
        }
      }
    }
  }
}

extension Process {
  /// Follows states for so long, and says them.
  fileprivate func follow<State: Sendable>(
    _ states: Snapshots<State>, _ time: Duration, _ client: Client,
    words: @escaping @Sendable (State) -> String
  ) async throws {
    note(.asks("states"), in: client)
    try await within(time, client) { [self] in
      for try await state in states { note(.gets(words(state)), in: client) }
    }
    note(.passes("leaves"), in: client)
  }

  /// Does something as a member, and leaves in any case.
  fileprivate func orLeave(
    _ membership: Membership, _ name: String, _ client: Client, _ body: () async throws -> Void
  ) async throws {
    do {
      try await body()
    } catch {
      note(.releases(name), in: client)
      if client.end == nil { try? await membership.leave() }
      throw error
    }
    note(.releases(name), in: client)
    try await membership.leave()
  }
}

extension JudgedServer {
  /// A node's children and what they hold.
  fileprivate func list(_ path: String) -> String {
    children(path).sorted().map { "\($0)=\(node("\(path)/\($0)")?.data.text ?? "")" }
      .joined(separator: " ")
  }
}
