internal import Logging
internal import NIOCore

/// Tells a log of connections and sessions.
///
/// Any client can cause warnings, as many as it likes: of each kind a few are told in each period,
/// then at its end how many more there were.
final class EventLog {
  /// So many warnings of a kind are told in a period.
  static let limit = 10
  static let period = TimeAmount.seconds(10)

  private let logger: Logger
  private let loop: any EventLoop
  /// How many warnings of a kind there were in its period.
  private var counts: [String: Int] = [:]

  init(_ logger: Logger, loop: any EventLoop) {
    self.logger = logger
    self.loop = loop
  }

  func tell(_ remarks: [Remark]) {
    for remark in remarks { tell(remark) }
  }

  private func tell(_ remark: Remark) {
    guard let kind = remark.kind else { return logger.debug("\(remark)") }
    let count = counts[kind, default: 0] + 1
    counts[kind] = count
    if count == 1 {
      loop.assumeIsolated().scheduleTask(in: Self.period) { [weak self] in self?.sum(kind) }
    }
    if count <= Self.limit { logger.warning("\(remark)") } else { logger.debug("\(remark)") }
  }

  /// The period of a kind is over.
  private func sum(_ kind: String) {
    let more = (counts.removeValue(forKey: kind) ?? 0) - Self.limit
    if more > 0 {
      logger.warning("\(more) more \(kind) in \(Self.period.nanoseconds / 1_000_000_000) s")
    }
  }
}
