public import ProtocolCore

/// What operators have asked for, and whether all who asked were refused.
///
/// Of what is refused nothing was done, nor will be.
public struct Wishes<Wish: Hashable & Sendable>: Hashable, Sendable {
  /// How often each was asked for without being refused.
  private var counts: [Wish: Int] = [:]
  /// What each client has asked for last, if that has arrived and the client still waits.
  private var arrived: [ClientID: Wish] = [:]
  /// The client that is about to ask.
  private var invoking: ClientID?

  /// Nobody has asked.
  public init() {}

  /// A client is about to ask; the next that arrives is its.
  public mutating func invoke(_ client: ClientID) {
    arrived[client] = nil
    invoking = client
  }

  /// A server was asked, by a client or by nobody who waits.
  ///
  /// What a server refuses in the step in which it is asked does not arrive.
  ///
  /// - Returns: the client.
  @discardableResult public mutating func arrive(_ wish: Wish) -> ClientID? {
    counts[wish, default: 0] += 1
    guard let client = invoking else { return nil }
    invoking = nil
    arrived[client] = wish
    return client
  }

  /// A client was refused.
  ///
  /// - Returns: what it had asked for; nil if that has not arrived.
  public mutating func refuse(_ client: ClientID) -> Wish? {
    guard let wish = end(client) else { return nil }
    counts[wish, default: 1] -= 1
    return wish
  }

  /// A client waits no more.
  ///
  /// - Returns: what it had asked for; nil if that has not arrived.
  @discardableResult public mutating func end(_ client: ClientID) -> Wish? {
    if invoking == client { invoking = nil }
    return arrived.removeValue(forKey: client)
  }

  /// Whether somebody has asked for it, and everybody who did was refused.
  public func areRefused(_ wish: Wish) -> Bool { counts[wish] == 0 }
}
