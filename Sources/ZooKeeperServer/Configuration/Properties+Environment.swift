extension Properties {
  /// The variables in which the scripts of Apache's server look for properties of its process, the
  /// one that counts first.
  static let variables = ["SERVER_JVMFLAGS", "JVMFLAGS"]

  /// What such variables hold as `-Dzookeeper.tickTime=2000`, as if it stood in the file.
  ///
  /// A key of the file counts more; what is no property of a server is Java's affair.
  ///
  /// Source: Apache ZooKeeper, `zkServer.sh`, `zkEnv.sh`; `QuorumPeerConfig.parseProperties`.
  static func entries(of environment: [String: String]) -> [Entry] {
    variables.reversed().flatMap { variable in
      (environment[variable] ?? "").split(whereSeparator: \.isWhitespace).compactMap { flag in
        guard flag.hasPrefix("-D"), let mark = flag.firstIndex(of: "=") else { return nil }
        let name = flag[..<mark].dropFirst(2)
        let value = String(flag[mark...].dropFirst())
        if name.hasPrefix("zookeeper.") {
          return Entry(place: .variable(variable), key: String(name.dropFirst(10)), value: value)
        }
        guard withoutPrefix.contains(String(name)) else { return nil }
        return Entry(place: .variable(variable), key: String(name), value: value)
      }
    }
  }

  /// The properties of a server that do not begin with `zookeeper.`.
  private static let withoutPrefix: Set<String> = [
    "jute.maxbuffer", "znode.container.checkIntervalMs", "readonlymode.enabled",
    "java.security.auth.login.config",
  ]
}
