// Streams, in numbers: what `SystemState` does by name. An open stream is an envelope that never
// arrives; each way is a queue, in which the end of a connection stands behind its messages.

extension StateExpander {
  /// Does to the streams of `next` what a transition does.
  mutating func operateStreams(_ transition: LocalTransition) {
    let first = Int(transition.firstOperation)
    for index in first..<first &+ Int(transition.operationCount) {
      let operation = known.table.streamOperations[index]
      let stream = known.table.streams[Int(operation.stream)]
      let way = Way(stream, isNear: operation.isNear)
      switch operation.kind {
      case .send:
        if next.contains(way.token), !next.contains(way.endHere) {
          next.add(Int(operation.envelope), by: known.table)
        }
      case .connect: connect(way)
      case .disconnect: disconnect(way)
      case .sever:
        next.remove(way.token)
        next.add(way.endThere, by: known.table)
        next.add(way.endHere, by: known.table)
      }
    }
    if transition.crashed >= 0 { endStreams(of: Int(transition.crashed)) }
  }

  /// A stream as one of its ends sees it.
  private struct Way {
    let token: Int
    let there: Int
    let links: UInt64
    /// The envelope that ends it at the other end, and the one that ends it at this one.
    let endThere: Int
    let endHere: Int

    init(_ stream: StreamFacts, isNear: Bool) {
      token = stream.token
      links = stream.links
      there = isNear ? stream.nodes.1 : stream.nodes.0
      endThere = isNear ? stream.ends.0 : stream.ends.1
      endHere = isNear ? stream.ends.1 : stream.ends.0
    }
  }

  /// Takes away what is under way to an end, up to the first end of a connection if that is said.
  private mutating func empty(queueOf end: Int, throughEnd: Bool = false) {
    let key = known.table.envelopes[end].key
    let count = next.envelopeCount
    let place = (0..<count).first { known.table.envelopes[next.envelopes[$0]].key == key }
    guard let first = place else { return }
    while first < next.envelopeCount, known.table.envelopes[next.envelopes[first]].key == key {
      let isEnd = next.envelopes[first] == end
      next.remove(at: first)
      if isEnd, throughEnd { return }
    }
  }

  private mutating func connect(_ way: Way) {
    empty(queueOf: way.endHere)
    let isOpen = next.contains(way.token)
    if isOpen { next.add(way.endThere, by: known.table) }
    let isThere = known.table.hosts[next.host(of: way.there)].isUp
    if isThere, known.table.cutMask[next.budget] & way.links == 0 {
      if !isOpen { next.add(way.token, by: known.table) }
    } else {
      next.remove(way.token)
      next.add(way.endHere, by: known.table)
    }
  }

  private mutating func disconnect(_ way: Way) {
    if next.contains(way.endHere) {
      empty(queueOf: way.endHere, throughEnd: true)
    } else if next.contains(way.token) {
      next.remove(way.token)
      empty(queueOf: way.endHere)
      next.add(way.endThere, by: known.table)
    }
  }

  private mutating func endStreams(of node: Int) {
    for stream in known.table.streams where stream.nodes.0 == node || stream.nodes.1 == node {
      let way = Way(stream, isNear: stream.nodes.0 == node)
      empty(queueOf: way.endHere)
      if next.contains(way.token) {
        next.remove(way.token)
        next.add(way.endThere, by: known.table)
      }
    }
  }
}
