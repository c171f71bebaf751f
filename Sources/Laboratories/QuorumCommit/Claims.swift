import ProtocolCore

extension Claim {
  /// Commit by quorums, and E3PC.
  static let quorumCommit = [
    Claim(
      "3PC-8", .model,
      """
      With quorums Vc + Va > V nobody decides otherwise than another, whatever the network does; \
      a participant in a part too small for both waits.
      """),
    Claim(
      "3PC-9", .model,
      """
      Where sides are kept, partitions one after the other can leave a connected majority waiting; \
      where the latest attempt counts, a connected majority decides.
      """),
  ]
}
