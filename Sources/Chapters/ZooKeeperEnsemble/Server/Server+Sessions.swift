import ProtocolCore
import ZAB
import ZooKeeper

// Sessions: their leader watches over them, learners tell it of which they have heard.
// (SessionTrackerImpl, LearnerSessionTracker)

extension ZooKeeperEnsemble.Server {
  /// It leads: it watches over all sessions that there are, each from now on.
  mutating func inherit() -> Out {
    (owners, timeouts, syncs) = ([:], [:], [])
    tracked = obey(.sessionsInherited) ? zab.history.service.tree.openSessions : []
    return tracked.flatMap { touch($0) } + awaitReaping()
  }

  // begin touching
  /// A session was heard of: its leader waits anew, a learner will tell its leader.
  mutating func touch(_ session: SessionID) -> Out {
    guard zab.isEstablished else {
      if zab.isServing, !touched.contains(session) { touched.append(session) }
      return []
    }
    guard let timeout = timeout(of: session) else { return [] }
    let ticks = Ticks(Int(timeout))
    return [.set(.session(session), after: ticks...(ticks + Ticks(settings.tick)))]
  }

  /// With its answer to a ping a learner tells its leader of which sessions it has heard.
  mutating func passOn(to leader: NodeID) -> Out {
    guard self.leader == leader, !touched.isEmpty else { return [] }
    let sessions = touched
    touched = []
    guard obey(.touchesPassedOn) else { return [] }
    return [.send(.touched(sessions), to: leader, .atOnce)]
  }

  /// Nothing was heard of a session for too long: its leader closes it.
  mutating func expire(_ session: SessionID) -> Out {
    guard zab.isEstablished, tracked.contains(session) else { return [] }
    return submit(ReplicatedTree.Request(.expire, by: Author(session), cxid: 0, at: id))
  }
  // end touching

  /// Watches over a session no more.
  mutating func forget(_ session: SessionID) -> Out {
    tracked.removeAll { $0 == session }
    (owners[session], timeouts[session]) = (nil, nil)
    return zab.isEstablished ? [.cancel(.session(session))] : []
  }

  // MARK: Reaping

  /// A leader looks now and then for containers and nodes whose time has come.
  func awaitReaping() -> Out {
    guard let ticks = settings.reapingInterval.map({ Ticks($0) }) else { return [] }
    return [.set(.reap, after: ticks...ticks)]
  }

  /// It takes those away, each by a transaction of its own.
  mutating func reap() -> Out {
    guard zab.isEstablished else { return [] }
    let paths = zab.history.service.tree.reapable(at: clock)
    return paths.flatMap { path in
      submit(ReplicatedTree.Request(.reap(path), by: Author(.none), cxid: 0, at: id))
    } + awaitReaping()
  }

  // MARK: Resuming

  // begin resuming
  /// A client has come with its session: the leader says whether it is open, and has it owned by
  /// the server that asks; the answer is for the connection that the client has there.
  mutating func validate(
    _ session: SessionID, timeout: Int32, of connection: Int, at server: NodeID
  ) -> Out {
    guard zab.isEstablished else { return [] }
    let isOpen = tracked.contains(session)
    if isOpen { (owners[session], timeouts[session]) = (server, timeout) }
    let touch = touch(session)
    return server == id
      ? touch + validated(session, isOpen: isOpen, for: connection)
      : touch + [
        .send(.revalidated(session, isOpen: isOpen, connection: connection), to: server, .atOnce)
      ]
  }

  /// Asks the leader for a session, or knows.
  mutating func revalidate(_ session: SessionID, timeout: Int32, of connection: Int) -> Out {
    guard let leader else { return validate(session, timeout: timeout, of: connection, at: id) }
    guard obey(.leaderValidates) else {
      return validated(
        session, isOpen: delivered?.timeout(of: session) != nil, for: connection)
    }
    return [
      .send(
        .revalidate(session, timeout: timeout, connection: connection), to: leader, .atOnce)
    ]
  }

  /// The leader has said whether a session is open: to the connection for which it was asked, since
  /// what was asked for a later one is under way yet, and will have the session owned anew.
  mutating func validated(_ session: SessionID, isOpen: Bool, for connection: Int) -> Out {
    let waiting = connections.filter {
      $0.phase == .resuming(session)
        && require(.validationsNamed, $0.number == connection)
    }
    return waiting.flatMap { welcome($0.client, session, isOpen: isOpen) }
  }
  // end resuming

  // MARK: What is proposed

  // begin submitting
  /// Has a request proposed: by itself, if it leads, or by its leader.
  mutating func submit(_ request: ReplicatedTree.Request) -> Out {
    replicate(.asked(zab.isEstablished ? admitted(request, from: id) : request, RequestID(0)))
  }

  /// A learner forwards a request.
  mutating func forwarded(_ request: ReplicatedTree.Request, from learner: NodeID) -> Out {
    let request = zab.isEstablished ? admitted(request, from: learner) : request
    return replicate(.received(.request(request), from: learner))
  }

  /// What a leader makes of a request before it prepares it: it is stamped; refused if its session
  /// has moved to another server, or is being closed already.
  private mutating func admitted(
    _ request: ReplicatedTree.Request, from server: NodeID
  ) -> ReplicatedTree.Request {
    let session = request.author.session
    var ask = request.ask
    if request.closes {
      // Of a session that is closed Apache's leader does not ask for the owner, since it closes
      // those that expire itself: it is the client that must not come back. (PrepRequestProcessor)
      if !tracked.contains(session), obey(.closedOnce) { ask = .refuse(.sessionExpired) }
      tracked.removeAll { $0 == session }
    } else if case .request = ask {
      let owner = owners[session] ?? server
      owners[session] = owner
      if !require(.ownerOnly, owner == server) { ask = .refuse(.sessionMoved) }
    }
    var admitted = ReplicatedTree.Request(
      ask, by: request.author, cxid: request.cxid, at: request.server, for: request.client)
    admitted.time = clock
    admitted.countsOutstanding = obey(.outstandingCounted)
    admitted.callsByZxid = obey(.idsNotReused)
    return admitted
  }
  // end submitting
}

extension ReplicatedTree.Request {
  /// Whether its session ends by it.
  var closes: Bool {
    switch ask {
    case .expire, .request(.closeSession): true
    case .open, .reap, .refuse, .request: false
    }
  }
}
