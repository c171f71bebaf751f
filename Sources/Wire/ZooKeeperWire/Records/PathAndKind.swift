internal import NIOCore

/// The body of addWatch, checkWatches and removeWatches.
///
/// | offset | size | meaning                                                                 |
/// | ------ | ---- | ----------------------------------------------------------------------- |
/// | 0      | 4    | n, the length of the path; -1 for null                                   |
/// | 4      | n    | path                                                                    |
/// | 4 + n  | 4    | addWatch: mode, the ``ZooKeeper/AddWatchMode``; the others: type, the   |
/// |        |      | ``ZooKeeper/WatcherType``                                               |
///
/// Source: `zookeeper.jute`, `AddWatchRequest`, `CheckWatchesRequest`, `RemoveWatchesRequest`.
struct PathAndKind: Record {
  var path: String
  var kind: Int32

  init(_ path: String, _ kind: Int32) {
    self.path = path
    self.kind = kind
  }

  /// Reads the fields.
  ///
  /// - Parameter isRequired: Whether a null path is an error in every reading.
  init(from reader: inout JuteReader, isRequired: Bool) throws(WireError) {
    path = try reader.path(isRequired ? .required : .likeEmpty)
    kind = try reader.int()
  }

  init(from reader: inout JuteReader) throws(WireError) {
    path = try reader.path(.likeEmpty)
    kind = try reader.int()
  }

  func write(to bytes: inout ByteBuffer) {
    bytes.write(string: path)
    bytes.write(int: kind)
  }
}
