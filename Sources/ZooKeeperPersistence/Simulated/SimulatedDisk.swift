package import NIOCore
internal import Synchronization

/// A disk that forgets what was not synchronized, as real ones do when the power goes.
///
/// Of the writes to a file since it was last synchronized a loss of power keeps some of the first,
/// and of the next one some sectors. Names are kept apart: of what was done to a folder since it
/// was synchronized, anything survives, whatever became of the files.
///
/// It can be told to stop after so many calls, each of which counts: then all fail, as if the
/// process had died in the middle of what it was doing.
package final class SimulatedDisk: FileSystem {
  /// How the power goes.
  package enum Outage: Hashable, Sendable, CaseIterable {
    /// It does not, only the process dies: all that was written is there.
    case none
    /// Of the write that was under way the first sectors are there.
    case ordered
    /// Of the write that was under way any sectors are there.
    case scattered
  }

  /// The process has died.
  package struct Stopped: Error {}

  private let state = Mutex(State())

  /// Sectors are written whole or not at all.
  package static let sector = 512

  /// An empty disk.
  package init() {}

  private struct State {
    /// The files, by number; a file without a name is kept until the power goes.
    var files: [Int: Stored] = [:]
    var names = Names()
    var stableNames = Names()
    /// What was done to names since their folder was synchronized.
    var renamings: [(inout Names) -> Void] = []
    var callsLeft = Int.max
    var calls = 0
    var nextFile = 0
    /// Files that are held by a process that has died are not written any more.
    var life = 0
  }

  private typealias Names = [String: Int]

  fileprivate struct Stored {
    var bytes: [UInt8] = []
    var stable: [UInt8] = []
    var unstable: [Change] = []
  }

  fileprivate enum Change {
    case write([UInt8], at: Int)
    case truncation(Int)

    func apply(to bytes: inout [UInt8]) {
      switch self {
      case .truncation(let length):
        if length < bytes.count { bytes.removeSubrange(length...) }
      case .write(let new, let offset):
        let end = offset + new.count
        if bytes.count < end { bytes += [UInt8](repeating: 0, count: end - bytes.count) }
        bytes.replaceSubrange(offset..<end, with: new)
      }
    }
  }

  // MARK: Disasters

  /// How many calls there were since the process began.
  package var calls: Int { state.withLock { $0.calls } }

  /// Lets so many more calls succeed.
  package func stop(after calls: Int) { state.withLock { $0.callsLeft = calls } }

  /// The process has ended, and perhaps the power went; another one begins.
  package func restart(_ outage: Outage, _ random: inout some RandomNumberGenerator) {
    state.withLock { state in
      state.life += 1
      state.calls = 0
      state.callsLeft = .max
      guard outage != .none else { return }
      var names = state.stableNames
      for change in state.renamings where Bool.random(using: &random) { change(&names) }
      state.renamings = []
      state.names = names
      state.stableNames = names
      for number in state.files.keys.sorted() {
        state.files[number]?.lose(outage, &random)
        if !names.values.contains(number) { state.files[number] = nil }
      }
    }
  }

  /// Changes a byte of a file, as time does.
  package func rot(_ path: String, at offset: Int, _ bits: UInt8) {
    state.withLock { state in
      guard let number = state.names[path], let file = state.files[number],
        file.bytes.indices.contains(offset)
      else { return }
      state.files[number]?.bytes[offset] ^= bits
      if file.stable.indices.contains(offset) { state.files[number]?.stable[offset] ^= bits }
    }
  }

  // MARK: Files

  private func call<R: Sendable>(
    in life: Int? = nil, _ body: (inout State) throws -> sending R
  ) throws -> R {
    try state.withLock { state in
      guard state.callsLeft > 0, life == nil || life == state.life else { throw Stopped() }
      state.callsLeft -= 1
      state.calls += 1
      return try body(&state)
    }
  }

  private static func missing(_ path: String) -> StorageError {
    StorageError(.system("there is no such file"), in: path)
  }

  package func names(in folder: String) throws -> [String] {
    try call { state in
      state.names.keys.filter { $0.hasPrefix(folder + "/") }
        .map { String($0.dropFirst(folder.count + 1)) }
    }
  }

  package func contents(of path: String) throws -> ByteBuffer {
    try call { state in
      guard let number = state.names[path], let file = state.files[number] else {
        throw Self.missing(path)
      }
      return ByteBuffer(bytes: file.bytes)
    }
  }

  package func create(_ path: String) throws -> File {
    try call { state in
      if let number = state.names[path] {
        // It is the same file, emptied.
        state.files[number]?.note(.truncation(0))
        return File(disk: self, number: number, life: state.life)
      }
      let number = state.nextFile
      state.nextFile += 1
      state.files[number] = Stored()
      Self.change(&state) { $0[path] = number }
      return File(disk: self, number: number, life: state.life)
    }
  }

  package func open(_ path: String) throws -> File {
    try call { state in
      guard let number = state.names[path] else { throw Self.missing(path) }
      return File(disk: self, number: number, life: state.life)
    }
  }

  package func rename(_ path: String, to newPath: String) throws {
    try call { state in
      guard state.names[path] != nil else { throw Self.missing(path) }
      Self.change(&state) { names in
        // Where the making of the file was lost there is nothing that could get a new name.
        if let number = names.removeValue(forKey: path) { names[newPath] = number }
      }
    }
  }

  package func remove(_ path: String) throws {
    try call { state in
      guard state.names[path] != nil else { throw Self.missing(path) }
      Self.change(&state) { $0[path] = nil }
    }
  }

  private static func change(_ state: inout State, _ change: @escaping (inout Names) -> Void) {
    change(&state.names)
    state.renamings.append(change)
  }

  package func synchronize(folder: String) throws {
    try call { state in
      state.stableNames = state.names
      state.renamings = []
    }
  }

  /// A file of a simulated disk.
  package struct File: WritableFile {
    fileprivate let disk: SimulatedDisk
    fileprivate let number: Int
    fileprivate let life: Int

    package func write(_ bytes: ByteBuffer, at offset: Int) throws {
      let bytes = Array(bytes.readableBytesView)
      try disk.call(in: life) { $0.files[number]?.note(.write(bytes, at: offset)) }
    }

    package func truncate(to length: Int) throws {
      try disk.call(in: life) { $0.files[number]?.note(.truncation(length)) }
    }

    package func synchronize() throws {
      try disk.call(in: life) { state in
        guard let file = state.files[number] else { return }
        state.files[number]?.stable = file.bytes
        state.files[number]?.unstable = []
      }
    }
  }
}

extension SimulatedDisk.Stored {
  fileprivate mutating func note(_ change: SimulatedDisk.Change) {
    change.apply(to: &bytes)
    unstable.append(change)
  }

  fileprivate mutating func lose(
    _ outage: SimulatedDisk.Outage, _ random: inout some RandomNumberGenerator
  ) {
    bytes = stable
    let kept = Int.random(in: 0...unstable.count, using: &random)
    for change in unstable[..<kept] { change.apply(to: &bytes) }
    if kept < unstable.count, case .write(let new, let offset) = unstable[kept] {
      tear(new, at: offset, outage, &random)
    }
    stable = bytes
    unstable = []
  }

  /// Writes some of the sectors of a write.
  private mutating func tear(
    _ new: [UInt8], at offset: Int, _ outage: SimulatedDisk.Outage,
    _ random: inout some RandomNumberGenerator
  ) {
    let sector = SimulatedDisk.sector
    var start = 0
    while start < new.count {
      let end = min(new.count, (offset + start) / sector * sector + sector - offset)
      if Bool.random(using: &random) {
        SimulatedDisk.Change.write(Array(new[start..<end]), at: offset + start).apply(to: &bytes)
      } else if outage == .ordered {
        return
      }
      start = end
    }
  }
}
