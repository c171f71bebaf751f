import Foundation
import NIOCore
import Testing
import ZooKeeper
import ZooKeeperWire

/// Bytes at random, and recorded frames with bytes changed at random.
///
/// A run is its seed; `QUORATE_FUZZ_ROUNDS` makes each longer.
@Suite struct `Hostile bytes` {
  static let rounds =
    ProcessInfo.processInfo.environment["QUORATE_FUZZ_ROUNDS"].flatMap(Int.init) ?? 15

  @Test(arguments: 0..<8 as Range<UInt64>)
  func `No bytes trap, and what is read strictly is written back the same`(seed: UInt64) {
    var random = SplitMix(seed)
    let opcodes = Opcode.known + [Opcode(rawValue: 0), Opcode(rawValue: 107)]
    var tally = Tally()
    for _ in 0..<Self.rounds {
      let frame = random.bytes(upTo: 80)
      for opcode in opcodes { exercise(frame, opcode, &tally) }
      var changed = CapturedFrame.all[Int(random.next() % UInt64(CapturedFrame.all.count))].frame
      for _ in 0...(random.next() % 3) {
        changed.setInteger(random.byte(), at: random.below(max(changed.readableBytes, 1)))
      }
      exercise(changed, opcodes[random.below(opcodes.count)], &tally)
    }
    // Both happen: else nothing was tried.
    #expect(tally.read > 0 && tally.refused > 0)
  }

  /// How often something was read strictly, and how often not.
  private struct Tally {
    var read = 0
    var refused = 0
  }

  private func exercise(_ frame: ByteBuffer, _ opcode: Opcode, _ tally: inout Tally) {
    for reading in [Reading.lenient, .strict] {
      func judge(_ write: ((inout ByteBuffer) -> Void)?) {
        guard reading == .strict else { return }
        if let write { expectSame(frame, write) }
        tally.read += write == nil ? 0 : 1
        tally.refused += write == nil ? 1 : 0
      }
      var body = JuteReader(frame, reading)
      let request = try? Request.read(opcode, from: &body)
      judge(request.map { request in { request.writeBody(to: &$0) } })
      body = JuteReader(frame, reading)
      let answer = try? Answer.read(opcode, from: &body)
      judge(answer.map { answer in { answer.writeBody(to: &$0) } })
      let whole = try? ClientFrame(decoding: frame, reading)
      if whole?.refusal == nil {
        judge(
          whole.map { whole in
            { bytes in
              whole.write(to: &bytes)
              bytes.moveReaderIndex(forwardBy: 4)
            }
          })
      }
      _ = try? ServerFrame(decoding: frame, reading) { _ throws(WireError) in opcode }
      let hello = try? ConnectRequest(decoding: frame, reading)
      judge(hello.map { hello in { hello.write(to: &$0) } })
      let response = try? ConnectResponse(decoding: frame, reading)
      judge(response.map { response in { response.write(to: &$0) } })
    }
  }

  private func expectSame(_ frame: ByteBuffer, _ write: (inout ByteBuffer) -> Void) {
    var bytes = ByteBuffer()
    write(&bytes)
    if bytes != frame { Issue.record("read as \(frame.hex), written as \(bytes.hex)") }
  }

  @Test(arguments: 0..<8 as Range<UInt64>)
  func `No stream traps the framing`(seed: UInt64) {
    var random = SplitMix(seed)
    var (whole, broken) = (0, 0)
    for _ in 0..<Self.rounds {
      var reader = FrameReader(limit: 64)
      for _ in 0..<5 {
        var portion = random.bytes(upTo: 12)
        // A length that fits, more often than chance gives one.
        if random.below(2) == 0 { portion.setInteger(Int32(random.below(16)), at: 0) }
        reader.append(portion)
        do throws(WireError) {
          while let frame = try reader.next() {
            #expect(frame.readableBytes <= 64)
            whole += 1
          }
        } catch {
          broken += 1
          // There are no frames behind it, whatever comes.
          reader.append(ByteBuffer(repeating: 0, count: 8))
          #expect(throws: error) { try reader.next() }
        }
      }
      #expect(reader.pending.readableBytes <= 5 * (16 + 8))
    }
    #expect(whole > 0 && broken > 0)
  }
}

/// A source of numbers that a seed determines.
///
/// Source: Steele, Lea and Flood, 2014.
struct SplitMix {
  private var state: UInt64

  init(_ seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var z = state
    z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
    return z ^ (z >> 31)
  }

  mutating func below(_ bound: Int) -> Int { Int(next() % UInt64(bound)) }

  /// Mostly the bytes that lengths and counts are made of.
  mutating func byte() -> UInt8 {
    switch next() % 4 {
    case 0: 0
    case 1: 0xff
    case 2: UInt8(next() % 8)
    default: UInt8(truncatingIfNeeded: next())
    }
  }

  mutating func bytes(upTo count: Int) -> ByteBuffer {
    var bytes = ByteBuffer()
    for _ in 0..<below(count + 1) { bytes.writeInteger(byte()) }
    return bytes
  }
}
