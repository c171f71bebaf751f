import Conformance
import Foundation

/// A file that a command was told to write, looked at before anything else is done.
struct Outlet: Sendable {
  /// The option that names it: `--junit`.
  let option: String
  /// As it was named.
  let path: String
  /// Where it is, links followed.
  private let target: String

  /// Looks whether the file could be written.
  ///
  /// - Throws: ``Refusal`` with the code for wrong usage.
  init(_ option: String, _ path: String) throws {
    self.option = option
    self.path = path
    func refused(_ why: String) -> Refusal { Refusal(.usage, "\(option) \(path): \(why)") }
    guard !path.isEmpty else { throw Refusal(.usage, "\(option) needs the name of a file") }
    target = Self.resolved(path)
    let folder = Self.folder(of: target)
    var about = stat()
    if stat(folder, &about) != 0 {
      throw refused(
        errno == ENOENT ? "there is no folder \(folder)" : "\(folder): \(Refusal.words(errno))")
    }
    guard about.st_mode & S_IFMT == S_IFDIR else { throw refused("\(folder) is no folder") }
    if stat(target, &about) == 0 {
      guard about.st_mode & S_IFMT != S_IFDIR else { throw refused("it is a folder") }
      guard access(target, W_OK) == 0 else { throw refused(Refusal.words(errno)) }
    } else if errno != ENOENT {
      throw refused(Refusal.words(errno))
    } else {
      guard access(folder, W_OK) == 0 else { throw refused("\(folder): \(Refusal.words(errno))") }
    }
  }

  /// Where the file stands to which a link leads, or would.
  private static func resolved(_ path: String) -> String {
    var path = path
    for _ in 0..<40 {
      guard let next = try? FileManager.default.destinationOfSymbolicLink(atPath: path) else {
        break
      }
      path = next.hasPrefix("/") ? next : folder(of: path) + "/" + next
    }
    return path
  }

  private static func folder(of path: String) -> String {
    guard let slash = path.lastIndex(of: "/") else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }

  /// Whether it is a file, or will be, and no device or pipe.
  private var isPlain: Bool {
    var about = stat()
    return stat(target, &about) != 0 || about.st_mode & S_IFMT == S_IFREG
  }

  /// A name beside the file that nobody has, and that is made with it.
  ///
  /// - Returns: The new file's name and descriptor; nil if the folder takes none.
  func companion(_ ending: String) -> (path: String, descriptor: Int32)? {
    let name = isPlain ? target : FileManager.default.temporaryDirectory.path + "/quorate"
    let stem = name.hasSuffix(".xml") ? String(name.dropLast(4)) : name
    for number in 0..<1000 {
      let name = "\(stem).\(getpid())\(number == 0 ? "" : "-\(number)").\(ending)"
      let descriptor = open(name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
      if descriptor >= 0 { return (name, descriptor) }
      guard errno == EEXIST else { return nil }
    }
    return nil
  }

  /// Writes the file: all of it, or it stays as it was.
  ///
  /// - Throws: ``Refusal`` with the code for an error.
  func write(_ text: String) throws {
    var about = stat()
    let exists = stat(target, &about) == 0
    if isPlain, let (name, descriptor) = companion("partial") {
      if exists { fchmod(descriptor, about.st_mode & 0o7777) }
      let trouble = Self.put(text, descriptor)
      if trouble == 0, rename(name, target) == 0 { return }
      let number = trouble == 0 ? errno : trouble
      unlink(name)
      throw refusal(number)
    }
    let descriptor = open(target, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else { throw refusal(errno) }
    let trouble = Self.put(text, descriptor)
    if trouble != 0 { throw refusal(trouble) }
  }

  private func refusal(_ number: Int32) -> Refusal {
    Refusal(.error, "\(option) \(path) could not be written: \(Refusal.words(number))")
  }

  /// Writes a text and closes the file.
  ///
  /// - Returns: The system's number for what went wrong, 0 if nothing did.
  private static func put(_ text: String, _ descriptor: Int32) -> Int32 {
    let trouble = Descriptor.write(text, to: descriptor)
    let isClosed = close(descriptor) == 0
    return trouble != 0 || isClosed ? trouble : errno
  }

  /// Takes the file for this process, as long as it runs.
  ///
  /// - Returns: What keeps it taken; nil where files cannot be taken, as on some networks.
  /// - Throws: ``Refusal`` if another process has taken it.
  func taken() throws -> FileHandle? {
    guard isPlain else { return nil }
    let descriptor = open(target, O_RDWR | O_CREAT | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else { return nil }
    let file = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
    if flock(descriptor, LOCK_EX | LOCK_NB) == 0 { return file }
    guard errno == EWOULDBLOCK else { return nil }
    throw Refusal(.usage, "\(option) \(path): another run is going to write it, and has not ended")
  }

  /// Writes into the file that was taken, which stays the same file.
  ///
  /// - Throws: ``Refusal`` if it takes nothing.
  func fill(_ file: FileHandle, _ text: String) throws {
    ftruncate(file.fileDescriptor, 0)
    let trouble = Descriptor.write(text, to: file.fileDescriptor)
    if trouble != 0 { throw Refusal(.usage, "\(option) \(path): \(Refusal.words(trouble))") }
  }
}
