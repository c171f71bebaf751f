import EmbeddedServers
import Recipes
import RecipesLab
import Synchronization
import Testing
import ZooKeeper
import ZooKeeperClient

/// What recipes tell to those who only look.
@Suite struct LookingTests {
  /// Does something with two clients of one server, in virtual time.
  private func together(
    _ body: @escaping @Sendable (Client, Client) async throws -> Void
  ) throws {
    let isDone = Mutex(false)
    let program = Program("looks", processes: 1, judge: { OnceJudge(path: "/") }) { process, _ in
      let (one, other) = (try await process.connect(), try await process.connect())
      try await body(one, other)
      isDone.withLock { $0 = true }
    }
    _ = Simulation(program, on: EmbeddedServer.simulated).run([])
    #expect(isDone.withLock { $0 })
  }

  @Test func whoLeadsIsTold() throws {
    try together { one, other in
      let election = MasterElection(other, at: "/masters", as: "other")
      #expect(try await election.leader() == nil)
      let office = try await MasterElection(one, at: "/masters", as: "one").lead()
      #expect(try await election.leader() == "one")
      try await office.release()
      #expect(try await election.leader() == nil)
    }
  }

  @Test func aNameIsResolvedToItsAddresses() throws {
    try together { one, other in
      let names = NameService(other, at: "/services")
      #expect(try await names.resolve("orders") == [])
      let service = NameService(one, at: "/services")
      let registration = try await service.register("dubbo://10.0.0.7/orders", for: "orders")
      _ = try await service.register("10.0.0.8:80", for: "orders")
      #expect(
        try await names.resolve("orders").sorted() == ["10.0.0.8:80", "dubbo://10.0.0.7/orders"])
      try await registration.leave()
      #expect(try await names.resolve("orders") == ["10.0.0.8:80"])
    }
  }

  @Test func theMembersOfAGroupAreTold() throws {
    try together { one, other in
      let membership = try await Group(one, at: "/workers").join("w", data: .utf8("0 %"))
      let seen = Group(other, at: "/workers")
      let member = try #require(try await seen.current().first)
      #expect(member.name == "w" && member.data.text == "0 %" && member.since == membership.token)
      try await membership.leave()
      #expect(try await seen.current().isEmpty)
    }
  }

  @Test func aPartitionThatIsRemovedIsDividedNoMore() throws {
    try together { one, other in
      let partitioner = Partitioner(one, at: "/p")
      try await partitioner.add(["p0", "p1"])
      try await Partitioner(other, at: "/p").remove("p0")
      #expect(try await other.getChildren("/p/partitions") == ["p1"])
      try await partitioner.remove("p0")
    }
  }

  @Test func aCounterIsRead() throws {
    try together { one, other in
      let first = try await SharedCounter(other, at: "/visits").value()
      #expect(first == 0)
      #expect(try await SharedCounter(one, at: "/visits").add(5) == 5)
      #expect(try await SharedCounter(other, at: "/visits").add(-2) == 3)
      #expect(try await SharedCounter(one, at: "/visits").value() == 3)
    }
  }

  /// Messages go around the brokers by their partitions; those of one key to one of them.
  @Test func aTopicIsDividedAmongBrokers() throws {
    try together { one, other in
      let balancer = ProducerBalancer(one, at: "/messages")
      for name in ["a", "b"] { _ = try await balancer.register(name, address: "\(name):9092") }
      try await balancer.setTopic("orders", partitions: 4)
      var routes = ProducerBalancer(other, at: "/messages").routes.makeAsyncIterator()
      let known = try #require(try await routes.next())
      let brokers = (0..<4).map { known.broker(for: "orders", partition: $0)?.name }
      #expect(brokers == ["a", "b", "a", "b"])
      #expect(known.broker(for: "orders", partition: 4) == nil)
      let keyed = (0..<20).map { known.broker(for: "orders", key: "key-\($0)".utf8)?.name }
      #expect(Set(keyed) == ["a", "b"])
      #expect(keyed == (0..<20).map { known.broker(for: "orders", key: "key-\($0)".utf8)?.name })
      try await balancer.removeTopic("orders")
      let later = try #require(try await routes.next())
      #expect(later.topics.isEmpty && later.broker(for: "orders", key: "k".utf8) == nil)
    }
  }
}
