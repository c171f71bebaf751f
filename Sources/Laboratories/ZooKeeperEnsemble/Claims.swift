import ProtocolCore

extension Claim {
  /// An ensemble.
  static let ensemble = [
    Claim(
      "ROLE-1", .ensemble,
      """
      The leader alone makes transactions, session creation and closing among them; all servers \
      apply them in its order.
      """),
    Claim(
      "ROLE-2", .ensemble,
      """
      A follower answers reads from what it has delivered, and forwards writes; it votes on \
      proposals and in elections.
      """),
    Claim(
      "ROLE-3", .ensemble,
      """
      An observer answers reads and forwards writes, and never votes: adding observers leaves \
      write quorums alone.
      """),
    Claim(
      "GUAR-3", .ensemble,
      "A client never goes back in time, on whichever server it is. (single system image)"),
    Claim(
      "GUAR-4", .ensemble,
      """
      An update that was answered stays, whichever minority of servers stops, and whatever that \
      had not yet on disk is lost.
      """),
    Claim(
      "FLAW-1", .ensemble, .observation,
      """
      While a leader is elected nothing is written; this is said to take 30 to 120 seconds, and \
      takes far less.
      """),
    Claim(
      "FLAW-2", .ensemble,
      "Of two sides that cannot talk, the one without a majority writes nothing."),
    Claim(
      "FLAW-3", .ensemble,
      """
      Writes are linearizable, plain reads are not: a follower may answer by what is over, and so \
      may a read behind a sync while two lead.
      """),
  ]
}
