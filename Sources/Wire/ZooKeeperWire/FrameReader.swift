public import NIOCore

/// Cuts a stream of bytes into frames.
///
/// | offset | size | meaning                                       |
/// | ------ | ---- | --------------------------------------------- |
/// | 0      | 4    | n, the number of bytes that follow, as an int |
/// | 4      | n    | the frame                                     |
///
/// The prefix is judged before the frame has arrived: a hostile length costs nothing. After an
/// error the stream has no frames any more and every call throws it again.
public struct FrameReader: Sendable {
  /// What Apache's server accepts from a client: `jute.maxbuffer`, 1,048,575 bytes.
  public static let serverLimit = 0xf_ffff
  /// What a client accepts unless told otherwise, 64 MiB.
  ///
  /// A server does not limit its replies, and a list of children grows well past what a client may
  /// send.
  public static let clientLimit = 64 << 20

  /// The longest frame that is accepted.
  public let limit: Int
  private var bytes = ByteBuffer()
  private var failure: WireError?

  /// A reader at the beginning of a stream.
  public init(limit: Int) { self.limit = limit }

  /// What has arrived and is not part of a frame yet.
  public var pending: ByteBuffer { bytes }

  /// Takes bytes from the stream, in any portions.
  public mutating func append(_ portion: ByteBuffer) {
    if bytes.readableBytes == 0 {
      bytes = portion
    } else {
      // Here and not in `next`: many short frames in one portion must not each move the rest.
      bytes.discardReadBytes()
      bytes.writeImmutableBuffer(portion)
    }
  }

  /// Gives the next frame without its prefix; `nil` if it has not arrived whole.
  ///
  /// - Throws: ``WireError/Reason/frameLength(_:limit:)`` for a length that is negative or above
  ///   the limit.
  public mutating func next() throws(WireError) -> ByteBuffer? {
    if let failure { throw failure }
    guard let length = bytes.getInteger(at: bytes.readerIndex, as: Int32.self) else { return nil }
    guard (0...limit).contains(Int(length)) else {
      let error = WireError(.frameLength(Int(length), limit: limit), at: 0)
      failure = error
      throw error
    }
    guard bytes.readableBytes >= 4 + Int(length) else { return nil }
    bytes.moveReaderIndex(forwardBy: 4)
    return bytes.readSlice(length: Int(length))
  }
}

extension ByteBuffer {
  /// Writes what `body` writes as one frame, after its length.
  ///
  /// - Returns: The length of the frame without its prefix.
  @discardableResult
  public mutating func writeFrame(_ body: (inout ByteBuffer) -> Void) -> Int {
    let prefix = writerIndex
    writeInteger(Int32(0))
    body(&self)
    let length = writerIndex - prefix - 4
    setInteger(Int32(clamping: length), at: prefix)
    return length
  }
}
