import ZooKeeper
import ZooKeeperServer
import ZooKeeperWire

/// Multis that are not one operation, or do not say what became of each part.
///
/// Source for all: Apache ZooKeeper, `PrepRequestProcessor` (`OpCode.multi`), `MultiResponse`;
/// GUAR-2.
extension Quirk {
  static let multiFlaws: [Quirk] = [
    failing("multi-keeps-what-came-first", "What stands before the failing operation happens.") {
      transactions, operations, failed, asked, server in
      guard let last = transactions.last else { return }
      var rehearsal = server.service
      rehearsal.abandonProposals()
      let first = rehearsal.prepare(
        .multi(Array(operations[..<failed])), by: asked.author, cxid: last.cxid, zxid: last.zxid,
        time: last.time)
      transactions.insert(first, at: 0)
    },
    failing("multi-goes-on-after-a-failure", "What stands after the failing operation happens.") {
      transactions, operations, failed, asked, server in
      guard let last = transactions.last else { return }
      var rehearsal = server.service
      rehearsal.abandonProposals()
      let rest = rehearsal.prepare(
        .multi(Array(operations[(failed + 1)...])), by: asked.author, cxid: last.cxid,
        zxid: last.zxid, time: last.time)
      transactions.insert(rest, at: 0)
    },
    flaw("multi-counts-what-failed", "A multi that failed has used up sequence numbers.", "ZNODE-5")
    {
      $0.tree = { service, done in
        guard let operations = done.asked.operations,
          case .multi(let parts) = done.transaction.body,
          parts.contains(where: { if case .error = $0 { true } else { false } })
        else { return }
        for case .create(let create) in operations where create.mode.isSequential {
          service.amend(Path.parent(of: create.path)) { $0.childrenCreated &+= 1 }
        }
      }
    },
    flaw("multi-does-not-see-itself", "An operation does not see those before it.", "GUAR-2") {
      $0.transactions = { transactions, asked, server in
        guard let operations = asked.operations, let last = transactions.last else { return }
        for (place, operation) in operations.enumerated() {
          var rehearsal = server.service
          rehearsal.abandonProposals()
          let alone = rehearsal.prepare(
            .multi([operation]), by: asked.author, cxid: last.cxid, zxid: last.zxid,
            time: last.time)
          guard case .error(let code)? = alone.leaves.first else { continue }
          let before = [Transaction.Body](repeating: .error(.ok), count: place)
          let after = [Transaction.Body](
            repeating: .error(.runtimeInconsistency), count: operations.count - place - 1)
          transactions = [last.with(.multi(before + [.error(code)] + after))]
          return
        }
      }
    },
    flaw("multi-parts-take-a-zxid-each", "Every part of a multi has a zxid of its own.", "GUAR-2") {
      $0.transactions = { transactions, _, _ in
        guard let last = transactions.last, case .multi(let parts) = last.body, parts.count > 1,
          !parts.contains(where: { if case .error = $0 { true } else { false } })
        else { return }
        transactions = parts.enumerated().map { place, part in
          var one = last.with(.multi([part]))
          one.zxid.rawValue &+= Int64(place)
          return one
        }
      }
      // The reply is put together again.
      $0.reply = { answered, asked, server in
        guard let operations = asked.operations, let results = answered.results,
          results.count == 1, operations.count > 1
        else { return }
        answered.results = operations.map { operation in
          switch operation {
          case .create(let create): .created(path: create.path)
          case .delete: .deleted
          case .setData(let path, _, _): .set(server.service.applied[path]?.stat ?? Stat())
          case .check: .checked
          }
        }
      }
    },
    results("multi-names-no-culprit", "Every part of a failed multi has the same code.") {
      results in
      guard results.haveFailed, let code = results.culprit else { return }
      results = results.map { _ in .failed(code) }
    },
    results("multi-says-inconsistency-before", "What stood before the failure is inconsistent.") {
      results in
      results = results.map { result in
        if case .failed(.ok) = result { .failed(.runtimeInconsistency) } else { result }
      }
    },
    results("multi-says-ok-after", "What stood after the failure says Ok.") { results in
      results = results.map { result in
        if case .failed(.runtimeInconsistency) = result { .failed(.ok) } else { result }
      }
    },
    results("multi-ends-with-the-failure", "Results end with that of the failing operation.") {
      results in
      guard let place = results.firstIndex(where: \.isCulprit) else { return }
      results.removeSubrange((place + 1)...)
    },
    results("multi-results-in-reverse", "The results of a multi are in reverse order.") {
      $0.reverse()
    },
    results("multi-results-without-the-last", "The last result of a multi is missing.") {
      $0 = Array($0.dropLast())
    },
    flaw("multi-fails-in-the-header", "A failed multi has its code in the header.", "MultiResponse")
    {
      $0.reply = { answered, _, _ in
        if let code = answered.results?.culprit { answered.code = code }
      }
    },
    flaw("multi-skips-checks", "A check in a multi always holds.", "GUAR-2") {
      $0.request = { asked, _ in
        guard let operations = asked.operations else { return }
        asked.request = .multi(
          operations.map { if case .check = $0 { .check(path: "/", version: .any) } else { $0 } })
      }
    },
    flaw("multi-may-not-be-empty", "A multi without operations is BadArguments.", "GUAR-2") {
      $0.reply = { answered, asked, _ in
        if asked.operations == [] { answered.code = .badArguments }
      }
    },
    flaw("multi-acts-at-the-end", "The Stats of a multi are those at its end.", "MultiResponse") {
      $0.reply = { answered, asked, server in
        guard let operations = asked.operations, let results = answered.results else { return }
        answered.results = zip(operations, results).map { operation, result in
          guard case .set = result else { return result }
          return .set(server.service.applied[operation.path]?.stat ?? Stat())
        }
      }
    },
    flaw("multi-checks-no-permission", "In a multi nobody is asked for permission.", "ACL-1") {
      $0.request = { asked, _ in
        if asked.operations != nil { asked.author.identities.append(.superuser) }
      }
    },
  ]

  private static func failing(
    _ name: String, _ summary: String,
    _ change:
      @escaping @Sendable (inout [Transaction], [Operation], _ failed: Int, Asked, Server) -> Void
  ) -> Quirk {
    flaw(name, summary, "GUAR-2") {
      $0.transactions = { transactions, asked, server in
        guard let operations = asked.operations,
          let failed = transactions.last?.leaves.firstIndex(where: \.isCulprit)
        else { return }
        change(&transactions, operations, failed, asked, server)
      }
    }
  }

  private static func results(
    _ name: String, _ summary: String,
    _ change: @escaping @Sendable (inout [OperationResult]) -> Void
  ) -> Quirk {
    flaw(name, summary, "MultiResponse") {
      $0.reply = { answered, _, _ in
        guard var results = answered.results else { return }
        change(&results)
        answered.results = results
      }
    }
  }
}

extension ErrorCode {
  /// Whether it is the reason why a multi failed, not a remark about its other parts.
  fileprivate var isReason: Bool { self != .ok && self != .runtimeInconsistency }
}

extension OperationResult {
  fileprivate var isCulprit: Bool {
    if case .failed(let code) = self { code.isReason } else { false }
  }
}

extension Transaction.Body {
  fileprivate var isCulprit: Bool {
    if case .error(let code) = self { code.isReason } else { false }
  }
}

extension [OperationResult] {
  fileprivate var culprit: ErrorCode? {
    for case .failed(let code) in self where code.isReason { return code }
    return nil
  }
}
