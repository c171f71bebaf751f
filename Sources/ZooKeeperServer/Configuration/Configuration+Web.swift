internal import NIOCore

/// The AdminServer, and what Prometheus collects.
///
/// Apache's server has an AdminServer on port 8080 unless it is told not to; this one has one only
/// where `admin.serverPort` stands, or `admin.enableServer=true`.
extension Configuration {
  mutating func readWeb() throws(ConfigurationError) {
    let port = try number("admin.serverPort", 0...65_535)
    let isEnabled = try boolean("admin.enableServer") ?? (port != nil)
    let host = address("admin.serverAddress") ?? "0.0.0.0"
    let commands = text("admin.commandURL") ?? "/commands"
    let idleness = try number("admin.idleTimeout", 1...Int(Int32.max)) ?? 30_000
    limits.webIdleness = .milliseconds(Int64(idleness))
    if isEnabled {
      web.append(Shell.WebPlace(host: host, port: port ?? 8080, commands: commands))
    }
    let provider = text("metricsProvider.className") ?? Self.providers[0]
    guard Self.providers.contains(provider) else {
      throw error("metricsProvider.className", .choice(provider, Self.providers))
    }
    let metricsPort = try number("metricsProvider.httpPort", 0...65_535) ?? 7000
    let metricsHost = address("metricsProvider.httpHost") ?? "0.0.0.0"
    if provider == Self.providers[1] {
      web.append(Shell.WebPlace(host: metricsHost, port: metricsPort))
    }
  }

  /// The classes that Apache's server brings; with another it does not start.
  ///
  /// The second is asked over HTTP, the others by `mntr` alone.
  private static let providers = [
    "org.apache.zookeeper.metrics.impl.DefaultMetricsProvider",
    "org.apache.zookeeper.metrics.prometheus.PrometheusMetricsProvider",
    "org.apache.zookeeper.metrics.impl.NullMetricsProvider",
  ]
}
