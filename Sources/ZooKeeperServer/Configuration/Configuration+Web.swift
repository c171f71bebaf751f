internal import NIOCore

/// The AdminServer, and what Prometheus collects.
///
/// | key                         | default     | meaning                                         |
/// | --------------------------- | ----------- | ----------------------------------------------- |
/// | `admin.serverPort`          |             | the AdminServer's port                          |
/// | `admin.enableServer`        | see below   | whether there is an AdminServer                 |
/// | `admin.serverAddress`       | all         | where it listens                                |
/// | `admin.commandURL`          | `/commands` | the path of its commands                        |
/// | `admin.idleTimeout`         | 30000       | how long somebody may be silent, in ms          |
/// | `metricsProvider.className` |             | `….PrometheusMetricsProvider` for `/metrics`    |
/// | `metricsProvider.httpPort`  | 7000        | its port                                        |
/// | `metricsProvider.httpHost`  | all         | where it listens                                |
///
/// Apache's server has an AdminServer on port 8080 unless it is told not to; this one has one only
/// where `admin.serverPort` stands, or `admin.enableServer=true`.
extension Configuration {
  mutating func readWeb() throws(ConfigurationError) {
    let port = try number("admin.serverPort", 0...65_535)
    let isEnabled = try boolean("admin.enableServer") ?? (port != nil)
    let host = text("admin.serverAddress") ?? "0.0.0.0"
    let commands = text("admin.commandURL") ?? "/commands"
    let idleness = try number("admin.idleTimeout", 1...Int(Int32.max)) ?? 30_000
    limits.webIdleness = .milliseconds(Int64(idleness))
    if isEnabled {
      web.append(Shell.WebPlace(host: host, port: port ?? 8080, commands: commands))
    }
    let provider = text("metricsProvider.className") ?? ""
    let metricsPort = try number("metricsProvider.httpPort", 0...65_535) ?? 7000
    let metricsHost = text("metricsProvider.httpHost") ?? "0.0.0.0"
    if provider.hasSuffix(".PrometheusMetricsProvider") {
      web.append(Shell.WebPlace(host: metricsHost, port: metricsPort))
    }
  }
}
