internal import ZooKeeper

/// What a server counts of its own work, for those who watch it.
///
/// The names are those of Apache's server, 3.8, `ServerMetrics`.
package struct Measures: Hashable, Sendable {
  /// Some numbers, of which the least, the greatest and the sum are kept.
  package struct Summary: Hashable, Sendable {
    /// How many there were.
    package private(set) var count: Int64 = 0
    private(set) var sum: Int64 = 0
    private(set) var least: Int64 = 0
    private(set) var greatest: Int64 = 0

    /// Adds a number.
    package mutating func add(_ number: Int64) {
      least = count == 0 ? number : min(least, number)
      greatest = max(greatest, number)
      count += 1
      sum &+= number
    }

    /// As whole milliseconds, rounded down.
    var wholeMean: Int64 { count == 0 ? 0 : sum / count }

    var mean: Double {
      count == 0 ? 0 : (Double(sum) / Double(count) * 10_000).rounded() / 10_000
    }
  }

  /// Milliseconds that a batch of transactions took to become stable.
  package var syncTimes = Summary()
  /// How often that was longer than `fsync.warningthresholdms`.
  package var slowSyncs: Int64 = 0
  /// How many transactions a batch had.
  package var batchSizes = Summary()
  /// Milliseconds that a snapshot took.
  package var snapshotTimes = Summary()
  /// Milliseconds from a request to its reply.
  package var latencies = Summary()
  /// How many bytes have come.
  package var bytesReceived: Int64 = 0
  /// How many connections were refused as too many.
  package var connectionsRejected: Int64 = 0
  /// How many authentications have failed.
  package var failedAuthentications: Int64 = 0

  /// Those of which there is more to tell than one number.
  var summaries: [(name: String, summary: Summary)] {
    [
      ("fsynctime", syncTimes), ("sync_processor_batch_size", batchSizes),
      ("snapshottime", snapshotTimes),
    ]
  }
}

extension Server {
  private var dataSize: Int {
    settings.storage == nil ? service.applied.dataSize : told.dataSize
  }

  /// One number each, in the order in which `mntr` tells them.
  var gauges: [(name: String, value: JSON)] {
    let tree = service.applied
    var numbers: [(name: String, value: JSON)] = [
      ("avg_latency", .decimal(measures.latencies.mean)),
      ("max_latency", .number(measures.latencies.greatest)),
      ("min_latency", .number(measures.latencies.least)),
      ("packets_received", .number(traffic.received)), ("packets_sent", .number(traffic.sent)),
      ("num_alive_connections", .number(connections.count)),
      ("outstanding_requests", .number(outstanding)), ("znode_count", .number(told.nodeCount)),
      ("watch_count", .number(watches.count)), ("ephemerals_count", .number(tree.ephemeralCount)),
      ("approximate_data_size", .number(dataSize)),
      ("global_sessions", .number(tree.openSessions.count)), ("local_sessions", .number(0)),
      ("uptime", .number(now)), ("bytes_received_count", .number(measures.bytesReceived)),
      ("connection_rejected", .number(measures.connectionsRejected)),
      ("auth_failed_count", .number(measures.failedAuthentications)),
      ("snap_count", .number(measures.snapshotTimes.count)),
      ("digest_mismatches_count", .number(0)),
    ]
    if let (open, limit) = settings.storage?.descriptors() {
      numbers += [
        ("open_file_descriptor_count", .number(open)),
        ("max_file_descriptor_count", .number(limit)),
      ]
    }
    return numbers
  }

  /// All that is measured, as `mntr` and `monitor` tell it.
  var monitored: [(name: String, value: JSON)] {
    var numbers: [(name: String, value: JSON)] = [
      ("version", .text(settings.version)), ("server_state", .text(mode)),
    ]
    numbers += gauges
    for (name, summary) in measures.summaries {
      numbers += [
        ("avg_\(name)", .decimal(summary.mean)), ("min_\(name)", .number(summary.least)),
        ("max_\(name)", .number(summary.greatest)), ("cnt_\(name)", .number(summary.count)),
        ("sum_\(name)", .number(summary.sum)),
      ]
    }
    return numbers
  }

  /// All that is measured, in the text format of Prometheus, 0.0.4.
  ///
  /// Source: Prometheus, "Exposition formats"; Apache ZooKeeper, `PrometheusMetricsProvider`.
  var exposition: String {
    var text = ""
    for (name, value) in gauges {
      let number =
        switch value {
        case .integer(let number): Double(number)
        case .decimal(let number): number
        case .null, .bool, .text, .array, .object: 0.0
        }
      text += "# HELP \(name) \(name)\n# TYPE \(name) gauge\n\(name) \(number)\n"
    }
    for (name, summary) in measures.summaries {
      text += "# HELP \(name) \(name)\n# TYPE \(name) summary\n"
      text += "\(name)_count \(Double(summary.count))\n\(name)_sum \(Double(summary.sum))\n"
    }
    return text
  }
}
