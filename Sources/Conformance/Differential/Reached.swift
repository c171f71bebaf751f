public import ZooKeeper

/// What generated runs have tried: how often each operation met each result.
public struct Reached: Sendable {
  private var counts: [String: [String: Int]] = [:]

  /// Nothing yet.
  public init() {}

  /// Counts a reply; a multi counts as one, by its first error.
  public mutating func count(_ request: Request, _ reply: Reply) {
    counts[request.operation, default: [:]][Reached.result(of: reply), default: 0] += 1
    guard case .multi(let operations) = request, case .success(.multi(let results)) = reply.result
    else { return }
    for (operation, result) in zip(operations, results) {
      counts["multi/" + operation.name, default: [:]][Reached.result(of: result), default: 0] += 1
    }
  }

  /// Adds what another has counted.
  public mutating func add(_ other: Reached) {
    for (operation, results) in other.counts {
      counts[operation, default: [:]].merge(results, uniquingKeysWith: +)
    }
  }

  /// Requests in all, and those that succeeded.
  public var total: (requests: Int, succeeded: Int) {
    let requests = counts.filter { !$0.key.hasPrefix("multi/") }.values
    return (
      requests.reduce(0) { $0 + $1.values.reduce(0, +) },
      requests.reduce(0) { $0 + ($1["Ok"] ?? 0) }
    )
  }

  private static func result(of reply: Reply) -> String {
    switch reply.result {
    case .failure(let code): code.description
    case .success(.multi(let results)):
      results.lazy.compactMap { result -> String? in
        guard case .failed(let code) = result, code != .ok else { return nil }
        return code.description
      }.first ?? "Ok"
    case .success: "Ok"
    }
  }

  private static func result(of result: OperationResult) -> String {
    guard case .failed(let code) = result else { return "Ok" }
    return code == .ok ? "rolled back" : code.description
  }

  /// The table: a row an operation, a column a result, empty where nothing was reached.
  public var table: String {
    let columns = Set(counts.values.flatMap(\.keys)).sorted { a, b in
      a == "Ok" || (b != "Ok" && a < b)
    }
    let rows = counts.keys.sorted()
    let first = rows.map(\.count).max() ?? 0
    func cell(_ text: String, _ width: Int) -> String {
      String(repeating: " ", count: max(0, width - text.count)) + text
    }
    func line(_ name: String, _ cells: [String]) -> String {
      name + String(repeating: " ", count: max(0, first - name.count))
        + zip(columns, cells).map { "  " + cell($1, max(6, $0.count)) }.joined()
    }
    let head = line("", columns)
    return
      ([head]
      + rows.map { row in
        line(row, columns.map { counts[row]?[$0].map(String.init) ?? "" })
      }).joined(separator: "\n")
  }
}

extension ZooKeeper.Operation {
  /// The name of the operation, as the documentation writes it.
  public var name: String {
    switch self {
    case .create(let create): create.withStat ? "create2" : "create"
    case .delete: "delete"
    case .setData: "setData"
    case .check: "check"
    }
  }
}
