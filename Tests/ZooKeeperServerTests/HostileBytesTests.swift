import NIOCore
import Testing
import ZooKeeper
import ZooKeeperQuirks
import ZooKeeperServer
import ZooKeeperWire

/// A source of chance that gives the same each time: splitmix64.
private struct Seeded: RandomNumberGenerator {
  var state: UInt64
  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var word = state
    word = (word ^ (word >> 30)) &* 0xbf58_476d_1ce4_e5b9
    word = (word ^ (word >> 27)) &* 0x94d0_49bb_1331_11eb
    return word ^ (word >> 31)
  }
}

@Suite struct `Hostile bytes` {
  /// A good neighbour, whose session outlives all that others send.
  private func neighbour(in talk: inout Talk) throws -> ConnectionID {
    let id = try talk.client(timeout: 40_000)
    try talk.given(id, .create(Create("/good", data: [1])))
    return id
  }

  private func check(_ talk: inout Talk, _ id: ConnectionID) throws {
    // Events may have come before the reply.
    let told = try talk.ask(id, .exists(path: "/good"))
    guard case .reply(_, let reply)? = told.last else { throw Talk.Surprise(told: told) }
    #expect(reply.result != .failure(.noNode))
  }

  @Test(arguments: [1, 2, 3, 4] as [UInt64])
  func `Chance is answered or ended, and hurts nobody else`(seed: UInt64) throws {
    var random = Seeded(state: seed)
    var talk = Talk()
    let good = try neighbour(in: &talk)
    for _ in 0..<200 {
      let id = Bool.random(using: &random) ? try talk.client() : talk.open()
      for _ in 0..<Int.random(in: 1...4, using: &random) {
        let size = Int.random(in: 0...200, using: &random)
        var body = (0..<size).map { _ in UInt8.random(in: .min ... .max, using: &random) }
        if Bool.random(using: &random), body.count >= 8 {
          // A header with an operation that may be known.
          body[4...6] = [0, 0, 0]
          body[7] = UInt8.random(in: 0...110, using: &random)
        }
        var bytes = ByteBuffer()
        if Int.random(in: 0...3, using: &random) > 0 {
          bytes.writeFrame { $0.writeBytes(body) }
        } else {
          bytes.writeBytes(body)
        }
        talk.send(bytes, on: id)
      }
      _ = talk.bytes(id)
      talk.drop(id)
    }
    try check(&talk, good)
  }

  @Test(arguments: [11, 12, 13, 14] as [UInt64])
  func `Good frames with wrong bytes in them are answered or ended`(seed: UInt64) throws {
    var random = Seeded(state: seed)
    let frames = `The recorded session held again`.exchanges.map(\.request)
    try #require(frames.count > 20)
    var talk = Talk()
    let good = try neighbour(in: &talk)
    for _ in 0..<60 {
      let id = talk.open()
      for var frame in frames {
        for _ in 0..<Int.random(in: 0...2, using: &random) {
          // Past the length, or every frame would only be too long.
          let place = Int.random(in: 4..<frame.readableBytes, using: &random)
          frame.setInteger(UInt8.random(in: .min ... .max, using: &random), at: place)
        }
        talk.send(frame, on: id)
      }
      _ = talk.bytes(id)
      talk.drop(id)
    }
    try check(&talk, good)
  }

  @Test(arguments: Quirk.all.map(\.name))
  func `No quirk makes the server trap`(name: String) throws {
    var random = Seeded(state: 99)
    var server = Server(quirks: [try Quirk.named(name)])
    let frames = `The recorded session held again`.exchanges.map(\.request)
    for round in 1...3 {
      let id = ConnectionID(round)
      _ = server.open(id, from: "127.0.0.1")
      for var frame in frames {
        if Bool.random(using: &random) {
          let place = Int.random(in: 4..<frame.readableBytes, using: &random)
          frame.setInteger(UInt8.random(in: .min ... .max, using: &random), at: place)
        }
        _ = server.receive(frame, from: id)
      }
      _ = server.disconnected(id)
      _ = server.advance(to: server.now + 30_000)
    }
    #expect(server.openConnections.isEmpty)
  }

  @Test func `Time that goes back changes nothing`() throws {
    var talk = Talk()
    let a = try talk.client(timeout: 4000)
    talk.advance(to: 3000)
    talk.advance(to: -1)
    talk.advance(to: .min)
    #expect(talk.server.now == 3000)
    talk.advance(to: 1 << 60)
    #expect(talk.closed == [a])
  }
}
