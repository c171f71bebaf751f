/// Where a server listens.
public struct HostAddress: Hashable, Sendable, CustomStringConvertible {
  /// The port when none is said.
  public static let defaultPort = 2181

  /// A name, or a numeric address without brackets.
  public var host: String
  /// The TCP port.
  public var port: Int

  /// The address of these parts.
  public init(host: String, port: Int = HostAddress.defaultPort) {
    self.host = host
    self.port = port
  }

  /// `host:port`, a numeric IPv6 address in brackets.
  public var description: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }
}

/// Servers of one ensemble, and the node that this client takes for the root:
/// `10.0.0.1:2181,10.0.0.2:2181,[::1]:2181/app/one`.
///
/// Source: ZooKeeper Programmer's Guide, "ZooKeeper Sessions".
public struct ConnectString: Hashable, Sendable {
  /// What is wrong with a connect string.
  public enum Fault: Hashable, Sendable {
    /// There is no server in it.
    case noHost
    /// This part is no `host:port`.
    case badHost(String)
    /// This root is no path: `//`, a `/` at the end, `.` or `..`.
    case badChroot(String)
  }

  /// The servers, in the order written.
  public var hosts: [HostAddress]
  /// The root.
  public var chroot: Chroot

  /// These servers and this root.
  public init(hosts: [HostAddress], chroot: Chroot = .none) {
    self.hosts = hosts
    self.chroot = chroot
  }

  /// Reads a connect string.
  public init(_ text: String) throws(ClientError) {
    let slash = text.firstIndex(of: "/") ?? text.endIndex
    let root = String(text[slash...])
    guard let chroot = Chroot(root) else { throw ClientError(.connectString(.badChroot(root))) }
    var hosts: [HostAddress] = []
    for part in text[..<slash].split(separator: ",", omittingEmptySubsequences: false) {
      let trimmed = part.drop { $0 == " " }
      if trimmed.isEmpty { continue }
      guard let host = ConnectString.host(in: trimmed) else {
        throw ClientError(.connectString(.badHost(String(part))))
      }
      hosts.append(host)
    }
    guard !hosts.isEmpty else { throw ClientError(.connectString(.noHost)) }
    self.init(hosts: hosts, chroot: chroot)
  }

  private static func host(in part: Substring) -> HostAddress? {
    var name = part
    var port: Int? = HostAddress.defaultPort
    if part.first == "[" {
      guard let bracket = part.firstIndex(of: "]") else { return nil }
      name = part[part.index(after: part.startIndex)..<bracket]
      let rest = part[part.index(after: bracket)...]
      if !rest.isEmpty {
        guard rest.first == ":" else { return nil }
        port = Int(rest.dropFirst())
      }
    } else if let colon = part.lastIndex(of: ":") {
      name = part[..<colon]
      port = Int(part[part.index(after: colon)...])
    }
    guard let port, (1...65535).contains(port), !name.isEmpty, !name.contains(" ") else {
      return nil
    }
    return HostAddress(host: String(name), port: port)
  }
}

extension ConnectString.Fault: CustomStringConvertible {
  /// The fault in words.
  public var description: String {
    switch self {
    case .noHost: "there is no server in it"
    case .badHost(let part): "'\(part)' is no host:port"
    case .badChroot(let root): "'\(root)' is no root"
    }
  }
}
