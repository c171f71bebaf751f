internal import Foundation
public import NIOCore
internal import Synchronization

/// What the operating system says against a call, and on which file.
public struct SystemCallError: Error, CustomStringConvertible {
  /// The call's name.
  public let call: String
  /// The file's path.
  public let path: String
  /// The number of the error, `ENOSPC`.
  public let number: Int32

  package init(_ call: String, _ path: String, number: Int32 = errno) {
    self.call = call
    self.path = path
    self.number = number
  }

  /// Whether there is no room on the disk, or no descriptor.
  public var isShortage: Bool { [ENOSPC, EDQUOT, EMFILE, ENFILE].contains(number) }

  /// The call, the file, and the system's words.
  public var description: String { "\(call) \(path): \(String(cString: strerror(number)))" }
}

/// The files of this machine.
public struct LocalFileSystem: FileSystem {
  /// The machine's files.
  public init() {}

  /// The names in a folder.
  public func names(in folder: String) throws -> [String] {
    guard let stream = opendir(folder) else { throw SystemCallError("opendir", folder) }
    defer { closedir(stream) }
    var names: [String] = []
    while let entry = readdir(stream) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
        pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if name != "." && name != ".." { names.append(name) }
    }
    return names
  }

  /// All bytes of a file.
  public func contents(of path: String) throws -> ByteBuffer {
    let file = try LocalFile(path, O_RDONLY)
    // A folder can be opened too, and has some size.
    guard read(file.descriptor, nil, 0) == 0 else { throw SystemCallError("read", path) }
    let size = Int(lseek(file.descriptor, 0, SEEK_END))
    guard size >= 0 else { throw SystemCallError("lseek", path) }
    guard size <= DataFile.largest else { throw StorageError(.tooLarge(size), in: path) }
    var bytes = ByteBuffer()
    while bytes.readableBytes < size {
      let place = bytes.readableBytes
      var count = 0
      bytes.writeWithUnsafeMutableBytes(minimumWritableBytes: size - place) { space in
        count = pread(file.descriptor, space.baseAddress, size - place, off_t(place))
        return max(0, count)
      }
      if count < 0 && errno == EINTR { continue }
      if count < 0 { throw SystemCallError("read", path) }
      if count == 0 { break }
    }
    return bytes
  }

  /// Makes an empty file.
  public func create(_ path: String) throws -> LocalFile {
    try LocalFile(path, O_RDWR | O_CREAT | O_TRUNC)
  }

  /// Opens a file that is there.
  public func open(_ path: String) throws -> LocalFile { try LocalFile(path, O_RDWR) }

  /// Gives a file another name.
  public func rename(_ path: String, to newPath: String) throws {
    guard Foundation.rename(path, newPath) == 0 else { throw SystemCallError("rename", path) }
  }

  /// Takes away a name.
  public func remove(_ path: String) throws {
    guard unlink(path) == 0 else { throw SystemCallError("unlink", path) }
  }

  /// Waits until the names in a folder are stable.
  public func synchronize(folder: String) throws {
    let file = try LocalFile(folder, O_RDONLY | O_DIRECTORY)
    guard fsync(file.descriptor) == 0 else { throw SystemCallError("fsync", folder) }
  }

  /// Makes a folder, and those above it, unless it is there; when this returns, its name is stable.
  public func makeFolder(_ path: String) throws {
    let names = path.split(separator: "/").dropLast().joined(separator: "/")
    let parent = path.hasPrefix("/") ? "/" + names : names.isEmpty ? "." : names
    if mkdir(path, 0o755) != 0 {
      if errno == EEXIST { return }
      guard errno == ENOENT, parent != path, !names.isEmpty else {
        throw SystemCallError("mkdir", path)
      }
      try makeFolder(parent)
      guard mkdir(path, 0o755) == 0 || errno == EEXIST else { throw SystemCallError("mkdir", path) }
    }
    try synchronize(folder: parent)
  }

  /// The one path of a folder that is there, whatever links lead to it.
  public func realPath(of folder: String) throws -> String {
    guard let path = realpath(folder, nil) else { throw SystemCallError("realpath", folder) }
    defer { free(path) }
    return String(cString: path)
  }

  /// Holds a file that only one process can hold at a time; nil if another one does.
  public func lock(_ path: String) throws -> LocalFile? {
    let file = try LocalFile(path, O_RDWR | O_CREAT)
    if flock(file.descriptor, LOCK_EX | LOCK_NB) == 0 { return file }
    guard errno == EWOULDBLOCK else { throw SystemCallError("flock", path) }
    return nil
  }
}

/// An open file of this machine.
public final class LocalFile: WritableFile {
  let descriptor: Int32
  private let name: Mutex<String>
  private var path: String { name.withLock { $0 } }

  init(_ path: String, _ flags: Int32) throws {
    name = Mutex(path)
    descriptor = Foundation.open(path, flags | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw SystemCallError("open", path) }
  }

  deinit { close(descriptor) }

  /// Writes bytes from this offset on.
  public func write(_ bytes: ByteBuffer, at offset: Int) throws {
    try bytes.withUnsafeReadableBytes { bytes in
      var done = 0
      while done < bytes.count {
        let rest = UnsafeRawBufferPointer(rebasing: bytes[done...])
        let count = pwrite(descriptor, rest.baseAddress, rest.count, off_t(offset + done))
        if count < 0 && errno == EINTR { continue }
        guard count > 0 else { throw SystemCallError("write", path) }
        done += count
      }
    }
  }

  /// Takes the path that errors name.
  public func renamed(to path: String) { name.withLock { $0 = path } }

  /// Makes the file so long.
  public func truncate(to length: Int) throws {
    guard ftruncate(descriptor, off_t(length)) == 0 else {
      throw SystemCallError("ftruncate", path)
    }
  }

  /// Waits until what was written is stable; of the file's times nobody has to know.
  public func synchronize() throws {
    #if os(Linux)
      let result = fdatasync(descriptor)
    #else
      let result = fcntl(descriptor, F_FULLFSYNC)
    #endif
    guard result == 0 else { throw SystemCallError("fdatasync", path) }
  }
}
