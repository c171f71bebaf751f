public import NIOCore

/// The part of a file system that persistence needs; small, so that a disk can be simulated.
///
/// What was written is sure to outlive a loss of power only after the file was synchronized, a
/// name (of a file that was made, renamed or removed) only after its folder was.
public protocol FileSystem: Sendable {
  /// A file that is written.
  associatedtype File: WritableFile
  /// The names in a folder, in no order.
  func names(in folder: String) throws -> [String]
  /// All bytes of a file.
  func contents(of path: String) throws -> ByteBuffer
  /// Makes an empty file, in the place of one that has this name.
  func create(_ path: String) throws -> File
  /// Opens a file that is there.
  func open(_ path: String) throws -> File
  /// Gives a file another name, in the place of one that has that name.
  func rename(_ path: String, to newPath: String) throws
  /// Takes away a name.
  func remove(_ path: String) throws
  /// Waits until the names in a folder are stable.
  func synchronize(folder: String) throws
}

/// A file that is written; it is closed when nobody holds it any more.
public protocol WritableFile: Sendable {
  /// Writes bytes from this offset on.
  func write(_ bytes: ByteBuffer, at offset: Int) throws
  /// Makes the file so long: what is beyond is gone.
  func truncate(to length: Int) throws
  /// Waits until what was written is stable.
  func synchronize() throws
  /// Told that the file has got another path: an error names that from now on.
  func renamed(to path: String)
}

extension WritableFile {
  /// Nothing, for a file whose errors do not name it.
  public func renamed(to path: String) {}
}
