internal import NIOCore
internal import ZooKeeper
internal import ZooKeeperWire

/// The bytes of a transaction log, read record by record.
///
/// | offset | size | meaning                                         |
/// | ------ | ---- | ----------------------------------------------- |
/// | 0      | 4    | `ZKLG`                                          |
/// | 4      | 4    | 2, the version                                  |
/// | 8      | 8    | 0, the database                                 |
/// | 16     | 8    | the Adler-32 of the record                      |
/// | 24     | 4    | n, the length of the record; 0 after the last   |
/// | 28     | n    | the record, a ``LoggedTransaction``             |
/// | 28 + n | 1    | `B`                                             |
///
/// and so on from offset 29 + n. The file is longer than its records; the rest is zeros.
///
/// A record that is not whole is what a loss of power leaves of a batch that nobody was told of.
/// It can only be the last one of the newest log: so where anything but zeros stands behind it, or
/// a whole record within it, or where it has its end and all its sectors, something else has
/// happened, and it is an error. Apache's server ends
/// its reading at a record of no length or without a `B`, wherever that is.
///
/// Source: Apache ZooKeeper, `FileTxnLog`.
struct LogFile {
  static let magic: Int32 = 0x5A4B_4C47
  static let version: Int32 = 2
  static let headerSize = 16
  /// A checksum and a length.
  static let prefixSize = 12
  /// What a disk writes whole or not at all, in bytes.
  static let sector = 512
  /// What stands behind each record.
  static let endOfRecord = UInt8(ascii: "B")

  let name: String
  /// Where the next record begins.
  private(set) var position = LogFile.headerSize
  private let bytes: ByteBuffer
  private let rules: Set<Rule>

  /// The end of the records, and what stands there that is not whole.
  struct End: Hashable {
    let position: Int
    /// How many bytes of a record that is not whole.
    let unfinished: Int
  }

  /// - Throws: A `StorageError` if it is no log.
  init(_ bytes: ByteBuffer, name: String, rules: Set<Rule>) throws(StorageError) {
    self.name = name
    self.bytes = bytes
    self.rules = rules
    guard bytes.readableBytes >= LogFile.headerSize else {
      throw StorageError(.truncated("its header"), in: name)
    }
    guard bytes.getInteger(at: 0, as: Int32.self) == LogFile.magic else {
      throw StorageError(.magic, in: name, at: 0)
    }
  }

  /// The bytes that a log begins with.
  static var header: ByteBuffer {
    var bytes = ByteBuffer()
    bytes.writeInteger(magic)
    bytes.writeInteger(version)
    bytes.writeInteger(Int64(0))
    return bytes
  }

  /// Whether nothing was ever written to it that is stable, not even a header.
  static func isBlank(_ bytes: ByteBuffer) -> Bool {
    bytes.readableBytes < headerSize || firstData(in: bytes, from: 0) == nil
  }

  // MARK: Records

  /// The next record; nil at the end, of which ``end()`` tells more.
  mutating func next() throws(StorageError) -> LoggedTransaction? {
    guard let extent = wholeRecord(at: position) else { return nil }
    guard let record = bytes.getSlice(at: extent.lowerBound, length: extent.count) else {
      return nil
    }
    do throws(WireError) {
      let logged = try LoggedTransaction(decoding: record, .lenient)
      position = extent.upperBound + 1
      return logged
    } catch {
      throw StorageError(
        .unreadable("\(error.reason)"), in: name, at: extent.lowerBound + error.offset)
    }
  }

  /// Looks at what stands behind the last record.
  ///
  /// - Throws: A `StorageError` if that is more than a record that was not finished.
  func end() throws(StorageError) -> End {
    let size = bytes.readableBytes
    guard let data = LogFile.firstData(in: bytes, from: position) else {
      return End(position: position, unfinished: 0)
    }
    guard rules.contains(.zerosBehind) else {
      return End(position: position, unfinished: size - position)
    }
    let length = bytes.getInteger(at: position + 8, as: Int32.self) ?? 0
    guard length >= 0 else { throw StorageError(.length(length), in: name, at: position) }
    // Of a record that has no length yet there may be a checksum.
    let extent = position + LogFile.prefixSize + (length == 0 ? 0 : Int(length) + 1)
    if let behind = LogFile.firstData(in: bytes, from: extent) {
      if length == 0 {
        throw StorageError(.zeroLength(dataAt: min(data, behind)), in: name, at: position)
      }
      throw fault(at: position, length: Int(length), behind: behind)
    }
    if length > 0, isFinished(position..<extent) {
      throw fault(at: position, length: Int(length), behind: extent)
    }
    if rules.contains(.lastRecordSearched), let inner = wholeRecord(within: extent) {
      throw StorageError(.unfinished(dataAt: inner), in: name, at: position)
    }
    return End(position: position, unfinished: min(size, extent) - position)
  }

