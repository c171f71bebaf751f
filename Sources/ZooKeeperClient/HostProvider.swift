/// Which server to try next.
///
/// The list is shuffled once, by a seed, so that the clients of an ensemble spread over it; then
/// it is walked in a circle. Whoever has tried every server in vain waits a little, for a time
/// drawn from the same seed, so that clients do not come back all at once.
///
/// Source: Apache ZooKeeper, `StaticHostProvider`.
public struct HostProvider: Hashable, Sendable {
  /// How long a client waits after it has tried every server, in milliseconds.
  public static let pause: ClosedRange<Milliseconds> = 100...1000

  /// The servers in the order in which they are tried.
  public let hosts: [HostAddress]
  private var place = -1
  private var triedInVain = 0
  private var choices: SeededChoices

  /// A provider of these servers, of which there is at least one.
  public init(_ hosts: [HostAddress], seed: UInt64) {
    precondition(!hosts.isEmpty, "a connect string without a server is refused earlier")
    var choices = SeededChoices(seed)
    self.hosts = hosts.shuffled(using: &choices)
    self.choices = choices
  }

  /// The next server, and how long to wait before it is tried.
  public mutating func next() -> (host: HostAddress, after: Milliseconds) {
    let wait = triedInVain > 0 && triedInVain.isMultiple(of: hosts.count)
    place = (place + 1) % hosts.count
    triedInVain += 1
    return (hosts[place], wait ? Milliseconds.random(in: HostProvider.pause, using: &choices) : 0)
  }

  /// The server that was given last has accepted the session.
  public mutating func connected() { triedInVain = 0 }
}

/// Numbers that a seed determines.
///
/// Source: Steele, Lea and Flood, "Fast splittable pseudorandom number generators", 2014.
public struct SeededChoices: RandomNumberGenerator, Hashable, Sendable {
  private var state: UInt64

  /// The numbers of this seed.
  public init(_ seed: UInt64) { state = seed }

  /// The next 64 bits.
  public mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var z = state
    z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
    return z ^ (z >> 31)
  }
}
