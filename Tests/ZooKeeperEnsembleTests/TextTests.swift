import ProtocolCore
import Testing
import ZooKeeperEnsemble

struct TextTests {
  @Test func `What can be asked reads as it prints`() {
    #expect(ZooKeeperEnsembleModel.requests.count == 12)
    for request in ZooKeeperEnsembleModel.requests {
      #expect(ZooKeeperEnsembleModel.request(reading: "\(request)") == request)
    }
  }

  @Test(arguments: [
    "", "create", "create a", "create -x /a", "set /a", "set -v x /a 1", "get", "get /a b",
    "multi", "multi create /a +", "check -v 1 /a", "close /a", "delete /a b", "ls /a -w",
  ])
  func `What cannot be asked does not read`(text: String) {
    #expect(ZooKeeperEnsembleModel.request(reading: text) == nil)
  }

  @Test func `Every ask of the usual workload reads`() {
    let asks = ZooKeeperEnsembleModel.asks(of: ZooKeeperEnsembleModel.topology(3))
    #expect(asks.count == 26)
    #expect(asks.allSatisfy { $0.requests.count >= 3 })
  }
}
