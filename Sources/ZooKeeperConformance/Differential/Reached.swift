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
  public var table: String { CountTable(counts).text }
}

extension ZooKeeper.Operation {
  /// The name of the operation, as the documentation writes it.
  public var name: String {
    switch self {
    case .create(let create): create.operation
    case .delete: "delete"
    case .setData: "setData"
    case .check: "check"
    }
  }
}
