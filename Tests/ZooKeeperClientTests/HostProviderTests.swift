import Testing
import ZooKeeperClient

@Suite struct HostProviderTests {
  private let hosts = ["a", "b", "c", "d"].map { HostAddress(host: $0) }

  private func walk(_ provider: inout HostProvider, _ steps: Int) -> [String] {
    (0..<steps).map { _ in provider.next().host.host }
  }

  @Test func `It walks its servers in a circle`() {
    var provider = HostProvider(hosts, seed: 1)
    let round = walk(&provider, 4)
    #expect(round.sorted() == ["a", "b", "c", "d"])
    #expect(walk(&provider, 4) == round)
  }

  @Test func `The order is the seed's`() {
    var orders: Set<[String]> = []
    for seed in 0..<100 as Range<UInt64> {
      var one = HostProvider(hosts, seed: seed)
      var other = HostProvider(hosts, seed: seed)
      let order = walk(&one, 4)
      #expect(order == walk(&other, 4))
      orders.insert(order)
    }
    #expect(orders.count > 15, "of the 24 orders")
  }

  @Test func `Only who has tried all of them in vain waits`() {
    var provider = HostProvider(hosts, seed: 1)
    for round in 0..<3 {
      for place in 0..<4 {
        let (_, wait) = provider.next()
        #expect((wait > 0) == (round > 0 && place == 0))
        #expect(wait == 0 || HostProvider.pause.contains(wait))
      }
    }
  }

  @Test func `Who was connected goes on without waiting`() {
    var provider = HostProvider(hosts, seed: 1)
    _ = walk(&provider, 4)
    provider.connected()
    #expect(provider.next().after == 0)
  }
}
