import EmbeddedServers
import Recipes
import RecipesLab
import Testing
import ZooKeeper
import ZooKeeperClient

/// What recipes refuse, and what they make of odd names.
@Suite struct RefusalTests {
  /// What one process says that does this.
  private func said(
    _ body: @escaping @Sendable (Client) async throws -> String
  ) -> [String] {
    let program = Program("refusals", processes: 1, judge: { OnceJudge(path: "/") }) { process, _ in
      let client = try await process.connect()
      do {
        process.note(.gets(try await body(client)), in: client)
      } catch let error as ClientError {
        process.note(.fails(error.reason), in: client)
      }
    }
    return Simulation(program, on: EmbeddedServer.simulated).run().notes.map(\.what.description)
  }

  @Test(arguments: ["", "a/b", ".", ".."])
  func aMemberHasAName(name: String) {
    let said = said { client in
      try await Group(client, at: "/group").join(name).name
    }
    #expect(said == ["fails: \(ErrorCode.badArguments)"])
  }

  @Test func aSessionJoinsOnceByAName() {
    let said = said { client in
      let group = Group(client, at: "/group")
      return try await [group.join("a"), group.join("a")].map(\.name).joined()
    }
    #expect(said == ["fails: \(ErrorCode.nodeExists)"])
  }

  @Test func whoWaitsForANameGivesUpInTime() {
    let said = said { client in
      try await client.create("/group")
      try await client.create("/group/a")
      return try await Group(client, at: "/group").join("a", within: .seconds(3)).name
    }
    #expect(said == ["fails: \(ClientError.Reason.timedOut(sent: false))"])
  }

  @Test(arguments: ["dubbo://10.0.0.7:20880/orders?v=1", "100%", "%2F", "%", "a%/b%25"])
  func anAddressComesBackAsItWas(address: String) {
    let said = said { client in
      let names = NameService(client, at: "/services")
      _ = try await names.register(address, for: "orders")
      return try await names.resolve("orders").joined(separator: " ")
    }
    #expect(said == ["gets \(address)"])
  }

  @Test func aServiceThatNobodyHasRegisteredHasNoAddress() {
    let said = said { client in
      try await NameService(client, at: "/services").resolve("orders").joined()
    }
    #expect(said == ["gets "])
  }

  @Test func aPublicationThatReplacesAnOldVersionIsRefused() {
    let said = said { client in
      let configuration = Configuration(client, at: "/config/a")
      try await configuration.publish(.utf8("1"))
      try await configuration.publish(.utf8("2"), replacing: 0)
      try await configuration.publish(.utf8("3"), replacing: 0)
      return ""
    }
    #expect(said == ["fails: \(ErrorCode.badVersion)"])
  }

  @Test func keysGoToTheSameBrokerAtAllProducers() {
    let said = said { client in
      let balancer = ProducerBalancer(client, at: "/messages")
      for name in ["b1", "b2", "b3"] { _ = try await balancer.register(name, address: name) }
      try await balancer.setTopic("orders", partitions: 6)
      for try await routes in balancer.routes {
        let keys = ["a", "b", "c"].map { routes.broker(for: "orders", key: $0.utf8)?.name ?? "-" }
        let beyond = routes.broker(for: "orders", partition: 6)
        let unknown = routes.broker(for: "x", partition: 0)
        return (keys + [beyond, unknown].map { $0?.name ?? "-" }).joined(separator: " ")
      }
      return "nothing"
    }
    #expect(said == ["gets b2 b2 b1 - -"])
  }
}
