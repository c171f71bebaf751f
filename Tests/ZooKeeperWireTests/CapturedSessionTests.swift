import NIOCore
import Testing
import ZooKeeper
import ZooKeeperWire

@Suite struct `Frames recorded from Apache's server` {
  @Test func `All of them are there`() {
    #expect(CapturedFrame.requests.count == 56)
    #expect(CapturedFrame.replies.count == 63)
    #expect(CapturedFrame.connects.count == 6)
  }

  @Test(arguments: CapturedFrame.requests)
  func `A request decodes and encodes to the same bytes`(captured: CapturedFrame) throws {
    let frame = try ClientFrame(decoding: captured.frame, .strict)
    if captured.name == "getData cut short, 1" {
      #expect(frame.content == .malformed(WireError(.truncated(needed: 100, left: 2), at: 8)))
      #expect(frame.refusal == .reply(.marshallingError))
      return
    }
    #expect(frame.refusal == nil)
    var bytes = ByteBuffer()
    frame.write(to: &bytes)
    #expect(bytes.hex == captured.bytes.hex)
  }

  @Test(arguments: CapturedFrame.replies)
  func `A reply decodes and encodes to the same bytes`(captured: CapturedFrame) throws {
    let frame = try ServerFrame(
      decoding: captured.frame, .strict, answering: CapturedFrame.opcode(of:))
    var bytes = ByteBuffer()
    frame.write(to: &bytes)
    #expect(bytes.hex == captured.bytes.hex)
  }

  @Test(arguments: CapturedFrame.connects)
  func `A handshake decodes and encodes to the same bytes`(captured: CapturedFrame) throws {
    let bytes: ByteBuffer
    switch captured.sender {
    case .client: bytes = try ConnectRequest(decoding: captured.frame, .strict).encoded
    case .server:
      switch try ConnectAnswer(decoding: captured.frame, .strict) {
      case .response(let response): bytes = response.encoded
      case .refused(let header): bytes = header.encoded
      }
    }
    #expect(bytes.hex == captured.frame.hex)
  }

  @Test(arguments: CapturedFrame.all, [Reading.lenient, .strict])
  func `Chopped at any byte, it is an error or a shorter value`(
    captured: CapturedFrame, reading: Reading
  ) throws {
    let whole = captured.frame
    for length in 0..<whole.readableBytes {
      let part = try #require(whole.getSlice(at: whole.readerIndex, length: length))
      switch (captured.isConnect, captured.sender) {
      case (true, .client):
        chop { () throws(WireError) in try ConnectRequest(decoding: part, reading).encoded }
      case (true, .server):
        chop { () throws(WireError) in try ConnectResponse(decoding: part, reading).encoded }
        _ = try? ConnectAnswer(decoding: part, reading)
      case (false, .client):
        guard length >= RequestHeader.size else {
          #expect(throws: WireError.self) { try ClientFrame(decoding: part, reading) }
          continue
        }
        let frame = try ClientFrame(decoding: part, reading)
        // A body that is cut off is malformed, unless the opcode is foreign.
        if case .request(let request) = frame.content {
          Issue.record("\(length) bytes are \(request)")
        }
      case (false, .server):
        let frame = try? ServerFrame(
          decoding: part, reading, answering: CapturedFrame.opcode(of:))
        if case .reply(_, let reply) = frame, case .success(let answer) = reply.result {
          Issue.record("\(length) bytes are \(answer)")
        }
      }

      /// The only shorter value is a handshake without its last byte.
      func chop(_ decode: () throws(WireError) -> ByteBuffer) {
        do throws(WireError) {
          let bytes = try decode()
          #expect(length == whole.readableBytes - 1 && bytes.readableBytes == length)
        } catch {
          #expect(error.offset <= length)
        }
      }
    }
  }

  @Test func `One stream of all of them, in portions of any size, gives the same frames`() throws {
    var stream = ByteBuffer()
    for captured in CapturedFrame.all { stream.writeImmutableBuffer(captured.bytes) }
    for size in [1, 2, 3, 5, 7, 64, 1000, stream.readableBytes] {
      var reader = FrameReader(limit: FrameReader.serverLimit)
      var rest = stream
      var frames: [ByteBuffer] = []
      while let portion = rest.readSlice(length: min(size, rest.readableBytes)),
        portion.readableBytes > 0
      {
        reader.append(portion)
        while let frame = try reader.next() { frames.append(frame) }
      }
      #expect(frames == CapturedFrame.all.map(\.frame))
      #expect(reader.pending.readableBytes == 0)
    }
  }
}
