import NIOCore
import Testing
import ZooKeeper
import ZooKeeperWire

@Suite struct DissectorTests {
  /// The first recorded session from its beginning until it is closed, then the second.
  private static let session =
    CapturedFrame.sessions[0].prefix { !$0.name.hasPrefix("session refused") }
    + CapturedFrame.sessions[1]

  @Test func `Every field of a recorded session has a name, an offset and a value`() throws {
    var dissector = Dissector()
    var titles: Set<String> = []
    for captured in Self.session {
      let frames = dissector.take(captured.bytes, isSent: captured.sender == .client)
      let frame = try #require(frames.first, "\(captured.name)")
      #expect(frames.count == 1)
      #expect(frame.fault == nil, "\(captured.name): \(frame)")
      #expect(!frame.title.contains("nothing"), "\(captured.name): \(frame)")
      // What this module does not know is left as it is.
      let isKnown = !frame.title.contains("opcode ")
      #expect(!isKnown || !frame.fields.contains { $0.name == "…" }, "\(captured.name)")
      #expect(frame.fields.map(\.offset) == frame.fields.map(\.offset).sorted())
      titles.insert(frame.title)
    }
    for opcode in Opcode.known where opcode != .check {
      #expect(titles.contains("\(opcode)"), "no \(opcode) was recorded")
      #expect(titles.contains("reply to \(opcode)"), "no reply to \(opcode) was recorded")
    }
    #expect(titles.isSuperset(of: ["ConnectRequest", "ConnectResponse", "notification"]))
  }

  @Test func `A request reads field by field`() throws {
    let captured = try CapturedFrame.named("create /fx, 1")
    var dissector = Dissector()
    let frames = dissector.take(captured.bytes, isSent: true)
    let frame = try #require(frames.first)
    #expect(frame.title == "create")
    #expect(
      frame.fields.map { "\($0.offset) \($0.name) \($0.value)" } == [
        "0 xid 1", "4 type create", "8 path \"/fx\"", "15 data \"hello\"", "24 acl 1",
        "28 acl[0].perms 31", "32 acl[0].scheme \"world\"", "41 acl[0].id \"anyone\"",
        "51 flags 0",
      ])
  }

  @Test func `A reply reads by what it answers, and an error has no body`() throws {
    var dissector = Dissector()
    for name in ["getData /fx, 1", "getData /nope, 1"] {
      _ = dissector.take(try CapturedFrame.named(name).bytes, isSent: true)
    }
    let data = dissector.take(try CapturedFrame.named("getData /fx, 2").bytes, isSent: false)
    #expect(data.first?.fields.count == 3 + 1 + 11)
    #expect(data.first?.fields.last?.name == "pzxid")
    let error = dissector.take(try CapturedFrame.named("getData /nope, 2").bytes, isSent: false)
    #expect(
      error.first?.fields.map { "\($0.name) \($0.value)" } == ["xid 4", "zxid 0x3", "err NoNode"])
  }

  @Test func `What is cut short is told with its offset, and nothing traps`() throws {
    for captured in CapturedFrame.all {
      for length in 0..<captured.frame.readableBytes {
        var bytes = ByteBuffer()
        var frame = captured.frame
        bytes.writeInteger(Int32(length))
        bytes.writeImmutableBuffer(frame.readSlice(length: length) ?? ByteBuffer())
        for isSent in [true, false] {
          var dissector = Dissector()
          let count = dissector.take(bytes, isSent: isSent).count
          #expect(count == 1)
        }
      }
    }
    var dissector = Dissector()
    let short = try CapturedFrame.named("getData cut short, 1")
    let frames = dissector.take(short.bytes, isSent: true)
    let frame = try #require(frames.first)
    #expect(frame.fault == WireError(.truncated(needed: 100, left: 2), at: 8))
  }

  @Test func `A frame in pieces is whole when its last piece is there`() throws {
    let captured = try CapturedFrame.named("create /fx, 1")
    var dissector = Dissector()
    var bytes = captured.bytes
    let head = bytes.readSlice(length: 9)
    let first = dissector.take(try #require(head), isSent: true)
    #expect(first == [])
    let last = dissector.take(bytes, isSent: true)
    #expect(last.map(\.title) == ["create"])
  }
}
