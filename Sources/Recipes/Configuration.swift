public import ZooKeeper
public import ZooKeeperClient

/// A value that is published to all who have subscribed to it.
///
/// ```swift
/// let limits = Configuration(client, at: "/config/limits")
/// try await limits.publish(.utf8("rate=100"))
/// for try await published in limits.values {          // in another process
///   limiter.apply(published.value.text ?? "")
/// }
/// ```
///
/// The value is the data of a node. A subscriber reads it and leaves a watch in one request, and
/// reads again when the watch fires. So he gets the latest value and never an older one after it;
/// he does not get each: of two that are published quickly he may get the second only.
///
/// **A broken connection**: a publication is repeated until it is answered, and may so be published
/// twice; subscribers read again when they are connected.
/// **When the session ends** a subscription throws. Begin another in a new session, behind the last
/// revision that you got: ``values(after:)``.
///
/// Source: Hunt et al., USENIX ATC 2010, section 2.4, "Configuration Management".
public struct Configuration: Sendable {
  /// A value as it was published.
  public struct Published: Hashable, Sendable {
    /// The value.
    public let value: Payload
    /// The transaction that published it: the later the higher.
    public let revision: Zxid
    /// The version that the next publication may have to replace.
    public let version: Version
  }

  private let client: Client
  private let path: String
  package var without: Set<Rule> = []

  /// The configuration whose node is at `path`; it is made with the first publication.
  public init(_ client: Client, at path: String) { (self.client, self.path) = (client, path) }

  // MARK: Publishing

  /// Publishes a value, whatever was there before: the last writer wins.
  ///
  /// When the answer is lost, it is published again unless it is there.
  public func publish(_ value: Payload) async throws(ClientError) {
    while true {
      do throws(ClientError) {
        if try await publishOrMake(value) { return }
      } catch {
        guard error.isConnectionLost else { throw error }
        // Another server may be asked now, which knows less.
        try await client.insist { () throws(ClientError) in try await client.sync(path) }
        if let latest = try await latest(), latest.value == value { return }
      }
    }
  }

  /// Sets the data of the node, or makes it.
  ///
  /// - Returns: Whether it is done; otherwise the node has come or gone meanwhile.
  private func publishOrMake(_ value: Payload) async throws(ClientError) -> Bool {
    do throws(ClientError) {
      try await client.setData(path, data: value)
      return true
    } catch {
      guard error.code == .noNode else { throw error }
    }
    return try await make(value)
  }

  /// Makes the node.
  ///
  /// - Returns: False if it is there.
  private func make(_ value: Payload) async throws(ClientError) -> Bool {
    if let above = path.parent { try await client.ensure(above) }
    do throws(ClientError) {
      try await client.create(path, data: value)
      return true
    } catch {
      guard error.code == .nodeExists else { throw error }
      return false
    }
  }

  /// Publishes a value in place of the one that has this version.
  ///
  /// - Throws: `.badVersion` if another has been published meanwhile. `.connectionLost` if the
  ///   connection broke, and a value has been published since: nobody can say whose it is, even
  ///   where it is equal to ours.
  public func publish(_ value: Payload, replacing version: Version) async throws(ClientError) {
    var loss: ClientError?
    while true {
      do throws(ClientError) {
        try await client.setData(path, data: value, version: version)
        return
      } catch {
        if error.isConnectionLost {
          loss = error
          continue
        }
        // The version is not there any more: it may be ours that has replaced it.
        throw error.code == .badVersion ? loss ?? error : error
      }
    }
  }

  /// Publishes what becomes of the latest value by a change; tried again for as long as others are
  /// faster.
  ///
  /// - Parameter change: What becomes of the value; of nil, as long as there is none.
  ///   When an answer was lost it may be given a value that has the change in it already, and then
  ///   should leave it as it is: add an entry to a set, do not add one to a sum.
  public func update(
    _ change: @Sendable (Payload) -> Payload
  ) async throws(ClientError) {
    while true {
      let latest = try await read(watch: false)
      let value = change(latest?.value ?? nil)
      guard let latest else {
        do throws(ClientError) {
          if try await make(value) { return }
        } catch {
          guard error.isConnectionLost else { throw error }
        }
        continue
      }
      do throws(ClientError) {
        let version = without.contains(.checksVersion) ? .any : latest.version
        return try await publish(value, replacing: version)
      } catch {
        guard error.code == .badVersion || error.code == .noNode || error.isConnectionLost else {
          throw error
        }
      }
    }
  }

  // MARK: Subscribing

  /// The latest value, as it changes; a subscriber that begins gets the one that is there.
  public var values: Snapshots<Published> { values(after: nil) }

  /// The latest value, as it changes, behind the one of this revision.
  public func values(after revision: Zxid?) -> Snapshots<Published> {
    let known = revision.map { Published(value: nil, revision: $0, version: .any) }
    let configuration = self
    return Snapshots(
      client: client, path: path, without: without,
      known: without.contains(.remembersRevision) ? nil : known,
      isNews: { $0.revision > $1.revision },
      look: { watch throws(ClientError) in try await configuration.read(watch: watch) })
  }

  /// The latest value that this client's server knows; nil if none is there.
  public func latest() async throws(ClientError) -> Published? { try await read(watch: false) }

  func read(watch: Bool) async throws(ClientError) -> Published? {
    while true {
      do throws(ClientError) {
        let (data, stat) = try await client.insist { () throws(ClientError) in
          try await client.getData(path, watch: watch)
        }
        return Published(value: data, revision: stat.mzxid, version: stat.version)
      } catch {
        guard error.code == .noNode else { throw error }
      }
      let stat = try await client.insist { () throws(ClientError) in
        try await client.exists(path, watch: watch)
      }
      if stat == nil { return nil }
    }
  }
}
