import NIOCore
import ZooKeeper
package import ZooKeeperServer
import ZooKeeperWire

/// What becomes of several reads as one.
///
/// Source for all: Apache ZooKeeper, `MultiResponse`; READ-1.
extension Quirk {
  package static let multiReadFlaws: [Quirk] = [
    results("multiRead-fails-as-one", "A read that fails makes the multiRead fail.") {
      answered, results, _, _ in
      for case .failed(let code) in results { return answered.code = code }
    },
    results("multiRead-stops-at-a-failure", "Behind a read that fails nothing is read.") {
      answered, results, _, _ in
      guard let first = results.firstIndex(where: \.hasFailed) else { return }
      answered.answer = .multiRead(
        results.enumerated().map { $0 > first ? .failed(.runtimeInconsistency) : $1 })
    },
    Quirk(
      "multiRead-failures-keep-their-type", .flaw, "A read that failed has its operation's type.",
      source: "ClickHouse/ClickHouse#58747, JDRaftKeeper/RaftKeeper#161"
    ) {
      $0.frames = { frames, asked, _ in
        guard case .multiRead(let operations) = asked.request else { return }
        frames.replaceReply { header, answer in
          guard case .multiRead(let results) = answer, results.contains(where: \.hasFailed) else {
            return nil
          }
          var body = ByteBuffer()
          for (operation, result) in zip(operations, results) {
            var part = ByteBuffer()
            Answer.multiRead([result]).writeBody(to: &part)
            // Without the end, and with the type of what was asked.
            if result.hasFailed { part.setInteger(operation.opcode.rawValue, at: 0) }
            if let slice = part.readSlice(length: part.readableBytes - 9) {
              body.writeImmutableBuffer(slice)
            }
          }
          Answer.multiRead([]).writeBody(to: &body)
          return .rawReply(header, body: body)
        }
      }
    },
    results("multiRead-out-of-order", "The results come in another order.") {
      answered, results, _, _ in answered.answer = .multiRead(results.reversed())
    },
    results("multiRead-asks-no-permission", "A multiRead asks for no permission.") {
      answered, results, operations, server in
      answered.answer = .multiRead(
        zip(results, operations).map { result, operation in
          guard case .failed(.noAuth) = result,
            let node = server.service.applied[operation.path]
          else { return result }
          return .data(node.data, node.stat)
        })
    },
    results("multiRead-takes-null-for-empty", "A multiRead shows null data as empty.") {
      answered, results, _, _ in
      answered.answer = .multiRead(
        results.map { if case .data(nil, let stat) = $0 { .data([], stat) } else { $0 } })
    },
    results("multiRead-shows-no-Stat", "A multiRead's Stats are empty.") {
      answered, results, _, _ in
      answered.answer = .multiRead(
        results.map { if case .data(let data, _) = $0 { .data(data, Stat()) } else { $0 } })
    },
    results("multiRead-takes-a-hundred", "A multiRead brings at most a hundred results.") {
      answered, results, _, _ in answered.answer = .multiRead(Array(results.prefix(100)))
    },
    results("multiRead-of-nothing-fails", "An empty multiRead is refused.") {
      answered, results, _, _ in if results.isEmpty { answered.code = .badArguments }
    },
    results("multiRead-takes-a-zxid", "A multiRead takes a zxid.") { answered, _, _, _ in
      answered.reply?.zxid.rawValue += 1
    },
    results("multiRead-says-it-is-no-path", "A bad path in a multiRead is a bad argument.") {
      answered, results, operations, _ in
      answered.answer = .multiRead(
        zip(results, operations).map { $1.path.hasPrefix("/") ? $0 : .failed(.badArguments) })
    },
    multiRead("multiRead-leaves-watches", "A multiRead leaves watches.") {
      $0.watch = { registration, watches, _ in
        guard case .multiRead(let operations) = registration.request else { return }
        for operation in operations {
          watches.leave(data: operation.path, by: registration.watcher)
          watches.leave(children: operation.path, by: registration.watcher)
        }
      }
    },
    multiRead("multiRead-forgives-all", "A multiRead of what it may not have reads nothing.") {
      $0.request = { asked, _ in
        guard asked.header.opcode == .multiRead, case .malformed = asked.content else { return }
        asked.content = .request(.multiRead([]))
      }
    },
    multiRead("multi-takes-reads", "A multi of reads reads nothing, and is fine.") {
      $0.request = { asked, _ in
        guard asked.header.opcode == .multi, case .malformed(let error) = asked.content,
          case .notInMulti(let opcode) = error.reason, [.getData, .getChildren].contains(opcode)
        else { return }
        asked.content = .request(.multi([]))
      }
    },
    multiRead("multiRead-shows-the-past", "A multiRead shows the tree before the last write.") {
      $0.view = { service, asked, server in
        if case .multiRead = asked.request {
          service = Service(server.previous, dialect: service.dialect)
        }
      }
    },
  ]

  private static func multiRead(
    _ name: String, _ summary: String, _ change: (inout Quirk) -> Void
  ) -> Quirk { flaw(name, summary, "READ-1", change) }

  private static func results(
    _ name: String, _ summary: String,
    _ change:
      @escaping @Sendable (inout Answered, [ReadResult], [ReadOperation], Server) -> Void
  ) -> Quirk {
    multiRead(name, summary) {
      $0.reply = { answered, asked, server in
        guard case .multiRead(let operations) = asked.request,
          case .multiRead(let results)? = answered.answer
        else { return }
        change(&answered, results, operations, server)
      }
    }
  }
}

extension ReadResult {
  fileprivate var hasFailed: Bool { if case .failed = self { true } else { false } }
}

extension ReadOperation {
  fileprivate var opcode: Opcode {
    switch self {
    case .getData: .getData
    case .getChildren: .getChildren
    }
  }
}
