import Lab
import ProtocolCore
package import Synchronization
import ZAB
import ZooKeeper
import ZooKeeperClient
import ZooKeeperEnsemble
import ZooKeeperWire

// A leader stops, and its clients go on.

extension EmbeddedEnsemble {
  /// The leader stops, the others elect another, and it starts again with what is on its disk; then
  /// every client goes on with its session, as its library would.
  ///
  /// Followers that lose their leader drop their clients, too, so that each client connects anew:
  /// it comes with its session and the last zxid that it has seen, shows again whom it has shown to
  /// be, and sets its watches again. Where all go to one server each comes back to that, otherwise
  /// to the next. For clients no time passes meanwhile.
  mutating func stopLeader() {
    guard let leader = servers.first(where: { hosts[$0]?.node?.zab.isEstablished == true }) else {
      return
    }
    stopsLeaderAfter = nil
    stops?.count.withLock { $0 += 1 }
    isOutage = true
    take(.crash(losing: 0), at: leader)
    alarms[leader] = nil
    for stream in streams.sorted() where stream.near == leader || stream.far == leader {
      let other = stream.near == leader ? stream.far : stream.near
      disconnect(leader, from: other, stream.channel)
    }
    settle()
    _ = settleLeader()
    take(.start, at: leader)
    settle()
    _ = settleLeader()
    for connection in clients.keys.sorted() { comeBack(connection) }
    isOutage = false
  }

  /// A client connects anew, with the session that it has.
  private mutating func comeBack(_ connection: Int) {
    guard var client = clients[connection], client.isParted else { return }
    if only == nil, let place = servers.firstIndex(of: client.server) {
      client.server = servers[(place + 1) % servers.count]
    }
    (client.isParted, client.isResuming) = (false, client.hasGreeted)
    clients[connection] = client
    let name = Self.name(connection)
    streams.insert(StreamName(name, client.server, Channel.clients))
    guard client.hasGreeted else { return }
    send(.connect(client.kept.greeting), from: name, to: client.server)
    settle()
    let again = client.kept.shown + (setsWatchesAgain ? client.kept.watchesSetAgain : [])
    for (xid, request) in again where clients[connection] != nil {
      send(.request(xid, request), from: name, to: client.server)
      settle()
    }
    clients[connection]?.isResuming = false
  }

  /// A server has said something to a client that comes back: its library keeps that to itself,
  /// but for what watches tell, and the end of the session.
  mutating func resume(_ connection: Int, _ message: ZooKeeperEnsemble.Words.Message) {
    switch message {
    case .connected(.none, _, _): hangUp(connection)
    case .event(let event, let zxid):
      clients[connection]?.kept.watches.note(event)
      write(.event(event, zxid: zxid), to: connection)
    case .connected, .reply, .peer, .touched, .revalidate, .revalidated, .sync, .synced, .connect,
      .request:
      break
    }
  }
}

/// What a client library keeps of a session, to go on with it at another server. (ClientCnxn)
struct KeptSession {
  /// How it greeted.
  var hello = ZooKeeperEnsemble.ConnectRequest(timeout: 0)
  /// The session that it has.
  var session = SessionID.none
  /// The watches that it has left.
  var watches = WatchRegistry()
  /// The last transaction of which it has seen something.
  private var lastZxid = ZooKeeper.Zxid.zero
  /// What is under way.
  private var asked: [(xid: Int32, request: ZooKeeper.Request)] = []
  /// How it has shown who it is.
  private var identities: [ZooKeeper.Request] = []

  /// It asks something.
  mutating func note(_ request: ZooKeeper.Request, _ xid: Int32) {
    switch request {
    case .ping: return
    case .auth: identities.append(request)
    // What an earlier connection had left; what fires at once leaves the lists again.
    case .setWatches(let set): note(set)
    default: asked.append((xid, request))
    }
  }

  /// It is answered.
  mutating func note(_ reply: ZooKeeper.Reply, _ xid: Int32) {
    lastZxid = max(lastZxid, reply.zxid)
    guard let place = asked.firstIndex(where: { $0.xid == xid }) else { return }
    let request = asked.remove(at: place).request
    watches.note(request, reply.result)
    if case .removeWatches(let path, let type) = request, case .success = reply.result {
      watches.remove(type, at: path)
    }
  }

  private mutating func note(_ set: SetWatches) {
    for path in set.data { watches.note(.getData(path: path, watch: true), .success(.done)) }
    for path in set.exist { watches.note(.exists(path: path, watch: true), .failure(.noNode)) }
    for path in set.child {
      watches.note(
        .getChildren(path: path, watch: true, withStat: false), .success(.done))
    }
    for path in set.lasting?.persistent ?? [] {
      watches.note(.addWatch(path: path, mode: .persistent), .success(.done))
    }
    for path in set.lasting?.recursive ?? [] {
      watches.note(.addWatch(path: path, mode: .persistentRecursive), .success(.done))
    }
  }

  /// How it greets the next server.
  var greeting: ZooKeeperEnsemble.ConnectRequest {
    var greeting = hello
    (greeting.session, greeting.password) = (session, session.password)
    greeting.lastZxidSeen = max(hello.lastZxidSeen, lastZxid)
    return greeting
  }

  /// How it shows there who it is, by the number that a library has for that.
  var shown: [(Int32, ZooKeeper.Request)] { identities.map { (-4, $0) } }

  /// How it sets its watches again.
  var watchesSetAgain: [(Int32, ZooKeeper.Request)] {
    watches.setWatches(since: lastZxid).map { (-8, .setWatches($0)) }
  }
}

/// How many leaders have stopped.
package final class LeaderStops: Sendable {
  package let count = Mutex(0)

  package init() {}
}
