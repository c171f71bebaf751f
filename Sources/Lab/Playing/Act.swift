public import ProtocolCore

/// One thing that a driver, or an author, makes happen.
///
/// A run is its acts.
///
/// An act names a message by place: its link, and its position among the messages that are under
/// way on it, the oldest first. So acts keep their meaning when others are deleted: content
/// carries terms and ballots, places do not.
public enum Act<Words: Vocabulary>: Hashable, Sendable {
  /// The message arrives; at a node that is down nothing comes of it.
  case deliver(Link, Int)
  /// The message is lost.
  case lose(Link, Int)
  /// Another copy of the message is under way.
  case duplicate(Link, Int)
  /// A timer of the node runs out.
  case expire(NodeID, Words.Timer)
  /// The disk makes the node's unstable records stable: the first so many, or all.
  case store(NodeID, first: Int?)
  /// The node stops. So many of its unstable records are lost, from the newest; and if it acted
  /// last, so many of the messages that it sent then never left, from the last.
  case crash(NodeID, losing: Int, unsent: Int)
  /// The node starts again with what its disk holds.
  case restart(NodeID)
  /// The node is asked, by a client that waits for the answer or by nobody.
  case ask(NodeID, Words.Request, by: ClientID? = nil)
  /// The client waits no longer for the answer to what it asked.
  case abandon(ClientID)
  /// Nothing passes on these links any more.
  case cut([Link])
  /// Everything passes again.
  case heal
  /// The stream between two nodes breaks.
  case sever(NodeID, NodeID, Channel = .main)
  /// The disk of a node that is down loses the last of its stable records, or all.
  case forget(NodeID, last: Int?)
  /// The clock of a node has come to this reading.
  case clock(NodeID, Ticks)
}

extension Act {
  /// The node that does something in this act, if one does.
  public var actor: NodeID? {
    switch self {
    case .deliver(let link, _): link.to
    case .expire(let id, _), .store(let id, _), .crash(let id, _, _), .restart(let id),
      .ask(let id, _, _):
      id
    case .lose, .duplicate, .cut, .heal, .sever, .forget, .clock, .abandon: nil
    }
  }
}

extension Act: CustomStringConvertible {
  /// By place, for debugging; `SystemState.describe` tells an act by content.
  public var description: String {
    switch self {
    case .deliver(let link, let place): "deliver \(link) #\(place)"
    case .lose(let link, let place): "lose \(link) #\(place)"
    case .duplicate(let link, let place): "duplicate \(link) #\(place)"
    case .expire(let node, let timer): "expire \(node) \(timer)"
    case .store(let node, let first): "store \(node)" + (first.map { " first \($0)" } ?? "")
    case .crash(let node, let losing, let unsent):
      "crash \(node)" + (losing > 0 ? " losing \(losing)" : "")
        + (unsent > 0 ? " unsent \(unsent)" : "")
    case .restart(let node): "restart \(node)"
    case .ask(let node, let request, nil): "ask \(node) \(request)"
    case .ask(let node, let request, let client?): "ask \(client)→\(node) \(request)"
    case .abandon(let client): "abandon \(client)"
    case .cut(let links): "cut " + links.map { $0.description }.joined(separator: " ")
    case .heal: "heal"
    case .sever(let a, let b, let channel):
      "sever \(a) \(b)" + (channel == .main ? "" : " \(channel)")
    case .forget(let node, let last): "forget \(node)" + (last.map { " last \($0)" } ?? "")
    case .clock(let node, let reading): "clock \(node) \(reading)"
    }
  }
}

/// Why an act cannot happen now.
public enum Disabled: Error, Hashable, Sendable {
  /// Nothing of that place is under way.
  case noMessage(Link)
  /// The link is cut.
  case cut(Link)
  /// No node has this name.
  case noNode(NodeID)
  /// The node is down.
  case down(NodeID)
  /// The node is up.
  case up(NodeID)
  /// The timer is not set; these are.
  case notSet(String, set: [String])
  /// The node has only so many unstable records.
  case unstable(NodeID, Int)
  /// The node sent only so many messages that could still be held back, in its last act.
  case unsent(NodeID, Int)
  /// The link is not a link of the cluster, or there is nothing to heal.
  case pointless
  /// On a stream a message overtakes none.
  case overtakes(Link)
  /// On a stream nothing is doubled, and nothing lost but the tail before its end.
  case keeps(Link)
  /// There is no open stream between these.
  case noStream(NodeID, NodeID)
  /// The disk has only so many stable records.
  case stable(NodeID, Int)
  /// A clock does not go back.
  case backwards(NodeID, Ticks)
  /// The client waits for the answer to what it asked before.
  case waits(ClientID)
  /// The client waits for nothing.
  case waitsNot(ClientID)
}

extension Disabled: CustomStringConvertible {
  /// The reason in a line.
  public var description: String {
    switch self {
    case .noMessage(let link): "no such message is under way from \(link.from) to \(link.to)"
    case .cut(let link): "the link \(link) is cut"
    case .noNode(let id): "no node is called '\(id)'"
    case .down(let id): "\(id) is down"
    case .up(let id): "\(id) is up"
    case .notSet(let timer, let set):
      "the timer '\(timer)' is not set; set are: " + (set.joined(separator: ", "))
    case .unstable(let id, 0): "\(id) has no unstable record"
    case .unstable(let id, let count): "\(id) has \(count) unstable records, not more"
    case .unsent(let id, let count):
      "of what \(id) sent in the act before, \(count) messages can be held back, not more"
    case .pointless: "there is nothing to heal, or nothing to cut"
    case .overtakes(let link): "on the stream \(link) another message comes first"
    case .keeps(let link):
      "the stream \(link) doubles nothing, and loses nothing but the last before its end"
    case .noStream(let a, let b): "no such stream is open between \(a) and \(b)"
    case .stable(let id, let count): "\(id) has \(count) stable records, not more"
    case .backwards(let id, let reading): "the clock of \(id) reads \(reading) already"
    case .waits(let client): "\(client) waits for the answer to what it asked before"
    case .waitsNot(let client): "\(client) waits for no answer"
    }
  }
}
