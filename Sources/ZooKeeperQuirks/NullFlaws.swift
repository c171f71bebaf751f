import ZooKeeper
package import ZooKeeperServer
import ZooKeeperWire

/// Nulls that are forgiven, where Apache's server runs into them.
///
/// Source for all: Apache ZooKeeper, `PrepRequestProcessor.fixupACL`, `SASLAuthenticationProvider`,
/// `PathParentIterator`; as observed.
extension Quirk {
  package static let nullFlaws: [Quirk] = [
    flaw("null-names-are-principals", "An ACL entry takes a null id for SASL's.", "ACL-1") {
      $0.settings = { $0.reading.refusedNulls.remove(.saslID) }
    },
    flaw("nulls-beside-others-pass", "A null in an ACL is the empty text, wherever.", "ACL-1") {
      $0.settings = { $0.reading.refusedNulls.remove(.besideOthers) }
    },
    flaw("null-paths-are-no-paths", "checkWatches of a null path is refused.", "WATCH-8") {
      $0.settings = { $0.reading.refusedNulls.insert(.checkedPath) }
    },
    flaw(
      "any-path-may-be-looked-for", "checkWatches of a path that is none finds no watcher.",
      "WATCH-6"
    ) {
      $0.reply = { answered, asked, _ in
        if asked.isOne(of: .checkWatches), answered.code == .marshallingError {
          answered.code = .noWatcher
        }
      }
    },
  ]
}
