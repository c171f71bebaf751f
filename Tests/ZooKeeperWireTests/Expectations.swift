import NIOCore
import Testing
import ZooKeeper
import ZooKeeperWire

/// The record has these bytes, and these bytes are the record, whichever way they are read.
func expect<R: Record>(
  _ record: R, is hex: String, sourceLocation: SourceLocation = #_sourceLocation
) throws {
  let bytes = ByteBuffer(hex: hex)
  #expect(record.encoded.hex == bytes.hex, sourceLocation: sourceLocation)
  for reading in [Reading.lenient, .strict] {
    #expect(try R(decoding: bytes, reading) == record, sourceLocation: sourceLocation)
  }
}

/// The bytes are no such record, for this reason.
func expect<R: Record>(
  _ type: R.Type, _ hex: String, _ reading: Reading = .strict, fails reason: WireError.Reason,
  at offset: Int, sourceLocation: SourceLocation = #_sourceLocation
) {
  #expect(throws: WireError(reason, at: offset), sourceLocation: sourceLocation) {
    try R(decoding: ByteBuffer(hex: hex), reading)
  }
}

/// The request's body has these bytes, and these bytes are the request, whichever way they are
/// read.
func expect(
  _ request: Request, is hex: String, sourceLocation: SourceLocation = #_sourceLocation
) throws {
  let bytes = ByteBuffer(hex: hex)
  var written = ByteBuffer()
  request.writeBody(to: &written)
  #expect(written.hex == bytes.hex, sourceLocation: sourceLocation)
  for reading in [Reading.lenient, .strict] {
    #expect(try read(request.opcode, hex, reading) == request, sourceLocation: sourceLocation)
  }
}

/// The request of this operation and body.
func read(_ opcode: Opcode, _ hex: String, _ reading: Reading) throws(WireError) -> Request? {
  var reader = JuteReader(ByteBuffer(hex: hex), reading)
  return try Request.read(opcode, from: &reader)
}

/// The body is no request of this operation, for this reason.
func expect(
  _ opcode: Opcode, _ hex: String, _ reading: Reading, fails reason: WireError.Reason,
  at offset: Int, sourceLocation: SourceLocation = #_sourceLocation
) {
  #expect(throws: WireError(reason, at: offset), sourceLocation: sourceLocation) {
    try read(opcode, hex, reading)
  }
}

/// The answer's body has these bytes, and they answer `opcode`.
func expect(
  _ answer: Answer, to opcode: Opcode, is hex: String,
  sourceLocation: SourceLocation = #_sourceLocation
) throws {
  let bytes = ByteBuffer(hex: hex)
  var written = ByteBuffer()
  answer.writeBody(to: &written)
  #expect(written.hex == bytes.hex, sourceLocation: sourceLocation)
  for reading in [Reading.lenient, .strict] {
    var reader = JuteReader(bytes, reading)
    #expect(try Answer.read(opcode, from: &reader) == answer, sourceLocation: sourceLocation)
  }
}

extension Stat {
  /// Each field has a value of its own.
  static let sample = Stat(
    czxid: Zxid(0x100000002), mzxid: Zxid(0x100000005), ctime: 0x1a2_0ae05908,
    mtime: 0x1a2_0ae05945, version: 1, cversion: -2, aversion: 3,
    ephemeralOwner: SessionID(0x1000019a29b0000), dataLength: 4, numChildren: 5,
    pzxid: Zxid(0x100000006))

  static let sampleHex = """
    0000000100000002 0000000100000005 000001a20ae05908 000001a20ae05945 \
    00000001 fffffffe 00000003 01000019a29b0000 00000004 00000005 0000000100000006
    """
}
