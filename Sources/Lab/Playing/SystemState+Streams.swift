public import ProtocolCore

/// A stream: of each channel two nodes have one at a time, whichever of them has opened it.
public struct StreamName: Hashable, Comparable, Sendable {
  /// The first of its ends, by name.
  public let near: NodeID
  /// The other.
  public let far: NodeID
  /// Which of the streams between these it is.
  public let channel: Channel

  /// The stream of these nodes.
  public init(_ a: NodeID, _ b: NodeID, _ channel: Channel) {
    (near, far) = a < b ? (a, b) : (b, a)
    self.channel = channel
  }

  /// By ends, then by channel.
  public static func < (a: StreamName, b: StreamName) -> Bool {
    (a.near, a.far, a.channel) < (b.near, b.far, b.channel)
  }
}

// A stream is two queues, one each way. When it ends, at one end or in the middle, the end is put
// behind all that is under way to the other side, and what is under way to the side that has closed
// is gone. The next connection's messages follow behind that end. So no connection needs a number:
// a node whose own queue still holds an end is at an older connection than the newest, and what it
// sends is lost.

extension SystemState {
  private func holdsEnd(on link: Link, _ channel: Channel) -> Bool {
    envelopes.contains { $0.link == link && $0.content == .end(channel) }
  }

  /// Whether what is sent now will be under way.
  func isCarried(_ message: Words.Message, on link: Link) -> Bool {
    guard !Words.channels.isEmpty, case .stream(let channel) = Words.carriage(of: message) else {
      return true
    }
    return streams.contains(StreamName(link.from, link.to, channel))
      && !holdsEnd(on: link.reversed, channel)
  }

  /// Whether nothing stands before it on its stream; datagrams stand before nothing.
  func isFirstOfStream(_ position: Int) -> Bool {
    guard !Words.channels.isEmpty else { return true }
    let envelope = envelopes[position]
    guard let channel = envelope.content.channel else { return true }
    return !envelopes[..<position].contains {
      $0.link == envelope.link && $0.content.channel == channel
    }
  }

  /// Whether the network may lose it: of a stream only what is the last before an end.
  func isLosable(_ position: Int) -> Bool {
    let envelope = envelopes[position]
    guard let channel = envelope.content.channel else { return true }
    guard case .message = envelope.content else { return false }
    let next = envelopes[(position + 1)...].first {
      $0.link == envelope.link && $0.content.channel == channel
    }
    return next?.content == .end(channel)
  }

  /// Whether it can arrive before all that left before it on its link, as far as the protocol bears
  /// that.
  func mayArrive(_ position: Int) -> Bool {
    guard envelopes[position].content.channel == nil, !cluster.faults.contains(.reordering) else {
      return isFirstOfStream(position)
    }
    return !envelopes[..<position].contains {
      $0.link == envelopes[position].link && $0.content.channel == nil
    }
  }

  private mutating func empty(_ link: Link, _ channel: Channel) {
    envelopes.removeAll { $0.link == link && $0.content.channel == channel }
  }

  /// A node opens a stream; one that it has is replaced.
  mutating func connect(_ id: NodeID, to other: NodeID, _ channel: Channel) {
    let name = StreamName(id, other, channel)
    let link = Link(from: id, to: other)
    empty(link.reversed, channel)
    if streams.contains(name) { _ = send(.end(channel), on: link) }
    let isThere = index(of: other).map { hosts[$0].isUp } ?? false
    guard isThere, other != id, !cuts.contains(link), !cuts.contains(link.reversed) else {
      streams.remove(name)
      _ = send(.end(channel), on: link.reversed)
      return
    }
    streams.insert(name)
  }

  /// A node closes its end of a stream.
  mutating func disconnect(_ id: NodeID, from other: NodeID, _ channel: Channel) {
    let name = StreamName(id, other, channel)
    let link = Link(from: id, to: other)
    if let end = envelopes.firstIndex(where: {
      $0.link == link.reversed && $0.content == .end(channel)
    }) {
      // It ends what has ended already; what follows belongs to the next connection.
      let old = envelopes.indices.filter { position in
        position <= end && envelopes[position].link == link.reversed
          && envelopes[position].content.channel == channel
      }
      for position in old.reversed() { envelopes.remove(at: position) }
    } else if streams.remove(name) != nil {
      empty(link.reversed, channel)
      _ = send(.end(channel), on: link)
    }
  }

  /// A node has crashed.
  mutating func endStreams(of id: NodeID) {
    guard !Words.channels.isEmpty else { return }
    envelopes.removeAll { $0.link.to == id && $0.content.channel != nil }
    for name in streams.filter({ $0.near == id || $0.far == id }).sorted() {
      streams.remove(name)
      let other = name.near == id ? name.far : name.near
      _ = send(.end(name.channel), on: Link(from: id, to: other))
    }
  }

  /// A stream breaks in the middle.
  mutating func sever(_ a: NodeID, _ b: NodeID, _ channel: Channel) throws(Disabled) {
    for id in [a, b] where index(of: id) == nil { throw .noNode(id) }
    let name = StreamName(a, b, channel)
    guard streams.remove(name) != nil else { throw .noStream(a, b) }
    for link in [Link(from: name.near, to: name.far), Link(from: name.far, to: name.near)] {
      _ = send(.end(channel), on: link)
    }
  }
}
