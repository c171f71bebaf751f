import Lab
import ProtocolCore
import ReplicatedLog
import ZAB

extension Flaws {
  // MARK: Members

  static let activatesAtProposal = Flaw<Server>(
    "activatesAtProposal", "a configuration is in force when it is proposed"
  ) { server, event in
    let effects = server.step(event)
    let named = effects.compactMap { effect -> ZAB.Configuration? in
      guard case .persist(.proposal(let proposal)) = effect,
        case .members(let members) = proposal.transaction
      else { return nil }
      return ZAB.Configuration(proposal.zxid, members: members)
    }
    return effects + named.flatMap { server.activate($0) }
  }

  static let countsRemoved = Flaw<Server>(
    "countsRemoved", "a leader takes what a removed server acknowledges for a member's"
  ) { server, event in
    guard case .received(.ack(let zxid), let sender) = event,
      let members = server.quorumVerifier?.members, members.contains(server.id),
      !members.contains(sender), let member = members.first(where: { $0 != server.id })
    else { return server.step(event) }
    return server.step(.received(.ack(zxid), from: member))
  }

  static let lastSeenForgotten = Flaw<Server>(
    "lastSeenForgotten", "who starts again has forgotten that a reconfiguration is under way"
  ) { server, event in
    if case .started(let records) = event, !records.isEmpty {
      server.without.insert(.lastSeenCounts)
    }
    return server.step(event)
  }

  static let acknowledgesUnsynchronized = Flaw<Server>(
    "acknowledgesUnsynchronized",
    "a learner acknowledges what is proposed while it is synchronized, and has not written it"
  ) { server, event in
    let effects = server.step(event)
    guard case .received(.proposal(let proposal), let leader) = event,
      case .learning(let learning) = server.role, case .synchronizing = learning.phase
    else { return effects }
    return effects + [.send(.ack(proposal.zxid), to: leader, .atOnce)]
  }

  static let operatorToldAtOnce = Flaw<Server>(
    "operatorToldAtOnce", "a leader tells an operator that it is done when it has proposed it"
  ) { server, event in
    let effects = server.step(event)
    guard case .asked(.members, let client) = event,
      effects.contains(where: { if case .note(.broadcast) = $0 { true } else { false } })
    else { return effects }
    return effects + [.reply(.done, to: client)]
  }

  static let configurationForgotten = Flaw<Server>(
    "configurationForgotten", "who starts again has forgotten which configuration is in force"
  ) { server, event in
    guard case .started(let records) = event else { return server.step(event) }
    let kept = records.filter { if case .quorumVerifier = $0 { false } else { true } }
    return server.step(.started(kept))
  }

  static let observersForgotten = Flaw<Server>(
    "observersForgotten", "a new configuration names who votes, and nobody observes any more"
  ) { server, event in
    let effects = server.step(event)
    if server.quorumVerifier != nil {
      server.ensemble = ZAB.Ensemble(voters: server.ensemble.voters)
    }
    return effects
  }

  static let changesOnce = Flaw<Server>(
    "changesOnce", "a leader takes a reconfiguration that is over for one that is under way"
  ) { server, event in
    guard case .asked(.members, let client) = event, server.quorumVerifier != nil else {
      return server.step(event)
    }
    return [.reply(.refused, to: client)]
  }

  static let silentRemoved = Flaw<Server>(
    "silentRemoved", "a leader removes, unasked, the members that it does not hear"
  ) { server, event in
    let before = server.learners
    let effects = server.step(event)
    guard case .expired(.syncLimit) = event, server.learners.count < before.count else {
      return effects
    }
    let members = (server.learners + [server.id]).sorted()
    return effects + server.step(.asked(.members(members), RequestID(900)))
  }
}

extension ZABModel.Node {
  /// Those that it leads.
  fileprivate var learners: [NodeID] {
    if case .leading(let leading) = role { leading.learners.map(\.id) } else { [] }
  }
}
