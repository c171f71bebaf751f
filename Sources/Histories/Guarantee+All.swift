extension Guarantee {
  /// What is also judged of the parts of transactions.
  private static let sessions: Set<Guarantee> = [
    .monotonicReads, .monotonicWrites, .readYourWrites, .writesFollowReads, .consistentPrefix,
  ]

  /// The guarantees that such a history can be judged by, the strongest first.
  public static func all(for history: History) -> [Guarantee] {
    let isTransactional = history.model?.isTransactional ?? false
    return allCases.filter { guarantee in
      if guarantee.isTransactional != isTransactional { return sessions.contains(guarantee) }
      return switch guarantee {
      case .boundedTime: history.operations.contains { $0.times != nil }
      case .strongEventual: history.operations.contains { $0.delivered != nil }
      default: true
      }
    }
  }
}
