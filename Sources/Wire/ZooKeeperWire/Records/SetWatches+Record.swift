internal import NIOCore
internal import ZooKeeper

/// The bodies of setWatches and setWatches2.
///
/// | offset | size | meaning                                                       |
/// | ------ | ---- | ------------------------------------------------------------- |
/// | 0      | 8    | relativeZxid                                                  |
/// | 8      | …    | dataWatches: a count, then for each a length and the path     |
/// | …      | …    | existWatches, likewise                                        |
/// | …      | …    | childWatches, likewise                                        |
/// | …      | …    | persistentWatches, likewise, of setWatches2 only              |
/// | …      | …    | persistentRecursiveWatches, likewise, of setWatches2 only     |
///
/// A null list, and a null in a list, is an error: a server answers MarshallingError.
///
/// Source: `zookeeper.jute`.
extension SetWatches {
  static func read(
    from reader: inout JuteReader, lasting: Bool
  ) throws(WireError) -> SetWatches {
    var watches = SetWatches(relativeZxid: Zxid(try reader.long()))
    watches.data = try reader.strings(.paths)
    watches.exist = try reader.strings(.paths)
    watches.child = try reader.strings(.paths)
    if lasting {
      let persistent = try reader.strings(.paths)
      watches.lasting = Lasting(
        persistent: persistent, recursive: try reader.strings(.paths))
    }
    return watches
  }

  func write(to bytes: inout ByteBuffer) {
    bytes.write(long: relativeZxid.rawValue)
    let more = lasting.map { [$0.persistent, $0.recursive] } ?? []
    for list in [data, exist, child] + more {
      bytes.write(vector: list) { bytes, path in bytes.write(string: path) }
    }
  }
}
