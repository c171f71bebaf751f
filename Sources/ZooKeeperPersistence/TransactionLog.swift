internal import NIOCore
package import ZooKeeper
internal import ZooKeeperWire

/// Writes transactions to log files, the newest of which grows.
///
/// A file is made ready before it is needed: with its header and zeros behind it, so that a later
/// write changes no length and no block that the file system would have to note. It is called
/// `log.` and the first transaction's zxid, in hexadecimal, when that is known.
///
/// Nothing may be told of a transaction before ``synchronize()`` has returned. After an error the
/// log must not be used any more: what the disk holds then is not known, and writing again does
/// not tell.
public struct TransactionLog<Disk: FileSystem>: Sendable {
  /// The bytes by which a file is lengthened.
  public let step: Int
  private let disk: Disk
  private let folder: String
  private let rules: Set<Rule>
  /// The file that grows; nil until something is written.
  private var current: Segment?
  /// The file that will be the next.
  private var ready: Segment?
  /// How many bytes of records the current file has.
  public private(set) var size = 0

  /// What is being made ready: another file, or the one of this number.
  private var preparing: (isMaking: Bool, of: Int?)?
  /// How many files were begun.
  private var made = 0
  /// The current file could not be lengthened.
  private var isShort = false
  /// The last time that space was to be made there was none.
  private var lacksSpace = false

  fileprivate struct Segment: Sendable {
    let number: Int
    let file: Disk.File
    /// Where the next record goes.
    var position: Int
    /// Up to where the file is filled.
    var filled: Int
  }

  /// A log in a folder in which others may lie.
  ///
  /// - Parameter step: How many bytes of zeros are written at a time ahead of the records.
  public init(_ disk: Disk, folder: String, step: Int = 4 << 20) {
    self.init(disk, folder: folder, step: step, rules: Set(Rule.allCases))
  }

  package init(_ disk: Disk, folder: String, step: Int, rules: Set<Rule>) {
    self.disk = disk
    self.folder = folder
    self.step = max(step, 1)
    self.rules = rules
  }

  /// The name that a file has until it has a transaction; Apache's server does not look at it.
  static var readyName: String { "next.log" }

  // MARK: Space

  /// What makes space, and can be done while others write: a file that is made, or a part of one
  /// that is filled with zeros.
  public struct Preparation: Sendable {
    fileprivate enum Work: Sendable {
      case making
      case filling(Disk.File, Range<Int>)
    }

    fileprivate let work: Work
    fileprivate let log: TransactionLog<Disk>

    /// Does it, and waits until it is stable: so nobody who synchronizes the file waits for that.
    public func perform() throws -> Prepared {
      switch work {
      case .making: return Prepared(made: try log.makeReady(), filled: nil)
      case .filling(let file, let range):
        var place = range.lowerBound
        while place < range.upperBound {
          let end = min(place + TransactionLog.portion, range.upperBound)
          try file.write(ByteBuffer(repeating: 0, count: end - place), at: place)
          try file.synchronize()
          place = end
        }
        return Prepared(made: nil, filled: range)
      }
    }
  }

  /// Space that was made.
  public struct Prepared: Sendable {
    fileprivate let made: Segment?
    fileprivate let filled: Range<Int>?
  }

  /// So many bytes are filled between two synchronizations.
  private static var portion: Int { 1 << 18 }

  /// Whether it is time to make space.
  public var isLow: Bool {
    guard preparing == nil else { return false }
    return ready == nil || current.map { $0.filled - $0.position < step / 2 } == true
  }

  /// Whether as many bytes can be written now: not where zeros are about to be.
  public func hasSpace(_ count: Int) -> Bool {
    guard let preparing else { return true }
    guard let current else { return ready != nil }
    return preparing.isMaking || current.position + count <= current.filled
  }

  /// Begins to make space; nil if there is enough, or somebody makes some already.
  public mutating func beginPreparation() -> Preparation? {
    guard isLow else { return nil }
    guard ready != nil, let segment = current else {
      preparing = (isMaking: true, of: nil)
      return Preparation(work: .making, log: self)
    }
    let end = segment.filled + step - segment.filled % step
    preparing = (isMaking: false, of: segment.number)
    return Preparation(work: .filling(segment.file, segment.filled..<end), log: self)
  }

  /// Ends what was begun.
  public mutating func endPreparation(_ prepared: Prepared) {
    let number = preparing?.of
    preparing = nil
    lacksSpace = false
    if let made = prepared.made { ready = made }
    // Another file may have taken the place of the one that was filled.
    if prepared.filled != nil { isShort = false }
    if let filled = prepared.filled, let segment = current, segment.number == number {
      current?.filled = max(segment.filled, filled.upperBound)
    }
  }

