import NIOCore
import Testing
import ZooKeeperWire

@Suite struct FrameReaderTests {
  @Test func `A frame of exactly the limit is accepted, one byte more is not`() throws {
    var reader = FrameReader(limit: 3)
    reader.append(ByteBuffer(hex: "00000003 010203 00000004"))
    #expect(try reader.next() == ByteBuffer(hex: "010203"))
    #expect(throws: WireError(.frameLength(4, limit: 3), at: 0)) { try reader.next() }
  }

  @Test func `A length is judged before the frame arrives`() {
    var reader = FrameReader(limit: FrameReader.serverLimit)
    reader.append(ByteBuffer(hex: "00100000"))
    #expect(throws: WireError(.frameLength(0x100000, limit: 0xfffff), at: 0)) {
      try reader.next()
    }
  }

  @Test func `A negative length is an error, and stays one`() {
    var reader = FrameReader(limit: 100)
    reader.append(ByteBuffer(hex: "ffffffff"))
    let error = WireError(.frameLength(-1, limit: 100), at: 0)
    #expect(throws: error) { try reader.next() }
    reader.append(ByteBuffer(hex: "00000001 00"))
    #expect(throws: error) { try reader.next() }
  }

  @Test func `A frame may be empty`() throws {
    var reader = FrameReader(limit: 100)
    reader.append(ByteBuffer(hex: "00000000 00000001 aa"))
    #expect(try reader.next() == ByteBuffer())
    #expect(try reader.next() == ByteBuffer(hex: "aa"))
    #expect(try reader.next() == nil)
  }

  @Test func `Ten thousand frames of one portion come out in order`() throws {
    var stream = ByteBuffer()
    for number in 0..<10_000 { stream.writeFrame { $0.writeInteger(Int32(number)) } }
    var reader = FrameReader(limit: 100)
    reader.append(stream)
    for number in 0..<10_000 {
      var frame = try reader.next()
      #expect(frame?.readInteger(as: Int32.self) == Int32(number))
    }
    #expect(try reader.next() == nil)
  }
}
