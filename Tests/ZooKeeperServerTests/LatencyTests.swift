import NIOCore
import Testing
import ZooKeeper

@testable import ZooKeeperServer

/// What the server tells of how long requests took: all requests, of all connections and of each.
@Suite struct LatencyTests {
  /// A four-letter word's answer.
  private func word(_ word: String, _ talk: inout Talk) -> String {
    let id = talk.open()
    talk.send(ByteBuffer(string: word), on: id)
    return String(buffer: talk.bytes(id))
  }

  @Test func `Reads and writes count, also of each connection`() throws {
    var talk = Talk()
    talk.server.observations = Observations()
    let (a, b) = (try talk.client(), try talk.client())
    _ = talk.server.takeObservations()
    for _ in 0..<3 { _ = try talk.reply(a, .getData(path: "/")) }
    _ = try talk.reply(b, .setData(path: "/", data: nil, version: .any))
    let served = talk.server.takeObservations().served
    #expect(served == [a, a, a, b])
    talk.server.answered([a, a], after: 4)
    talk.server.answered([a], after: 1)
    talk.server.answered([b], after: 9)
    #expect(word("srvr", &talk).contains("Latency min/avg/max: 1/4.5/9"))
    let connections = word("cons", &talk).split(separator: "\n")
    #expect(connections.contains { $0.contains("llat=1,minlat=1,avglat=3,maxlat=4)") })
    #expect(connections.contains { $0.contains("llat=9,minlat=9,avglat=9,maxlat=9)") })
  }
}
