public import ZooKeeper

/// Why a data directory cannot be served from: which file, where in it, and what is wrong there.
public struct StorageError: Error, Hashable, Sendable {
  /// What is wrong, closed.
  public enum Reason: Hashable, Sendable {
    /// The file does not begin as such files do.
    case magic
    /// The file ends before what it has to hold.
    case truncated(String)
    /// The bytes are not those of which the checksum was made.
    case checksum(written: UInt64, counted: UInt32)
    /// A record has the length 0 and yet something stands behind it.
    case zeroLength(dataAt: Int)
    /// A record is not whole, and yet something stands behind it.
    case unfinished(dataAt: Int)
    /// A record has a length that cannot be.
    case length(Int32)
    /// A record whose checksum is right cannot be read.
    case unreadable(String)
    /// A transaction does not follow the one before.
    case order(Zxid, after: Zxid)
    /// A log holds transactions, and there is no snapshot that they follow.
    case noSnapshot
    /// What was stored makes no tree.
    case tree(String)
    /// A file lies in the folder of the other kind.
    case misplaced
    /// A snapshot is compressed, and nothing else holds what it holds.
    case compressed
    /// A file is larger than what can be read at once, in bytes.
    case tooLarge(Int)
    /// Somebody else serves from this folder.
    case locked
    /// The operating system says no.
    case system(String)
  }

  /// The file's path; that of a folder if it is about that.
  public var file: String
  /// Where in it, in bytes; nil if it is about the whole file.
  public var offset: Int?
  /// What is wrong.
  public var reason: Reason
  /// What whoever operates the server can do, closed.
  public enum WayOut: Hashable, Sendable {
    /// Cut the log there, with so many whole transactions behind the place, up to a zxid, if any.
    case cut(Cut, lost: Int, upTo: Zxid)
    /// Write the header of a log anew.
    case header
    /// Trust that the logs begin with the first transaction, without snapshots: the ones of these
    /// names cannot be read.
    case trustingLogs(unreadable: [String])
  }

  /// What can be done about it; nil if only a copy from elsewhere helps.
  public var wayOut: WayOut?

  /// The error of this reason at this place.
  public init(_ reason: Reason, in file: String, at offset: Int? = nil) {
    self.file = file
    self.offset = offset
    self.reason = reason
  }
}

extension StorageError: CustomStringConvertible {
  /// The place, then the fault: `log.5, byte 1040: a checksum of …`.
  public var description: String {
    file + (offset.map { ", byte \($0)" } ?? "") + ": \(reason)"
      + (wayOut.map { $0.words(file).map { "\n  " + $0 }.joined() } ?? "")
  }

  func withWayOut(_ wayOut: WayOut) -> StorageError {
    var error = self
    error.wayOut = wayOut
    return error
  }

  /// Whether a file is, or would be, too large; none has changed then.
  public var isOfSize: Bool { if case .tooLarge = reason { true } else { false } }

  /// Whether it is about a record that is not as it was written.
  var isOfOneRecord: Bool {
    switch reason {
    case .checksum, .zeroLength, .unfinished, .length: true
    case .magic, .truncated, .unreadable, .order, .noSnapshot, .tree, .misplaced, .compressed,
      .tooLarge, .locked, .system:
      false
    }
  }
}

extension StorageError.WayOut {
  /// In lines.
  fileprivate func words(_ file: String) -> [String] {
    switch self {
    case .cut(let cut, 0, _):
      [
        "If the power went while this was written, nobody was told of what stands from there on:",
        "--cut-log \(cut) puts it aside and serves what comes before.",
      ]
    case .cut(let cut, let lost, let last):
      [
        "Behind it there are \(lost) whole transactions, up to zxid \(last). Clients were told of",
        "them, unless all were one batch, being written when the power went: so this is a damaged",
        "disk rather, and a copy of the file from elsewhere is the better way.",
        "--cut-log \(cut) loses these \(lost): it puts what stands from there on into",
        "cut-off-\(cut.offset).\(cut.file), which no server reads, and serves what comes before.",
        "With the 16 bytes of a log's header before it, Apache's zkTxnLogToolkit.sh reads it.",
      ]
    case .header:
      [
        "By its name it is a log of transactions. If only the 16 bytes of its header are damaged,",
        "they can be written anew, on a copy first; they are the same in every log:",
        "printf 'ZKLG\\0\\0\\0\\2\\0\\0\\0\\0\\0\\0\\0\\0' | dd of='\(file)' conv=notrunc",
        "If it is another file, move it away: transactions that were in its place will be missed.",
      ]
    case .trustingLogs(let unreadable) where unreadable.isEmpty:
      [
        "The logs begin with the first transaction, and need no snapshot:",
        "start with snapshot.trust.empty=true in zoo.cfg, this once.",
      ]
    case .trustingLogs(let unreadable):
      [
        "The logs begin with the first transaction, and need no snapshot: move those that cannot",
        "be read out of the folder,",
      ] + unreadable.map { "  " + $0 } + [
        "and start with snapshot.trust.empty=true in zoo.cfg, this once."
      ]
    }
  }
}

