import NIOCore
import ZooKeeper
package import ZooKeeperServer
import ZooKeeperWire

/// What stands behind another request in one segment, and is not served after it.
///
/// Source for all: ZooKeeper Programmer's Guide, "Consistency Guarantees", Single System Image;
/// GUAR-1, SESS-6.
extension Quirk {
  package static let pipelineFlaws: [Quirk] =
    pipelinedReads + pipelinedWrites + segments + leftovers

  /// Requests that are judged by what stood before the segment came.
  private static let pipelinedReads: [Quirk] = [
    flaw(
      "auth-holds-from-the-next-segment",
      "What is sent right behind an auth is judged by the identities before it.",
      "ClickHouse/ClickHouse#48595"
    ) {
      $0.request = { asked, server in
        guard let arrival = server.arrival else { return }
        asked.author = Author(asked.author.session, identities: arrival.identities)
      }
    },
    behind("reads-see-the-state-before", "A read in a segment sees what stood before it.") {
      $0.view = { seen, asked, server in
        if let arrival = server.arrival, asked.connection != nil { seen = arrival.service }
      }
    },
    behind("lists-see-the-state-before", "getChildren sees what stood before its segment.") {
      $0.view = { seen, asked, server in
        guard let arrival = server.arrival, asked.isOne(of: .getChildren, .getChildren2) else {
          return
        }
        seen = arrival.service
      }
    },
    behind("acls-are-read-before", "getACL tells the ACL that stood before its segment.") {
      $0.view = { seen, asked, server in
        if let arrival = server.arrival, asked.isOne(of: .getACL) { seen = arrival.service }
      }
    },
    flaw(
      "watches-of-a-segment-are-deaf",
      "What is sent right behind a read does not fire the watch that the read left.", "WATCH-6"
    ) {
      $0.frames = { frames, asked, server in
        let leavesWatches = (server.arrival?.served ?? []).contains { served in
          switch served.asked.request {
          case .exists(_, true), .getData(_, true), .getChildren(_, true, _): true
          default: false
          }
        }
        guard leavesWatches, asked.request?.opcode.isWrite == true else { return }
        frames.now.removeAll { $0.connection == asked.connection && $0.frame.isEvent }
      }
    },
    flaw(
      "setWatches-arms-with-the-next-segment",
      "What is sent right behind a setWatches does not fire the watches that it set.", "WATCH-6"
    ) {
      $0.frames = { frames, asked, server in
        let follows = (server.arrival?.served ?? []).contains { served in
          if case .setWatches? = served.asked.request { true } else { false }
        }
        guard follows, asked.request?.opcode.isWrite == true else { return }
        frames.now.removeAll { $0.connection == asked.connection && $0.frame.isEvent }
      }
    },
  ]

  /// Writes that are prepared before what stands before them is applied.
  private static let pipelinedWrites: [Quirk] = [
    early("creates-miss-new-parents", "A create right behind its parent's is NoNode.") {
      asked, before in
      guard let create = asked.create, before[Path.parent(of: create.path)] == nil else {
        return nil
      }
      return .noNode
    },
    early("creates-miss-deletions", "A create right behind the node's delete is NodeExists.") {
      asked, before in
      guard let create = asked.create, !create.mode.isSequential, before[create.path] != nil else {
        return nil
      }
      return .nodeExists
    },
    early("versions-are-compared-early", "A version right behind a setData is the one before it.") {
      asked, before in
      guard case .setData(let path, _, let version) = asked.request, version != .any,
        let node = before[path], node.version != version
      else { return nil }
      return .badVersion
    },
    early("sets-miss-new-nodes", "A setData right behind the node's create is NoNode.") {
      asked, before in
      guard case .setData(let path, _, _) = asked.request, before[path] == nil else { return nil }
      return .noNode
    },
    early("deletes-count-children-early", "A delete right behind the child's is NotEmpty.") {
      asked, before in
      guard case .delete(let path, _) = asked.request, (before[path]?.childCount ?? 0) > 0 else {
        return nil
      }
      return .notEmpty
    },
    early("multis-miss-new-nodes", "A multi right behind a node's create does not find it.") {
      asked, before in
      guard let operations = asked.operations else { return nil }
      let made = operations.compactMap { if case .create(let it) = $0 { it.path } else { nil } }
      return operations.contains { operation in
        switch operation {
        case .setData(let path, _, _), .delete(let path, _), .check(let path, _):
          before[path] == nil && !made.contains(path)
        case .create: false
        }
      } ? .noNode : nil
    },
    behind(
      "failed-multis-are-felt-behind",
      "What a failed multi would have made is there right behind it."
    ) {
      $0.transactions = { transactions, asked, server in
        guard let create = asked.create, let last = transactions.last, last.code == nil,
          let served = server.arrival?.served.last, served.answered.results?.haveFailed == true,
          let operations = served.asked.operations
        else { return }
        let isThere = operations.contains { operation in
          if case .create(let it) = operation { it.path == create.path } else { false }
        }
        if isThere { transactions = [last.with(.error(.nodeExists))] }
      }
    },
    behind("closes-go-last", "What stands behind a close in its segment is done before it.") {
      $0.order = { requests in
        let closes = requests.filter { $0.header.opcode == .closeSession }
        requests.removeAll { $0.header.opcode == .closeSession }
        requests += closes
      }
    },
  ]

