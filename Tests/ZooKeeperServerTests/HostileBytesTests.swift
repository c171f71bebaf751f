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
  /// A good neighbour, whose session outlives all that others send, and what it has.
  private func neighbour(in talk: inout Talk) throws -> (id: ConnectionID, has: Answer) {
    let id = try talk.client(timeout: 40_000)
    try talk.given(id, .create(Create("/good", data: [1])))
    return (id, try talk.given(id, .getData(path: "/good")))
  }

  /// The neighbour is served as before, and so is whoever comes now.
  private func check(_ talk: inout Talk, _ good: (id: ConnectionID, has: Answer)) throws {
    #expect(try talk.given(good.id, .getData(path: "/good")) == good.has)
    try talk.given(good.id, .setData(path: "/good", data: [2]))
    let late = try talk.client()
    #expect(try talk.given(late, .getData(path: "/good")) != good.has)
    #expect(!talk.closed.contains(good.id) && !talk.closed.contains(late))
  }

  /// How many requests were answered, and how many connections ended by the server.
  private struct Tally {
    var answered = 0
    var ended = 0
  }

  /// Whatever a connection has sent, each of its requests was answered, in their order, up to the
  /// end of the connection; and it was ended where its bytes are no frames or no requests.
  private func check(
    _ talk: inout Talk, _ id: ConnectionID, sent: ByteBuffer, isGreeted: Bool,
    _ tally: inout Tally
  ) throws {
    let isClosed = talk.closed.contains(id)
    var told = try talk.frames(id)[...]
    var reader = FrameReader(limit: FrameReader.serverLimit)
    reader.append(sent)
    var asked: [ByteBuffer] = []
    var isBroken = false
    do {
      while let frame = try reader.next() { asked.append(frame) }
    } catch {
      isBroken = true
    }
    if !isGreeted, !asked.isEmpty {
      asked.removeFirst()
      if let hello = told.popFirst() {
        _ = try ConnectResponse(decoding: hello, .strict)
      } else {
        #expect(isClosed)
        asked = []
      }
    }
    let headed = asked.prefix { $0.readableBytes >= 8 }
    if headed.count < asked.count { isBroken = true }
    func number(_ frame: ByteBuffer, _ offset: Int = 0) -> Int32? {
      frame.getInteger(at: frame.readerIndex + offset, as: Int32.self)
    }
    // Events have the number -1, and so may requests; a ping has -2, whatever it was sent with.
    let expected = headed.map { number($0, 4) == 11 ? -2 : number($0) }.filter { $0 != -1 }
    let replied = told.map { number($0) }.filter { $0 != -1 }
    #expect(expected.starts(with: replied))
    #expect(isClosed || !isBroken && replied.count == expected.count)
    tally.answered += replied.count
    tally.ended += isClosed ? 1 : 0
  }

  @Test(arguments: [1, 2, 3, 4] as [UInt64])
  func `Chance is answered or ended, and hurts nobody else`(seed: UInt64) throws {
    var random = Seeded(state: seed)
    var talk = Talk()
    var tally = Tally()
    let good = try neighbour(in: &talk)
    for _ in 0..<200 {
      let isGreeted = Bool.random(using: &random)
      let id = isGreeted ? try talk.client() : talk.open()
      var sent = ByteBuffer()
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
        sent.writeBuffer(&bytes)
      }
      try check(&talk, id, sent: sent, isGreeted: isGreeted, &tally)
      talk.drop(id)
    }
    try check(&talk, good)
    #expect(tally.answered > 0 && tally.ended > 0)
  }

  @Test(arguments: [11, 12, 13, 14] as [UInt64])
  func `Good frames with wrong bytes in them are answered or ended`(seed: UInt64) throws {
    var random = Seeded(state: seed)
    let frames = `The recorded session held again`.exchanges.map(\.request)
    try #require(frames.count > 20)
    var talk = Talk()
    var tally = Tally()
    let good = try neighbour(in: &talk)
    for _ in 0..<60 {
      let id = talk.open()
      var sent = ByteBuffer()
      for var frame in frames {
        for _ in 0..<Int.random(in: 0...2, using: &random) {
          // Past the length, or every frame would only be too long.
          let place = Int.random(in: 4..<frame.readableBytes, using: &random)
          frame.setInteger(UInt8.random(in: .min ... .max, using: &random), at: place)
        }
        talk.send(frame, on: id)
        sent.writeBuffer(&frame)
      }
      try check(&talk, id, sent: sent, isGreeted: false, &tally)
      talk.drop(id)
    }
    try check(&talk, good)
    #expect(tally.answered > 100 && tally.ended > 0)
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
    // Whoever comes now is served, be it wrongly.
    let late = ConnectionID(9)
    _ = server.open(late, from: "127.0.0.1")
    var hello = ByteBuffer()
    hello.writeFrame { ConnectRequest(timeout: 10_000).write(to: &$0) }
    #expect(!server.receive(hello, from: late).isEmpty)
    var answers = 0
    for xid in 1...4 as ClosedRange<Xid> {
      var bytes = ByteBuffer()
      ClientFrame(xid: xid, .exists(path: "/")).write(to: &bytes)
      answers += server.receive(bytes, from: late).count
    }
    #expect(answers > 0)
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
