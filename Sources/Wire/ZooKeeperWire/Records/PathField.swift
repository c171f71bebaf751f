/// What a server makes of a null path.
///
/// Java reads it and stumbles later, in each operation at another place:
///
/// | operations | a null path gets |
/// | --- | --- |
/// | create, delete, exists, getData, getACL, lists | MarshallingError |
/// | setData, setACL, check | BadArguments, as the empty path does |
/// | addWatch, removeWatches | what the empty path gets |
/// | checkWatches | what the empty path gets; from 3.6 to 3.8 MarshallingError |
/// | every operation of a multi | MarshallingError for the whole multi |
/// | sync | itself back |
///
/// Source: Apache ZooKeeper 3.8.0, as observed.
enum NullPath {
  /// Null is an error in every reading.
  case required
  /// Reading leniently, null is the empty path: it fails at the same check with the same code.
  case likeEmpty
}

extension JuteReader {
  mutating func path(_ null: NullPath) throws(WireError) -> String {
    let at = offset
    if let path = try string() { return path }
    guard null == .likeEmpty, !reading.isStrict else { throw WireError(.null(.path), at: at) }
    return ""
  }

  /// Reads a vector of strings in which nothing may be null.
  mutating func strings(_ field: WireError.Field) throws(WireError) -> [String] {
    let at = offset
    let strings = try vector(
      ofAtLeast: 4,
      { (reader: inout JuteReader) throws(WireError) in
        let at = reader.offset
        guard let string = try reader.string() else { throw WireError(.null(field), at: at) }
        return string
      })
    guard let strings else { throw WireError(.null(field), at: at) }
    return strings
  }
}
