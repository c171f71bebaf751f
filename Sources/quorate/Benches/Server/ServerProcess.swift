import Foundation

/// A process that is measured from outside, by what Linux tells of it in `/proc`.
struct ServerProcess {
  let pid: Int

  /// The process that listens on this port; nil if it cannot be found: it is somebody else's, or on
  /// another machine.
  init?(listeningOn port: Int) {
    let sockets = Self.listeners(on: port)
    let found = Self.names(in: "/proc").compactMap { Int($0) }.first { pid in
      Self.names(in: "/proc/\(pid)/fd").contains { name in
        let link = try? FileManager.default.destinationOfSymbolicLink(
          atPath: "/proc/\(pid)/fd/\(name)")
        return link.map { sockets.contains($0) } ?? false
      }
    }
    guard let found else { return nil }
    self.init(pid: found)
  }

  /// The process of this number; nil if there is none.
  init?(pid: Int) {
    self.pid = pid
    guard processorTime != nil else { return nil }
  }

  private static func names(in folder: String) -> [String] {
    (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
  }

  private static func text(_ path: String) -> String {
    (try? String(contentsOfFile: path, encoding: .utf8)) ?? ""
  }

  /// The sockets that listen on a port, as the links of descriptors name them.
  private static func listeners(on port: Int) -> Set<String> {
    var sockets: Set<String> = []
    for table in ["/proc/net/tcp", "/proc/net/tcp6"] {
      for line in text(table).split(separator: "\n").dropFirst() {
        let fields = line.split(separator: " ")
        // 0A is LISTEN.
        guard fields.count > 9, fields[3] == "0A",
          let number = fields[1].split(separator: ":").last.flatMap({ Int($0, radix: 16) }),
          number == port
        else { continue }
        sockets.insert("socket:[\(fields[9])]")
      }
    }
    return sockets
  }

  /// The seconds of the processor that all its threads took; nil if it is gone.
  var processorTime: Double? {
    // The name, in parentheses, may hold anything.
    let fields = Self.text("/proc/\(pid)/stat").split(separator: ")").last?.split(separator: " ")
    guard let fields, fields.count > 12, let user = Double(fields[11]),
      let system = Double(fields[12])
    else { return nil }
    return (user + system) / Double(sysconf(Int32(_SC_CLK_TCK)))
  }

  /// The memory that it holds, in KiB.
  var residentKilobytes: Int? {
    Self.text("/proc/\(pid)/status").firstMatch(of: /VmRSS:\s+(\d+)/).flatMap { Int($0.1) }
  }
}
