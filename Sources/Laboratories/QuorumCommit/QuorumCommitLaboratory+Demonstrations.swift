import AtomicCommitment
public import Lab
import ProtocolCore
import QuorumCommit

extension QuorumCommitLaboratory {
  /// Whether a connected majority can wait.
  public static var demonstrations: [Demonstration] {
    Variant.allCases.map { variant in
      Demonstration(
        "STUCK[\(variant.rawValue)]",
        "Two of three wait for each other where sides are kept, and only there: "
          + variant.rawValue,
        claims: ["3PC-9"]
      ) {
        let isStuck = try isEverStuck(variant)
        return Discrepancy.between(
          "stuck", expected: variant == .quorum ? 1 : 0, got: isStuck ? 1 : 0)
      }
    }
  }

  /// Whether two of three are ever stuck in what can follow, with a crash or with a time-out, when
  /// the coordinator has told preCommit and nobody has heard it, and another has gone for abort.
  static func isEverStuck(_ variant: Variant) throws(TopologyError) -> Bool {
    for scenario in [scenario(crashes: 1, after: parted), scenario(expiries: 1, after: parted)] {
      for explorer in try scenario.only(variant).explorers() {
        var explorer = explorer
        explorer.judged = [.stuck]
        if explorer.explore().witnesses[.stuck] != nil { return true }
      }
    }
    return false
  }
}