  /// Why there is no whole record, and yet data behind it.
  private func fault(at position: Int, length: Int, behind: Int) -> StorageError {
    let start = position + LogFile.prefixSize
    if bytes.getInteger(at: start + length, as: UInt8.self) == LogFile.endOfRecord,
      let written = bytes.getInteger(at: position, as: UInt64.self),
      let counted = checksum(start, length)
    {
      return StorageError(.checksum(written: written, counted: counted), in: name, at: position)
    }
    return StorageError(.unfinished(dataAt: behind), in: name, at: position)
  }

  /// Whether a record has its end, and no sector of it is missing: then what is wrong with it was
  /// not left by a loss of power.
  ///
  /// A sector is written whole or not at all, over the zeros that were there before.
  private func isFinished(_ extent: Range<Int>) -> Bool {
    guard bytes.getInteger(at: extent.upperBound - 1, as: UInt8.self) == LogFile.endOfRecord else {
      return false
    }
    let sectors = extent.lowerBound / LogFile.sector...(extent.upperBound - 1) / LogFile.sector
    return sectors.allSatisfy { number in
      let sector = number * LogFile.sector..<(number + 1) * LogFile.sector
      let part = sector.clamped(to: extent)
      return LogFile.firstData(in: bytes, from: part.lowerBound).map { $0 < part.upperBound }
        ?? false
    }
  }

  // MARK: Parts

  /// The bytes of the record that begins here, if it is whole.
  private func wholeRecord(at place: Int) -> Range<Int>? {
    guard let (written, extent) = seeming(at: place) else { return nil }
    if rules.contains(.checksumCompared) {
      guard let counted = checksum(extent.lowerBound, extent.count), UInt64(counted) == written
      else { return nil }
    }
    return extent
  }

  /// The bytes of what would be the record that begins here, and its checksum as it stands there:
  /// it has a length and an end.
  private func seeming(at place: Int) -> (checksum: UInt64, Range<Int>)? {
    let start = place + LogFile.prefixSize
    guard let written = bytes.getInteger(at: place, as: UInt64.self),
      let length = bytes.getInteger(at: place + 8, as: Int32.self), length > 0,
      bytes.getInteger(at: start + Int(length), as: UInt8.self) == LogFile.endOfRecord
    else { return nil }
    return (written, start..<start + Int(length))
  }

  private func checksum(_ start: Int, _ length: Int) -> UInt32? {
    guard start + length <= bytes.readableBytes else { return nil }
    return bytes.withUnsafeReadableBytes {
      Adler32.of(UnsafeRawBufferPointer(rebasing: $0[start..<start + length]))
    }
  }

  /// Where a whole record begins behind the end of another within this one's extent: then its
  /// length is not the one that was written.
  ///
  /// - Complexity: O(*n*) in the bytes up to there, whatever they are.
  private func wholeRecord(within extent: Int) -> Int? {
    let start = position + LogFile.prefixSize
    let end = min(extent, bytes.readableBytes)
    guard start < end else { return nil }
    return bytes.withUnsafeReadableBytes { all in
      let isCompared = rules.contains(.checksumCompared)
      var sums: Adler32Sums?
      let found = (start..<end).first { place in
        guard all[place] == LogFile.endOfRecord,
          let (written, extent) = seeming(at: place + 1), written <= UInt32.max
        else { return false }
        guard isCompared else { return true }
        let made = sums ?? Adler32Sums(all)
        sums = made
        return made.checksum(extent, of: all) == written
      }
      return found.map { $0 + 1 }
    }
  }

  /// What is whole behind a record that is not: how many transactions, and the last one's zxid.
  ///
  /// - Complexity: O(*n*) in the bytes behind it, whatever they are.
  func survivors() -> (count: Int, last: Zxid)? {
    let size = bytes.readableBytes
    guard position < size else { return nil }
    return bytes.withUnsafeReadableBytes { all in
      let sums = Adler32Sums(all)
      var found: (count: Int, last: Zxid)?
      var place = position + 1
      while place < size {
        // A record begins behind the end of another, also of one that is damaged.
        guard all[place - 1] == LogFile.endOfRecord, let (written, extent) = seeming(at: place),
          written <= UInt32.max, sums.checksum(extent, of: all) == written,
          let record = bytes.getSlice(at: extent.lowerBound, length: extent.count),
          let logged = try? LoggedTransaction(decoding: record, .lenient)
        else {
          place += 1
          continue
        }
        found = ((found?.count ?? 0) + 1, logged.transaction.zxid)
        place = extent.upperBound + 1
      }
      return found
    }
  }

  /// The first byte from here on that is not zero.
  static func firstData(in bytes: ByteBuffer, from start: Int) -> Int? {
    bytes.withUnsafeReadableBytes { bytes in
      var place = max(0, start)
      while place + 8 <= bytes.count,
        bytes.loadUnaligned(fromByteOffset: place, as: UInt64.self) == 0
      {
        place += 8
      }
      while place < bytes.count {
        if bytes[place] != 0 { return place }
        place += 1
      }
      return nil
    }
  }
}
