import NIOCore
import Synchronization
import ZooKeeperPersistence

/// A simulated disk that does something before each write, and may refuse it.
final class WatchedDisk: FileSystem {
  let disk = SimulatedDisk()
  /// The paths of which files were told that they are theirs now.
  let renamed = Mutex<[String]>([])
  let beforeWrite = Mutex<(@Sendable (ByteBuffer) throws -> Void)?>(nil)

  struct File: WritableFile {
    let file: SimulatedDisk.File
    let disk: WatchedDisk

    func write(_ bytes: ByteBuffer, at offset: Int) throws {
      try disk.beforeWrite.withLock(\.self)?(bytes)
      try file.write(bytes, at: offset)
    }
    func truncate(to length: Int) throws { try file.truncate(to: length) }
    func synchronize() throws { try file.synchronize() }
    func renamed(to path: String) { disk.renamed.withLock { $0.append(path) } }
  }

  func names(in folder: String) throws -> [String] { try disk.names(in: folder) }
  func contents(of path: String) throws -> ByteBuffer { try disk.contents(of: path) }
  func create(_ path: String) throws -> File { File(file: try disk.create(path), disk: self) }
  func open(_ path: String) throws -> File { File(file: try disk.open(path), disk: self) }
  func rename(_ path: String, to newPath: String) throws { try disk.rename(path, to: newPath) }
  func remove(_ path: String) throws { try disk.remove(path) }
  func synchronize(folder: String) throws { try disk.synchronize(folder: folder) }

  /// From now on there is no room for zeros, by which files grow.
  func isFull() {
    beforeWrite.withLock {
      $0 = { bytes in
        let zeros = bytes.readableBytesView.count { $0 == 0 }
        guard zeros > bytes.readableBytes / 2 else { return }
        throw SystemCallError("write", "a file", number: 28)  // ENOSPC
      }
    }
  }

  /// Does something the next time before nothing but zeros are written, and not again.
  func onceBeforeZeros(_ action: @escaping @Sendable () throws -> Void) {
    beforeWrite.withLock {
      $0 = { [self] bytes in
        guard bytes.readableBytesView.allSatisfy({ $0 == 0 }) else { return }
        beforeWrite.withLock { $0 = nil }
        try action()
      }
    }
  }
}
