import NIOCore
import Testing
import ZooKeeperClient
import ZooKeeperWire

@Suite struct RawConnectionTests {
  private let network = MemoryNetwork(ReferenceServer())
  private let host = HostAddress(host: "memory")

  @Test func `A four-letter word is answered, and the connection ends`() async {
    let raw = RawConnection(to: host, over: network.link)
    raw.write(ByteBuffer(string: "ruok"))
    let answer = await raw.take(within: .seconds(1))
    #expect(String(buffer: answer.bytes) == "imok" && answer.isOver)
  }

  @Test func `A handshake without the last byte has an answer without it`() async {
    let raw = RawConnection(to: host, over: network.link)
    raw.write(Says.frame { ConnectRequest(timeout: 4000, readOnly: nil).write(to: &$0) })
    let answer = await raw.take(within: .seconds(1)) { $0.readableBytes >= 40 }
    #expect(answer.bytes.readableBytes == 40 && !answer.isOver)
  }

  @Test func `Where nothing listens it is over`() async {
    network.setReachable(false, host)
    let raw = RawConnection(to: host, over: network.link)
    #expect(await raw.take(within: .seconds(1)).isOver)
  }

  @Test func `Silence has its time`() async {
    let raw = RawConnection(to: host, over: network.link)
    raw.write(ByteBuffer(bytes: [0]))
    let silence = Task { await raw.take(within: .seconds(1)) }
    // The task has begun to wait when the network has an alarm to wake it with.
    while network.alarmCount == 0 { await Task.yield() }
    network.advance(by: .seconds(1))
    let taken = await silence.value
    #expect(taken.bytes.readableBytes == 0 && !taken.isOver)
  }
}
