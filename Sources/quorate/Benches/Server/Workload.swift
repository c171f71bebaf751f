import NIOCore
import ZooKeeper
import ZooKeeperWire

/// What connections ask for, again and again.
enum Workload: String, CaseIterable {
  /// The data of a node.
  case get
  /// New data for a node.
  case set
  /// A node.
  case create
  /// Four times the data of a node, then new data for it.
  case mixed = "80:20"
}

/// The requests of one connection: made once, and sent with other numbers.
struct RequestSource {
  private let workload: Workload
  private let read: ByteBuffer
  private let write: ByteBuffer
  private let create: ByteBuffer
  private let digits: Int
  private(set) var made = 0
  /// Once this is set the nodes that were created are deleted, the last one first.
  private var isClearing = false
  private let delete: ByteBuffer

  /// So many digits end the names of nodes that are created.
  private static let width = 10

  /// The requests of the connection of this number.
  init(_ workload: Workload, size: Int, folder: String, connection: Int) {
    self.workload = workload
    let data = [UInt8](repeating: UInt8(ascii: "d"), count: size)
    let node = Self.node(folder, connection)
    read = Self.frame(.getData(path: node))
    write = Self.frame(.setData(path: node, data: data))
    let zeros = String(repeating: "0", count: Self.width)
    let path = "\(folder)/c-\(connection)-\(zeros)"
    create = Self.frame(.create(Create(path, data: data)))
    delete = Self.frame(.delete(path: path))
    // A prefix, a header, the path with its length.
    digits = 12 + 4 + path.utf8.count - Self.width
  }

  /// The node that a connection reads and sets.
  static func node(_ folder: String, _ connection: Int) -> String { "\(folder)/n-\(connection)" }

  private static func frame(_ request: Request) -> ByteBuffer {
    var bytes = ByteBuffer()
    ClientFrame(xid: 0, request).write(to: &bytes)
    return bytes
  }

  /// Goes on with deleting what was created.
  mutating func clear() { isClearing = true }

  /// Writes the next request with this number.
  ///
  /// - Returns: Whether there was one.
  mutating func next(_ xid: Int32, to bytes: inout ByteBuffer) -> Bool {
    let start = bytes.writerIndex
    if isClearing {
      guard workload == .create, made > 0 else { return false }
      made -= 1
      bytes.writeImmutableBuffer(delete)
      number(made, in: &bytes, at: start + digits)
    } else {
      switch workload {
      case .get: bytes.writeImmutableBuffer(read)
      case .set: bytes.writeImmutableBuffer(write)
      case .mixed: bytes.writeImmutableBuffer(made % 5 == 4 ? write : read)
      case .create:
        bytes.writeImmutableBuffer(create)
        number(made, in: &bytes, at: start + digits)
      }
      made += 1
    }
    bytes.setInteger(xid, at: start + 4)
    return true
  }

  private func number(_ number: Int, in bytes: inout ByteBuffer, at place: Int) {
    var rest = number
    for digit in (0..<Self.width).reversed() {
      bytes.setInteger(UInt8(ascii: "0") + UInt8(rest % 10), at: place + digit)
      rest /= 10
    }
  }
}
