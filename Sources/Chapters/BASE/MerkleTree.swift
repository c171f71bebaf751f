/// A tree of hashes over the cells of a node, by which two nodes find out which of them differ.
///
/// A leaf is a bucket of keys, and its hash is over their cells; the hash of an inner node is over
/// its children's. Two trees with the same root are over the same cells; where they differ, only
/// branches that differ are looked into.
///
/// Sources: Merkle, "A Digital Signature Based on a Conventional Encryption Function", CRYPTO 1987;
/// DeCandia and others 2007, 4.7.
public struct MerkleTree: Hashable, Sendable {
  /// How many buckets there are.
  public static let buckets = 8
  /// The hashes: the root at 1, the children of `i` at `2i` and `2i + 1`, the leaves last.
  public let hashes: [UInt64]

  /// The tree over these cells.
  public init(_ cells: Cells) {
    let count = Self.buckets
    var hashes = Array(repeating: UInt64(0), count: 2 * count)
    for entry in cells.entries {
      let leaf = count + Self.bucket(of: entry.key)
      // Of two deletions at one time the stamp does not tell which it is.
      let deletions = entry.cell.siblings.filter { $0.value == nil }.map { "\($0.dot)" }
      hashes[leaf] = Self.hash(
        "\(hashes[leaf])|\(entry.key)|\(entry.cell)\(deletions.joined())")
    }
    self.init(leaves: Array(hashes[count...]))
  }

  /// The tree over these hashes of buckets.
  public init(leaves: [UInt64]) {
    let count = Self.buckets
    var hashes = Array(repeating: UInt64(0), count: count)
    hashes += (leaves + Array(repeating: 0, count: count)).prefix(count)
    for place in (1..<count).reversed() {
      hashes[place] = Self.hash("\(hashes[2 * place])|\(hashes[2 * place + 1])")
    }
    self.hashes = hashes
  }

  /// The hashes of the buckets.
  public var leaves: [UInt64] { Array(hashes[Self.buckets...]) }

  /// The hash over everything.
  public var root: UInt64 { hashes[1] }

  /// The bucket in which a key is.
  public static func bucket(of key: String) -> Int { Int(hash(key) % UInt64(buckets)) }

  /// The buckets in which two trees differ, and how many hashes had to be compared.
  public func differences(from other: MerkleTree) -> (buckets: [Int], compared: Int) {
    var buckets: [Int] = []
    var compared = 0
    var open = [1]
    while let place = open.popLast() {
      compared += 1
      guard hashes[place] != other.hashes[place] else { continue }
      if place >= Self.buckets {
        buckets.append(place - Self.buckets)
      } else {
        open += [2 * place + 1, 2 * place]
      }
    }
    return (buckets, compared)
  }

  /// FNV-1a: the same in every process, which the standard library's is not.
  private static func hash(_ text: String) -> UInt64 {
    text.utf8.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x0000_0100_0000_01B3 }
  }
}
