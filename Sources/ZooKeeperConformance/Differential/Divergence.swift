import Conformance
import ZooKeeper

/// A run after which a service and the model differ.
public struct Divergence: Hashable, Sendable {
  /// The moves; they differ at the last, or in the inboxes after it.
  public var moves: [Move]
  /// How they differ.
  public var difference: Difference

  /// A field, and what stands there on each side.
  public struct Difference: Hashable, Sendable {
    /// Which: `stat.pzxid`, `error`, `events`.
    public var field: String
    /// What the model says.
    public var expected: String
    /// What the service says.
    public var got: String

    init(_ field: String, expected: String, got: String) {
      self.field = field
      self.expected = expected
      self.got = got
    }

    /// The first field in which two replies differ; nil if they are equal.
    init?(_ expected: Reply, _ got: Reply, below folder: Folder) {
      guard expected != got else { return nil }
      let parts = zip(Difference.fields(expected, folder), Difference.fields(got, folder))
      if let (wanted, found) = parts.first(where: { $0 != $1 }) {
        self.init(wanted.name, expected: wanted.value, got: found.value)
      } else {
        self.init(
          "reply", expected: "\(expected.result)".shortened, got: "\(got.result)".shortened)
      }
    }

    /// What a reply is, in a word: `Ok` or an error's name.
    static func words(_ reply: Reply) -> String {
      switch reply.result {
      case .success: "Ok"
      case .failure(let code): code.description
      }
    }

    private static let rightTime = "its transaction's time, near our clock"

    /// Whether it is a time that is not what it should be.
    public var isOfTime: Bool { expected == Self.rightTime }

    /// A reply's fields in order, by the names that fixtures use.
    private static func fields(
      _ reply: Reply, _ folder: Folder
    ) -> [(name: String, value: String)] {
      let zxid = reply.zxid.rawValue < 0 ? "not above the write before" : "\(reply.zxid.rawValue)"
      var fields = [("error", words(reply))]
      if case .success(let answer) = reply.result {
        flatten(
          "", of: ReplyValue(folder: folder).value(Response(xid: 0, zxid: .zero, .answer(answer))),
          into: &fields)
      }
      return fields + [("zxid", zxid)]
    }

    private static func flatten(
      _ name: String, of value: Value, into fields: inout [(String, String)]
    ) {
      guard case .record(let members) = value else {
        let isTime = name.hasSuffix(".ctime") || name.hasSuffix(".mtime")
        let isAsItShould = isTime && value == .number(0)
        fields.append((name, isAsItShould ? Self.rightTime : "\(value)".shortened))
        return
      }
      for member in members where !["error", "zxid", "xid"].contains(member.name) || !name.isEmpty {
        flatten(
          name.isEmpty ? member.name : "\(name).\(member.name)", of: member.value, into: &fields)
      }
    }
  }
}
