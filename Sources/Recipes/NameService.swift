public import ZooKeeper
public import ZooKeeperClient

/// Finds the addresses of a service by its name.
///
/// ```swift
/// let names = NameService(client, at: "/services")
/// let registration = try await names.register("10.0.0.7:20880", for: "orders")
///
/// let addresses = try await names.resolve("orders")            // at a consumer
/// for try await addresses in names.addresses(of: "orders") { pool.use(addresses) }
/// ```
///
/// A service is a node below `path`, and each of its addresses an ephemeral node below that, as
/// Dubbo's registry has it. Addresses may be URLs: `/` and `%` are written as `%2F` and `%25`.
///
/// It is a ``Group`` for each service; what holds there of connections and sessions holds here. A
/// provider that dies is told to consumers when its session has ended, so a consumer must still
/// expect an address at which nobody answers.
public struct NameService: Sendable {
  private let client: Client
  private let path: String
  package var without: Set<Rule> = []

  /// The services below `path`; nodes are made when they are missing.
  public init(_ client: Client, at path: String) { (self.client, self.path) = (client, path) }

  /// Registers an address of a service until it is taken back, or the session ends.
  ///
  /// - Parameters:
  ///   - address: The address, for instance `10.0.0.7:20880` or `dubbo://10.0.0.7/orders`.
  ///   - service: The service's name, without `/`.
  ///   - data: What else consumers are to know of it.
  ///   - timeout: How long to wait until another session's registration of the address has gone.
  /// - Returns: What to leave by to take it back.
  /// - Throws: As ``Group/join(_:data:within:)``.
  public func register(
    _ address: String, for service: String, data: Payload = [], within timeout: Duration? = nil
  ) async throws(ClientError) -> Membership {
    try await group(of: service).join(address.escapedSlashes, data: data, within: timeout)
  }

  /// The addresses of a service that this client's server knows.
  public func resolve(_ service: String) async throws(ClientError) -> [String] {
    let path = try path(of: service)
    do throws(ClientError) {
      return try await client.insist { () throws(ClientError) in
        try await client.getChildren(path)
      }.map(\.unescapedSlashes).sorted()
    } catch {
      guard error.code == .noNode else { throw error }
      return []
    }
  }

  /// The addresses of a service, as they come and go.
  public func addresses(of service: String) -> Snapshots<[String]> {
    let (client, rules) = (client, without)
    let names = self
    return Snapshots(client, "\(path)/\(service)", without: rules) {
      watch throws(ClientError) in
      try await client.names(below: names.path(of: service), watch: watch).map(\.unescapedSlashes)
    }
  }

  private func path(of service: String) throws(ClientError) -> String {
    guard service.isNodeName else {
      throw ClientError(.refused(.badArguments), asking: "the service '\(service)' of \(path)")
    }
    return "\(path)/\(service)"
  }

  private func group(of service: String) throws(ClientError) -> Group {
    var group = Group(client, at: try path(of: service))
    group.without = without
    return group
  }
}

extension String {
  /// Itself as the name of a node.
  fileprivate var escapedSlashes: String {
    map { $0 == "%" ? "%25" : $0 == "/" ? "%2F" : String($0) }.joined()
  }

  /// What ``escapedSlashes`` was made of.
  fileprivate var unescapedSlashes: String {
    guard let percent = firstIndex(of: "%") else { return self }
    let rest = self[percent...]
    for (code, text) in [("%2F", "/"), ("%25", "%")] where rest.hasPrefix(code) {
      return self[..<percent] + text + String(rest.dropFirst(code.count)).unescapedSlashes
    }
    return self[...percent] + String(rest.dropFirst()).unescapedSlashes
  }
}
