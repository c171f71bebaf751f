import Testing
import ZooKeeper
import ZooKeeperServer
import ZooKeeperWire

@Suite struct `A conversation with the server` {
  @Test func `A session, a node, and its data`() throws {
    var talk = Talk()
    let a = try talk.client()
    let created = try talk.reply(a, .create(Create("/a", data: [1])))
    #expect(created == Reply(zxid: Zxid(2), .success(.created(path: "/a"))))
    guard case .data(let data, let stat) = try talk.given(a, .getData(path: "/a")) else { return }
    #expect(data == [1] && stat.czxid == Zxid(2))
  }
}
