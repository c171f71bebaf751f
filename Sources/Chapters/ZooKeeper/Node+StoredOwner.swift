/// How a node's owner is stored and sent between servers: 64 bits that also say who else may take
/// the node away.
///
/// | bits                  | meaning                                              |
/// | --------------------- | ---------------------------------------------------- |
/// | `0`                   | nobody: a persistent node                            |
/// | `0x8000000000000000`  | a container                                          |
/// | `0xff0000tttttttttt`  | a TTL node, and its time in milliseconds, in 40 bits |
/// | all else              | the session of an ephemeral node                     |
///
/// Source: Apache ZooKeeper, `EphemeralType`.
extension Node {
  private static let container = Int64.min
  private static let timed: UInt64 = 0xff00_0000_0000_0000
  private static let timeBits: UInt64 = 0xff_ffff_ffff

  /// The owner, as it is stored.
  package var storedOwner: Int64 {
    switch reaping {
    case .never: ephemeralOwner.rawValue
    case .emptied: Node.container
    case .after(let ttl):
      Int64(bitPattern: Node.timed | (UInt64(bitPattern: ttl) & Node.timeBits))
    }
  }

  /// Gives the node the owner that is stored as these bits.
  ///
  /// - Parameter hasTTL: Whether there are TTL nodes (`extendedTypesEnabled`); where there are none
  ///   their bits are a session's.
  package mutating func own(stored bits: Int64, hasTTL: Bool) {
    let unsigned = UInt64(bitPattern: bits)
    ephemeralOwner = .none
    reaping = .never
    if bits == Node.container {
      reaping = .emptied
    } else if hasTTL, unsigned >> 56 == 0xff {
      reaping = .after(Int64(unsigned & Node.timeBits))
    } else {
      ephemeralOwner = SessionID(bits)
    }
  }
}