extension StorageError.Reason: CustomStringConvertible {
  /// The fault in words.
  public var description: String {
    switch self {
    case .magic: "it does not begin as such a file does"
    case .truncated(let part): "it ends within \(part)"
    case .checksum(let written, let counted):
      "the checksum is 0x\(String(written, radix: 16)), that of the bytes is "
        + "0x\(String(counted, radix: 16))"
    case .zeroLength(let place): "a record of no length, and data behind it, at byte \(place)"
    case .unfinished(let place): "a record that is not whole, and data behind it, at byte \(place)"
    case .length(let length): "a record of \(length) bytes"
    case .unreadable(let why): "a record that cannot be read: \(why)"
    case .order(let zxid, let last): "transaction \(zxid) follows \(last)"
    case .noSnapshot: "a log of transactions, and no snapshot that they follow"
    case .tree(let why): "what is stored makes no tree: \(why)"
    case .misplaced:
      "it lies where files of the other kind lie; dataDir or dataLogDir is not what it was"
    case .compressed:
      "a compressed snapshot, which is not read here, and nothing else holds the same"
    case .tooLarge(let size): "\(size) bytes, which is more than can be read"
    case .locked: "somebody else serves from this folder"
    case .system(let words): words
    }
  }
}

/// What was found when a data directory was opened, and has been put right or can be lived with.
public enum RecoveryNote: Hashable, Sendable {
  /// The last record of the newest log was not whole; it was cut off, from this byte on.
  case cut(file: String, offset: Int, bytes: Int)
  /// The newest log was cut from this byte on, as ``Recovery/Options/cut`` says; what stood there
  /// is in another file.
  case cutByOrder(file: String, offset: Int, kept: String)
  /// An older log ends with a record that is not whole; the next log goes on where it stops.
  case unfinished(file: String, offset: Int)
  /// The newest log held nothing, not even a header; it is gone.
  case blank(file: String)
  /// A snapshot cannot be used, an older one is.
  case skippedSnapshot(StorageError)
  /// After this transaction the tree is not the one that the log's writer had.
  case digest(zxid: Zxid, written: UInt64, counted: UInt64)
  /// Nothing was cut, though ``Recovery/Options/cut`` says so, for this reason.
  case notCut(Cut, NotCut)
  /// A session that is not open owned nodes; they are gone.
  case endedOwner(SessionID)
  /// A transaction of the log cannot be applied, and so many from it on; the first says why.
  case unapplied(Zxid, ErrorCode, count: Int)
}

/// Why a log was not cut where whoever operates the server has said so.
public enum NotCut: Hashable, Sendable {
  /// There is no such log.
  case missing
  /// It is not the newest, which is this one.
  case older(newest: String)
  /// All of it can be read.
  case whole
}

extension RecoveryNote: CustomStringConvertible {
  /// A sentence for the log.
  public var description: String {
    switch self {
    case .cut(let file, let offset, let bytes):
      "\(file), byte \(offset): the last record is not whole; \(bytes) bytes were cut off"
    case .cutByOrder(let file, let offset, let kept):
      "\(file), byte \(offset): cut as --cut-log says; what stood from there on is in \(kept)"
    case .notCut(let cut, let why): "--cut-log \(cut): nothing was cut; \(why)"
    case .unfinished(let file, let offset):
      "\(file), byte \(offset): the last record is not whole; the next log goes on before it"
    case .blank(let file): "\(file): it held nothing, and was taken away"
    case .skippedSnapshot(let error): "\(error); an older snapshot is used"
    case .digest(let zxid, let written, let counted):
      "after transaction \(zxid) the stored digest of the tree is \(written), ours \(counted)"
    case .endedOwner(let session): "session \(session) owned nodes and is not open; they are gone"
    case .unapplied(let zxid, let error, let count):
      "transaction \(zxid) of the log cannot be applied: \(error)"
        + (count > 1 ? "; nor can \(count - 1) behind it" : "")
        + ". The snapshot is not the one that the log follows, or was written while nodes changed"
    }
  }
}

extension NotCut: CustomStringConvertible {
  /// The reason in words.
  public var description: String {
    switch self {
    case .missing: "there is no such log"
    case .older(let newest): "only the newest log is, and that is \(newest)"
    case .whole: "the log can be read to its end"
    }
  }
}
