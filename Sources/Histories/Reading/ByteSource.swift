/// Bytes that come in pieces, and the place of the next one.
struct ByteSource {
  private let more: () throws -> [UInt8]
  private var piece: [UInt8] = []
  private var index = 0
  private var isOver = false
  private(set) var line = 1
  private(set) var column = 1

  /// Bytes from a function that gives them piece by piece, and nothing at the end.
  init(_ more: @escaping () throws -> [UInt8]) { self.more = more }

  /// The bytes of a text.
  init(_ text: String) {
    more = { [] }
    piece = Array(text.utf8)
  }

  /// What is there already, without what is to come.
  mutating func beginning() throws -> ByteSource {
    _ = try peek()
    var beginning = ByteSource("")
    beginning.piece = piece
    beginning.index = index
    return beginning
  }

  /// The next byte; nil at the end.
  mutating func peek() throws -> UInt8? {
    if index < piece.count { return piece[index] }
    if isOver { return nil }
    piece = try more()
    index = 0
    isOver = piece.isEmpty
    return piece.first
  }

  /// Takes the next byte.
  mutating func next() throws -> UInt8? {
    guard let byte = try peek() else { return nil }
    index += 1
    if byte == UInt8(ascii: "\n") {
      line += 1
      column = 1
    } else {
      column += 1
    }
    return byte
  }

  func error(_ reason: HistoryError.Reason) -> HistoryError { HistoryError(line, column, reason) }

  /// A mistake at the next byte.
  mutating func expected(_ what: String) -> HistoryError {
    guard let byte = try? peek() else { return error(.expected(what, found: "the end")) }
    let isPlain = (0x21...0x7E).contains(byte)
    let found = isPlain ? "'\(Character(UnicodeScalar(byte)))'" : "byte \(byte)"
    return error(.expected(what, found: byte == 10 ? "the end of the line" : found))
  }
}
