package import Conformance

extension Value {
  /// A Stat that is written by what it is based upon, with all its fields.
  ///
  /// `new: $zxid` is what a node has that was made at this zxid and not touched since: its three
  /// zxids are that one, its times are equal, all else is zero. `like: $kept` is an earlier Stat.
  /// A field that is given beside them is the given one.
  ///
  /// - Parameter actual: The Stat to be compared with it: only that one knows the time of a new
  ///   node.
  package func spelledOut(for actual: Value) -> Value {
    guard case .record(let given) = self else { return self }
    let based = Self.base(self["new"], self["like"], actual)
    guard !based.isEmpty else { return self }
    let own = given.filter { $0.name != "new" && $0.name != "like" }
    return .record(
      own + based.filter { field in !own.contains { $0.name == field.name } })
  }

  private static func base(_ new: Value?, _ like: Value?, _ actual: Value) -> [Member] {
    if case .record(let fields) = like { return fields }
    guard let new else { return [] }
    let zxids = ["czxid", "mzxid", "pzxid"].map { Member(name: $0, value: new) }
    let zeros = [
      "version", "cversion", "aversion", "ephemeralOwner", "dataLength", "numChildren",
    ]
    .map { Member(name: $0, value: .number(0)) }
    let times = [
      Member(name: "ctime", value: .bound(.above, .number(0))),
      Member(name: "mtime", value: actual["ctime"] ?? .bound(.above, .number(0))),
    ]
    return zxids + zeros + times
  }
}
