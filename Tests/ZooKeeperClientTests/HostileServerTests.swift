import NIOCore
import Testing
import ZooKeeper
import ZooKeeperWire

@testable import ZooKeeperClient

/// A server that sends whatever it likes.
///
/// A run is its seed.
@Suite struct HostileServerTests {
  @Test(arguments: 0..<50 as Range<UInt64>)
  func `Nothing that a server sends traps, and every request is settled once`(seed: UInt64) throws {
    var chance = SeededChoices(seed)
    var options = ClientOptions()
    options.seed = seed
    options.reading = seed.isMultiple(of: 2) ? .strict : .lenient
    var client = ClientCnxn(try ConnectString("a,b"), options, seed: 0)
    var settled: [Ticket: Int] = [:]
    var asked = 0
    var now: Milliseconds = 0

    func step(_ input: ClientCnxn.Input) {
      for command in client.step(input, now: now) {
        if case .settle(let ticket, _) = command { settled[ticket, default: 0] += 1 }
      }
    }

    step(.start)
    for _ in 0..<400 {
      now += Milliseconds(chance.next() % 500)
      switch chance.next() % 8 {
      case 0: step(.opened(client.number))
      case 1: step(.received(Says.hello(), client.number))
      case 2: step(.received(bytes(&chance), client.number))
      case 3: step(.ended(client.number))
      case 4: step(.tick)
      case 5:
        asked += 1
        step(
          .ask(
            Ticket(number: asked), .request(.getData(path: "/", watch: true)), deadline: now + 900))
      case 6: step(.received(Says.reply(Xid(truncatingIfNeeded: asked), 7), client.number))
      default: step(.abandon(Ticket(number: Int(chance.next() % 50))))
      }
    }
    step(.close(Ticket(number: 0)))
    now += 1_000_000
    step(.tick)
    #expect(settled.count == asked + 1)
    #expect(settled.values.allSatisfy { $0 == 1 })
    #expect(client.state.isFinal && client.deadline == nil)
  }

  private func bytes(_ chance: inout SeededChoices) -> ByteBuffer {
    var bytes = ByteBuffer()
    if chance.next().isMultiple(of: 2) { bytes.writeInteger(Int32(chance.next() % 40)) }
    for _ in 0..<chance.next() % 40 {
      bytes.writeInteger(UInt8(truncatingIfNeeded: chance.next() % 3 == 0 ? chance.next() : 0))
    }
    return bytes
  }
}
