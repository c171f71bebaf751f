import DequeModule
import NIOCore
import Synchronization
import ZooKeeperClient

extension SimulatedNetwork {
  /// Something goes wrong.
  func strike(_ fault: Fault) {
    let lines = state.withLock { state in
      state.lines.values.filter { $0.process == fault.process }.map(\.id).sorted()
    }
    switch fault.kind {
    case .cut: for line in lines { cut(line) }
    case .loseReplies:
      for line in lines {
        state.withLock { $0.executeWhatIsUnderWay(on: line) }
        cut(line)
      }
    case .stop(let time): state.withLock { $0.stopped[fault.process] = $0.now + Int64(time) }
    case .hold(let steps): state.withLock { $0.held[.jobs(fault.process)] = $0.step + steps }
    case .delay(let steps):
      state.withLock { state in
        for line in lines { state.held[.toClient(line)] = state.step + steps }
      }
    case .away(let time): state.withLock { $0.away[fault.process] = $0.now + Int64(time) }
    case .crash:
      state.withLock { _ = $0.crashed.insert(fault.process) }
      for line in lines { cut(line) }
    case .lag(let server, let time):
      state.withLock { state in
        state.unsettle(for: Int64(time))
        state.server.lag(server, for: Int64(time), now: state.now)
      }
    case .leader:
      state.withLock { state in
        // It is back after three seconds, and is told what it has missed.
        state.unsettle(for: 5000)
        state.server.stopLeader(now: state.now)
      }
    case .cancel: break
    }
    takeOutput()
  }

  /// A connection breaks; both sides learn of it, and what was under way is lost.
  ///
  /// A server that cannot be reached learns of it afterwards.
  private func cut(_ id: Int) {
    let line = state.withLock { state -> SimulatedLine? in
      guard let line = state.lines.removeValue(forKey: id) else { return nil }
      state.lanes[.toServer(id)] = nil
      state.lanes[.toClient(id)] = nil
      if state.away[line.process] == nil {
        state.server.close(id, now: state.now)
      } else if line.isOpen {
        state.put(.end, in: .toServer(id))
      }
      return state.crashed.contains(line.process) ? nil : line
    }
    line?.receiver?.ended(line?.number ?? 0)
  }

  /// The run is over: what has not arrived never does, and no fault is in force any more.
  func finish() {
    state.withLock { state in
      state.isOver = true
      (state.held, state.stopped, state.away, state.crashed) = ([:], [:], [:], [])
      state.alarms = []
      state.lanes = state.lanes.filter { if case .jobs = $0.key { true } else { false } }
    }
    let lines = state.withLock { state in
      defer { state.lines = [:] }
      return state.lines.values.sorted { $0.id < $1.id }
    }
    for line in lines { line.receiver?.ended(line.number) }
  }
}

extension SimulatedNetwork.State {
  /// For so long servers may not know the same.
  fileprivate mutating func unsettle(for time: Milliseconds) {
    unsettledUntil = max(unsettledUntil, now + time)
  }

  /// The server executes what a client has sent, though no answer will arrive.
  fileprivate mutating func executeWhatIsUnderWay(on id: Int) {
    while let next = lanes[.toServer(id)]?.popFirst() {
      if case .bytes(let bytes) = next.item { server.receive(bytes, on: id, now: now) }
    }
    lanes[.toServer(id)] = nil
    takeOutput()
  }
}
