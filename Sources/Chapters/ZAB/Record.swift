import ProtocolCore

extension ZAB.Words {
  /// What a server writes to its journal: Apache's files acceptedEpoch and currentEpoch, its log
  /// and its snapshots.
  public enum Record: Hashable, Sendable {
    /// The greatest epoch that it was told of by a leader.
    case acceptedEpoch(Int)
    /// The epoch of the last leader to whose history it came.
    case currentEpoch(Int)
    /// A transaction, at the end of the log.
    case proposal(Proposal<Service>)
    /// What all transactions up to one have made; the log behind it stays.
    case snapshot(Snapshot<Service>)
    /// A leader's history in place of its own, and that leader's epoch: one record, for a server
    /// that had one without the other could lead with what nobody has to follow.
    case installed(Snapshot<Service>, currentEpoch: Int?)
    /// The configuration in force, as far as it knows. The one that was seen last stands in the log
    /// or the snapshot.
    case quorumVerifier(ZAB.Configuration)
  }

  /// Of epochs only the last matters; a snapshot takes the place of the log up to it, one that is
  /// installed of the whole log.
  public static func settle(_ record: Record, on disk: inout [Record]) {
    switch record {
    case .acceptedEpoch: disk.removeAll { if case .acceptedEpoch = $0 { true } else { false } }
    case .currentEpoch:
      for (place, other) in disk.enumerated() {
        if case .installed(let snapshot, .some) = other {
          disk[place] = .installed(snapshot, currentEpoch: nil)
        }
      }
      disk.removeAll { $0.isCurrentEpoch }
    case .quorumVerifier: disk.removeAll { if case .quorumVerifier = $0 { true } else { false } }
    case .proposal: break
    case .snapshot(let snapshot):
      // An epoch that stands in the same record as what was installed stays.
      let epoch = disk.compactMap(\.installedEpoch).last
      disk.removeAll { $0.isSuperseded(upTo: snapshot.zxid) }
      if let epoch { disk.append(.currentEpoch(epoch)) }
    case .installed(_, let epoch):
      disk.removeAll { other in
        switch other {
        case .proposal, .snapshot, .installed: true
        case .currentEpoch: epoch != nil
        case .acceptedEpoch, .quorumVerifier: false
        }
      }
    }
    disk.append(record)
  }
}

extension ZAB.Words.Record {
  fileprivate var isCurrentEpoch: Bool { if case .currentEpoch = self { true } else { false } }

  fileprivate var installedEpoch: Int? {
    if case .installed(_, let epoch) = self { epoch } else { nil }
  }

  fileprivate func isSuperseded(upTo zxid: Zxid) -> Bool {
    switch self {
    case .proposal(let proposal): proposal.zxid <= zxid
    case .snapshot, .installed: true
    case .acceptedEpoch, .currentEpoch, .quorumVerifier: false
    }
  }
}

extension ZAB.Words.Record: CustomStringConvertible {
  /// As runs print it.
  public var description: String {
    switch self {
    case .acceptedEpoch(let epoch): "acceptedEpoch \(epoch)"
    case .currentEpoch(let epoch): "currentEpoch \(epoch)"
    case .proposal(let proposal): "log \(proposal)"
    case .snapshot(let snapshot): "snapshot \(snapshot)"
    case .installed(let snapshot, let epoch?): "installed \(snapshot), currentEpoch \(epoch)"
    case .installed(let snapshot, nil): "installed \(snapshot)"
    case .quorumVerifier(let configuration): "configuration \(configuration)"
    }
  }
}
