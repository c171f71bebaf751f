internal import NIOCore

/// The body of exists, getData, getChildren and getChildren2.
///
/// | offset | size | meaning                                 |
/// | ------ | ---- | --------------------------------------- |
/// | 0      | 4    | n, the length of the path; -1 for null  |
/// | 4      | n    | path                                    |
/// | 4 + n  | 1    | watch: leave one                        |
///
/// Source: `zookeeper.jute`.
struct PathAndWatch: Record {
  var path: String
  var watch: Bool

  init(_ path: String, _ watch: Bool) {
    self.path = path
    self.watch = watch
  }

  init(from reader: inout JuteReader) throws(WireError) {
    path = try reader.path(.required)
    watch = try reader.boolean()
  }

  func write(to bytes: inout ByteBuffer) {
    bytes.write(string: path)
    bytes.write(boolean: watch)
  }
}
