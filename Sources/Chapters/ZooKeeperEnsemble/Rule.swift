public import ProtocolCore

extension ZooKeeperEnsemble {
  /// The rules by which servers that replicate a tree, and clients, keep what ZooKeeper promises.
  public enum Rule: String, RuleName {
    // Reads and writes.
    case outstandingCounted
    case readsAwaitWrites
    case eventsBeforeReplies
    case syncAwaitsOutstanding
    case readOnlyShowsDelivered

    // Sessions.
    case newerClientsRefused
    case leaderValidates
    case validationsNamed
    case openingsNamed
    case idsNotReused
    case ownerOnly
    case closedOnce
    case closingGivesUp
    case endedDropped
    case ensembleSessionsRefused

    // Watches.
    case watchesSetAgain
    case missedEventsTold
    case seenByReplies

    // What must be done so that it goes on.
    case sessionsInherited
    case touchesPassedOn
    case clientsDropped
  }
}

extension ZooKeeperEnsemble.Rule {
  /// What leaving the rule out endangers.
  public var kind: RuleKind {
    switch self {
    case .outstandingCounted, .readsAwaitWrites, .eventsBeforeReplies, .syncAwaitsOutstanding,
      .readOnlyShowsDelivered, .newerClientsRefused, .leaderValidates, .validationsNamed,
      .openingsNamed, .idsNotReused, .ownerOnly, .closedOnce, .closingGivesUp, .endedDropped,
      .ensembleSessionsRefused, .watchesSetAgain, .missedEventsTold, .seenByReplies,
      .sessionsInherited, .clientsDropped:
      .safety
    case .touchesPassedOn: .progress
    }
  }

  /// The rule in a sentence.
  public var sentence: String {
    switch self {
    case .outstandingCounted: "a write is prepared against all that was proposed before it"
    case .readsAwaitWrites: "a read is answered when what its session wrote before is"
    case .eventsBeforeReplies: "of a transaction watchers hear before anybody sees what it did"
    case .syncAwaitsOutstanding: "a sync is answered when all that was proposed before is committed"
    case .readOnlyShowsDelivered: "a server that serves reads alone shows what it has delivered"
    case .newerClientsRefused: "a server refuses a client that has seen more than it has"
    case .leaderValidates: "whether a session is open the leader says"
    case .validationsNamed:
      "what the leader says of a session is said to the connection for which it was asked"
    case .openingsNamed: "a session that begins is given to the client that has asked for it"
    case .idsNotReused: "no two sessions have one id"
    case .ownerOnly: "a session writes through the server at which it was resumed last"
    case .closedOnce: "a session that is being closed is not closed again"
    case .closingGivesUp: "a client that asked to close its session does not come back with it"
    case .endedDropped: "a server closes the connection of a session that has ended"
    case .ensembleSessionsRefused: "a server that serves reads alone resumes no session"
    case .watchesSetAgain: "a client that has another connection sets its watches again"
    case .missedEventsTold:
      "a watch that is set again tells what the tree shows to have changed meanwhile"
    case .seenByReplies: "what a client has seen it counts by replies, not by events"
    case .sessionsInherited: "a new leader watches over all sessions that there are"
    case .touchesPassedOn: "a learner tells its leader of which sessions it has heard"
    case .clientsDropped: "a server that has no leader any more drops its clients"
    }
  }

  /// Where the rule comes from.
  public var source: String {
    switch self {
    case .outstandingCounted: "PrepRequestProcessor: outstandingChanges"
    case .readsAwaitWrites: "Hunt et al. 2010, 2.3, FIFO client order; CommitProcessor"
    case .eventsBeforeReplies: "Hunt et al. 2010, 2.3; Programmer's Guide, Watches"
    case .syncAwaitsOutstanding: "Hunt et al. 2010, 4.4; Leader.processSync"
    case .readOnlyShowsDelivered: "not in Apache's servers, which show their whole log"
    case .newerClientsRefused: "Hunt et al. 2010, 4.4; ZooKeeperServer.processConnectRequest"
    case .leaderValidates: "LearnerZooKeeperServer.revalidateSession; Leader: REVALIDATE"
    case .validationsNamed: "argued: Learner.pendingRevalidations has the session's id alone"
    case .openingsNamed: "ZooKeeperServer.createSession: the server makes the id that it asks for"
    case .idsNotReused: "SessionTrackerImpl.initializeNextSessionId, by the time of the start"
    case .ownerOnly: "SessionTrackerImpl.checkSession: SessionMoved"
    case .closedOnce: "not in Apache's servers: PrepRequestProcessor does not ask for it"
    case .closingGivesUp: "ClientCnxn.SendThread.run: closing"
    case .endedDropped: "FinalRequestProcessor: closeSession; ZOOKEEPER-558"
    case .ensembleSessionsRefused: "ReadOnlyZooKeeperServer.validateSession"
    case .watchesSetAgain: "Programmer's Guide, Watches; ClientCnxn.primeConnection"
    case .missedEventsTold: "Programmer's Guide, Watches; DataTree.setWatches"
    case .seenByReplies: "ClientCnxn.readResponse: lastZxid"
    case .sessionsInherited: "LeaderZooKeeperServer.createSessionTracker"
    case .touchesPassedOn: "Learner.ping; LearnerHandler: PING"
    case .clientsDropped: "Follower.shutdown, ZooKeeperServer.shutdown"
    }
  }
}
