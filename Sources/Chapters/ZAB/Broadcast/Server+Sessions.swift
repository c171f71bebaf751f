import ProtocolCore

// Sessions: servers hear of them, the leader knows whose they are. What a session is, and when it
// expires, is the service's business. (Learner, LearnerHandler: PING, REVALIDATE, SYNC)

extension ZAB {
  /// What a server knows of sessions, in memory, for as long as it has this leader or leads.
  package struct Sessions<Service: ReplicatedService>: Hashable, Sendable {
    /// Those that it has heard of since it answered a ping last, in order.
    var touched: [Service.ClientSession] = []
    /// Who waits for the leader's word that a session is open, in the order in which they asked.
    var revalidating: [Revalidating] = []
    /// Who waits for SYNC, in the order in which they asked.
    package var syncing: [Server<Service>.Waiting] = []
    /// As a leader: whose they are, in their order.
    var owners: [Owner] = []

    /// A client that has come back to a session.
    struct Revalidating: Hashable, Sendable {
      let session: Service.ClientSession
      let waiting: Server<Service>.Waiting
    }

    /// A session, and the server at which it is.
    struct Owner: Hashable, Sendable {
      let session: Service.ClientSession
      var server: NodeID
    }
  }
}

extension ZAB.Sessions {
  /// It was heard of.
  mutating func touch(_ session: Service.ClientSession) {
    guard !touched.contains(session) else { return }
    touched.insert(session, at: touched.firstIndex { session < $0 } ?? touched.endIndex)
  }

  /// It is at this server from now on.
  mutating func move(_ session: Service.ClientSession, to server: NodeID) {
    if let place = owners.firstIndex(where: { $0.session == session }) {
      owners[place].server = server
    } else {
      let place = owners.firstIndex { session < $0.session } ?? owners.endIndex
      owners.insert(Owner(session: session, server: server), at: place)
    }
  }
}

extension ZAB.Leading {
  /// A learner that is gone waits for nothing.
  mutating func forgetSyncs(of learner: NodeID) {
    for place in outstanding.indices { outstanding[place].syncs.removeAll { $0 == learner } }
  }
}

// MARK: Who is asked by a client

extension ZAB.Server {
  /// Does what the service wants done about a request.
  mutating func handle(_ request: Service.Request, _ client: RequestID) -> Out {
    if case .learning = role, let session = Service.session(of: request) {
      sessions.touch(session)
    }
    switch Service.handling(of: request) {
    case .proposed: return forward(request, client)
    case .synced: return synchronize(Waiting(request: request, client: client))
    case .revalidated(let session):
      return revalidate(
        ZAB.Sessions.Revalidating(
          session: session, waiting: Waiting(request: request, client: client)))
    case .touched: return []
    }
  }

  /// A learner asks for SYNC first; who leads has delivered all that it has committed.
  private mutating func synchronize(_ waiting: Waiting) -> Out {
    if case .learning(let learning) = role, obey(.syncAsksLeader) {
      sessions.syncing.append(waiting)
      return [.send(.request(waiting.request), to: learning.leader, .atOnce)]
    }
    return [.reply(history.service.answer(to: waiting.request), to: waiting.client, .atOnce)]
  }

  private mutating func revalidate(_ asked: ZAB.Sessions<Service>.Revalidating) -> Out {
    guard case .learning(let learning) = role else {
      let isOpen = history.service.isOpen(asked.session)
      if isOpen { sessions.move(asked.session, to: id) }
      return (isOpen ? [.note(.moved(asked.session, to: id))] : []) + answer(asked, isOpen)
    }
    sessions.revalidating.append(asked)
    return [.send(.revalidate(asked.session, isOpen: nil), to: learning.leader, .atOnce)]
  }

  private func answer(_ asked: ZAB.Sessions<Service>.Revalidating, _ isOpen: Bool) -> Out {
    let reply = Service.answer(to: asked.waiting.request, isOpen: isOpen)
    return [.reply(reply, to: asked.waiting.client, .atOnce)]
  }
}

// MARK: What a learner is told

extension ZAB.Server {
  /// It says that it is there, and which sessions it has heard of since it said so last.
  mutating func answerPing(_ zxid: Zxid, _ learning: ZAB.Learning<Service>) -> Out {
    let touches = sessions.touched
    sessions.touched = []
    return [.send(.ping(zxid, touches: touches), to: learning.leader, .atOnce)]
  }

  /// All that its leader had proposed has come: the first that waits for that is answered.
  mutating func synced(_ learning: ZAB.Learning<Service>) -> Out {
    guard let first = sessions.syncing.first else {
      return [.note(.unexpected(.sync, from: learning.leader))]
    }
    sessions.syncing.removeFirst()
    return [.reply(history.service.answer(to: first.request), to: first.client, .atOnce)]
  }

  /// Its leader has said whether a session is open: the first that asked for it is answered.
  mutating func revalidated(
    _ session: Service.ClientSession, _ isOpen: Bool, _ learning: ZAB.Learning<Service>
  ) -> Out {
    guard let place = sessions.revalidating.firstIndex(where: { $0.session == session }) else {
      return [.note(.unexpected(.revalidate(session, isOpen: isOpen), from: learning.leader))]
    }
    return answer(sessions.revalidating.remove(at: place), isOpen)
  }
}

// MARK: What a leader is asked by a learner

extension ZAB.Server {
  /// A learner's client asks for a transaction, or for what is proposed to be delivered.
  mutating func take(_ request: Service.Request, from learner: NodeID) -> Out {
    guard settings.hasSessions, case .synced = Service.handling(of: request) else {
      return propose(request, of: learner) ?? []
    }
    guard case .leading(var leading) = role, leading.isEstablished else { return [] }
    guard !leading.outstanding.isEmpty else { return [.send(.sync, to: learner, .atOnce)] }
    leading.outstanding[leading.outstanding.count - 1].syncs.append(learner)
    role = .leading(leading)
    return []
  }

  /// A learner asks for a session that has come to it: if it is open, it is there from now on.
  mutating func revalidate(_ session: Service.ClientSession, for learner: NodeID) -> Out {
    guard isEstablished else { return [] }
    let isOpen = history.service.isOpen(session)
    if isOpen { sessions.move(session, to: learner) }
    return (isOpen ? [.note(.moved(session, to: learner))] : [])
      + [.send(.revalidate(session, isOpen: isOpen), to: learner, .atOnce)]
  }

  /// Whether the session is at the server that took its request; one that is nowhere, or not open,
  /// is there from now on.
  mutating func isOwned(_ request: Service.Request, by server: NodeID) -> Bool {
    guard settings.hasSessions, let session = Service.session(of: request) else { return true }
    let owner = sessions.owners.first { $0.session == session }
    guard let owner, history.service.isOpen(session) else {
      sessions.move(session, to: server)
      return true
    }
    return owner.server == server
  }
}