  /// Frames of a segment out of order.
  private static let segments: [Quirk] = [
    flaw(
      "events-overtake-replies",
      "Of what a segment brings the events are sent before the replies.",
      "ClickHouse/ClickHouse#28197"
    ) {
      $0.segment = { output in output = output.filter(\.isEvent) + output.filter { !$0.isEvent } }
    },
    flaw(
      "events-follow-their-segment", "Of what a segment brings the events are sent last.", "WATCH-4"
    ) {
      $0.segment = { output in output = output.filter { !$0.isEvent } + output.filter(\.isEvent) }
    },
  ]

  /// Bytes behind a request's record.
  private static let leftovers: [Quirk] = [
    flaw(
      "leftovers-are-the-next-request",
      "Bytes behind a request's record are taken for the next one's beginning, which never ends.",
      "JDRaftKeeper/RaftKeeper#399"
    ) {
      $0.request = { asked, server in
        if server.hasExcess(asked.connection) { asked.content = .malformed(Self.cut) }
      }
      $0.reply = { answered, asked, server in
        if server.hasExcess(asked.connection) { answered.reply = nil }
      }
    },
    flaw("failures-are-answered-twice", "Every error is answered twice.", "SESS-6") {
      $0.frames = { frames, asked, _ in
        guard let last = frames.now.last, case .reply(_, let reply) = last.frame,
          case .failure = reply.result, last.connection == asked.connection
        else { return }
        frames.now.append(last)
      }
    },
    flaw(
      "leftovers-are-answered", "Bytes behind a request's record are answered like a request.",
      "SESS-6"
    ) {
      $0.frames = { frames, asked, server in
        guard asked.excess > 0, let connection = asked.connection else { return }
        let reply = Reply(zxid: server.service.applied.zxid, .failure(.marshallingError))
        frames.now.append(
          Outgoing(connection: connection, frame: .reply(xid: Xid(asked.excess), reply)))
      }
    },
  ]

  private static let cut = WireError(.truncated(needed: 4, left: 0), at: 0)

  // The forms of these.

  private static func behind(
    _ name: String, _ summary: String, _ change: (inout Quirk) -> Void
  ) -> Quirk {
    flaw(name, summary, "GUAR-1", change)
  }

  /// A write that fails for what stood before its segment.
  private static func early(
    _ name: String, _ summary: String,
    _ code: @escaping @Sendable (Asked, Tree) -> ErrorCode?
  ) -> Quirk {
    flaw(name, summary, "GUAR-1") {
      $0.transactions = { transactions, asked, server in
        guard let arrival = server.arrival, asked.connection != nil, let last = transactions.last,
          last.code == nil, let code = code(asked, arrival.service.applied)
        else { return }
        transactions = [last.with(.error(code))]
      }
    }
  }
}

extension Output {
  /// Whether it is an event: its number is -1.
  fileprivate var isEvent: Bool {
    guard case .send(let bytes, _) = self else { return false }
    return bytes.getInteger(at: bytes.readerIndex + 4, as: Int32.self) == -1
  }
}

extension Server {
  /// Whether bytes have stood behind the record of an earlier request.
  fileprivate func hasExcess(_ id: ConnectionID?) -> Bool {
    id.map { excess(on: $0) } ?? 0 > 0
  }
}
