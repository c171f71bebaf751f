import ZooKeeper
public import ZooKeeperClient

/// Producers of messages spread them over the brokers that are there.
///
/// ```swift
/// let balancer = ProducerBalancer(client, at: "/messages")
/// let broker = try await balancer.register("broker-1", address: "10.0.0.1:9092")  // each broker
/// try await balancer.setTopic("orders", partitions: 8)                        // an operator
///
/// for try await routes in balancer.routes {                                       // a producer
///   sender.use { key in routes.broker(for: "orders", key: key)?.data.text }
/// }
/// ```
///
/// Brokers are ephemeral nodes below `path/brokers`, topics persistent ones below `path/topics`.
/// A producer watches both lists and each entry, and reckons the rest by itself: all producers that
/// have seen the same state send the same key to the same broker. Producers learn of a change one
/// after another, so two may differ for a while.
///
/// What holds of ``Group`` of connections and sessions, holds here.
public struct ProducerBalancer: Sendable {
  /// Where messages go.
  public struct Routes: Hashable, Sendable {
    /// The brokers that are there, by name.
    public let brokers: [Member]
    /// The topics and their numbers of partitions.
    public let topics: [String: Int]

    /// The broker of a topic's partition; nil if there is no broker, or no such partition.
    public func broker(for topic: String, partition: Int) -> Member? {
      guard let count = topics[topic], (0..<count).contains(partition), !brokers.isEmpty else {
        return nil
      }
      return brokers[partition % brokers.count]
    }

    /// The broker of a message with this key.
    public func broker(for topic: String, key: some Sequence<UInt8>) -> Member? {
      guard let count = topics[topic], count > 0 else { return nil }
      // FNV-1a: the same at every producer, as Swift's own hash is not.
      let hash = key.reduce(0xcbf2_9ce4_8422_2325 as UInt64) { hash, byte in
        (hash ^ UInt64(byte)) &* 0x100_0000_01b3
      }
      return broker(for: topic, partition: Int(hash % UInt64(count)))
    }
  }

  private let client: Client
  private let path: String
  package var without: Set<Rule> = []

  /// The brokers and topics below `path`; nodes are made when they are missing.
  public init(_ client: Client, at path: String) { (self.client, self.path) = (client, path) }

  /// Registers a broker until it leaves, or its session ends.
  ///
  /// - Throws: As ``Group/join(_:data:within:)``.
  public func register(
    _ broker: String, address: String, within timeout: Duration? = nil
  ) async throws(ClientError) -> Membership {
    try await brokers.join(broker, data: .utf8(address), within: timeout)
  }

  /// Registers a topic, or changes its number of partitions.
  public func setTopic(_ topic: String, partitions: Int) async throws(ClientError) {
    try await configuration(of: topic).publish(.utf8("\(partitions)"))
  }

  /// Takes a topic away.
  public func removeTopic(_ topic: String) async throws(ClientError) {
    try await client.remove(try node(of: topic))
  }

  /// Brokers and topics, as they change.
  public var routes: Snapshots<Routes> {
    let balancer = self
    let rules = without
    return Snapshots(client, path, without: rules) { watch throws(ClientError) in
      let brokers = try await balancer.brokers.members(watch: watch)
      return Routes(brokers: brokers, topics: try await balancer.topics(watch: watch))
    }
  }

  private var brokers: Group {
    var group = Group(client, at: "\(path)/brokers")
    group.without = without
    return group
  }

  private func topics(watch: Bool) async throws(ClientError) -> [String: Int] {
    var topics: [String: Int] = [:]
    for topic in try await client.names(below: "\(path)/topics", watch: watch) {
      let found = try await configuration(of: topic).read(watch: watch)
      topics[topic] = found?.value.text.flatMap { Int($0) }
    }
    return topics
  }

  private func configuration(of topic: String) throws(ClientError) -> Configuration {
    Configuration(client, at: try node(of: topic))
  }

  private func node(of topic: String) throws(ClientError) -> String {
    guard topic.isNodeName else {
      throw ClientError(.refused(.badArguments), asking: "the topic '\(topic)' of \(path)")
    }
    return "\(path)/topics/\(topic)"
  }
}
