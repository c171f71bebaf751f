import NIOCore

extension ByteBuffer {
  /// The bytes that these hexadecimal digits spell; blanks are for the reader.
  init(hex: String) {
    let digits = hex.compactMap(\.hexDigitValue)
    self.init(
      bytes: stride(from: 0, to: digits.count, by: 2).map {
        UInt8(digits[$0] * 16 + digits[$0 + 1])
      })
  }

  /// What is readable, as hexadecimal digits.
  var hex: String {
    readableBytesView.map { byte in
      let digits = String(byte, radix: 16)
      return digits.count == 1 ? "0" + digits : digits
    }.joined()
  }
}