  /// Ends what was begun and has failed: who waits for it goes on, and meets the disk's error.
  public mutating func abandonPreparation() {
    lacksSpace = true
    if preparing?.isMaking == false { isShort = true }
    preparing = nil
  }

  /// Whether there is a next file, as far as is known, or room to make it.
  public var canRoll: Bool { ready != nil || !lacksSpace }

  /// Whether the current file has no room for so many bytes, the disk none to lengthen it, and the
  /// next file has some: then it is time to ``roll()``.
  public func shouldRoll(for count: Int) -> Bool {
    guard isShort, ready != nil, let current else { return false }
    return current.position + count > current.filled
  }

  /// Makes the next file ready, and fills the current one ahead, if there is nobody else.
  public mutating func prepare() throws {
    while let preparation = beginPreparation() {
      do {
        endPreparation(try preparation.perform())
      } catch {
        abandonPreparation()
        throw error
      }
    }
  }

  private func makeReady() throws -> Segment {
    let path = "\(folder)/\(Self.readyName)"
    let file = try disk.create(path)
    var bytes = LogFile.header
    bytes.writeRepeatingByte(0, count: step - LogFile.headerSize % step)
    do {
      try file.write(bytes, at: 0)
      try file.synchronize()
    } catch {
      // Zeros take the room that the current file may need.
      try? disk.remove(path)
      throw error
    }
    return Segment(
      number: made, file: file, position: LogFile.headerSize, filled: bytes.readableBytes)
  }

  // MARK: Records

  /// A batch of transactions as it stands in the file.
  static func encoded(_ batch: [LoggedTransaction]) -> ByteBuffer {
    var bytes = ByteBuffer()
    for logged in batch { write(logged, to: &bytes) }
    return bytes
  }

  /// Writes a batch of transactions behind those before.
  public mutating func append(_ batch: [LoggedTransaction]) throws {
    try append(Self.encoded(batch), from: batch.first?.transaction.zxid)
  }

  /// Writes bytes that ``encoded(_:)`` has made of a batch that begins with this zxid.
  mutating func append(_ bytes: ByteBuffer, from zxid: Zxid?) throws {
    guard let zxid else { return }
    try begin(zxid)
    guard var segment = current else { return }
    try segment.file.write(bytes, at: segment.position)
    segment.position += bytes.readableBytes
    segment.filled = max(segment.filled, segment.position)
    size += bytes.readableBytes
    current = segment
  }

  private mutating func begin(_ zxid: Zxid) throws {
    guard current == nil else { return }
    let segment = try ready ?? makeReady()
    ready = nil
    made += 1
    let path = "\(folder)/log.\(zxid.fileSuffix)"
    try disk.rename("\(folder)/\(Self.readyName)", to: path)
    segment.file.renamed(to: path)
    if rules.contains(.logNameSynchronized) { try disk.synchronize(folder: folder) }
    current = segment
    size = 0
  }

  /// A record as it stands in the file.
  static func write(_ logged: LoggedTransaction, to bytes: inout ByteBuffer) {
    let start = bytes.writerIndex
    bytes.writeRepeatingByte(0, count: LogFile.prefixSize)
    logged.write(to: &bytes)
    let length = bytes.writerIndex - start - LogFile.prefixSize
    let sum = bytes.withUnsafeReadableBytes {
      Adler32.of(UnsafeRawBufferPointer(rebasing: $0.suffix(length)))
    }
    bytes.setInteger(UInt64(sum), at: start)
    bytes.setInteger(Int32(clamping: length), at: start + 8)
    bytes.writeInteger(LogFile.endOfRecord)
  }

  /// Waits until all that was written is stable.
  public func synchronize() throws {
    if rules.contains(.batchSynchronized) { try current?.file.synchronize() }
  }

  /// Ends the current file: what is written next goes to another one.
  public mutating func roll() throws {
    guard let segment = current else { return }
    try segment.file.truncate(to: segment.position)
    current = nil
    size = 0
    isShort = false
  }
}

extension Zxid {
  /// As it stands in the names of files.
  package var fileSuffix: String { String(UInt64(bitPattern: rawValue), radix: 16) }

  /// The zxid in the name of a file of this kind (`log`, `snapshot`); nil for another name.
  package init?(fileName: String, kind: String) {
    let parts = fileName.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count == 2, parts[0] == kind, let bits = UInt64(parts[1], radix: 16),
      !parts[1].hasPrefix("+")
    else { return nil }
    self.init(Int64(bitPattern: bits))
  }
}
