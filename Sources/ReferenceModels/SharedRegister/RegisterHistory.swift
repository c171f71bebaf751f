public import ProtocolCore

/// What a client of a register does and sees.
public enum RegisterNote: Hashable, Sendable {
  /// It asks: puts a value, or gets.
  case invoked(String?)
  /// It is answered.
  case returned(String?)
}

/// What clients of a register saw, as Stateright's tester keeps it: for each client what it has
/// completed and what it waits for, each with how much the other had completed when it was called.
public struct RegisterHistory<Node: Machine>: Hashable, Sendable
where Node.Words.Note == RegisterNote {
  private let clients: [NodeID]
  private var completed: [[Call]]
  private var open: [Call?]

  private struct Call: Hashable {
    /// Nil for a get.
    let put: String?
    /// How many calls of each client were complete when it began.
    let after: [Int]
    var result: String?
  }

  init(clients: [NodeID]) {
    self.clients = clients
    completed = clients.map { _ in [] }
    open = clients.map { _ in nil }
  }

  /// Whether the calls that are left can be ordered, when so many of each client are.
  private func isOrdered(_ done: [Int], _ value: String?) -> Bool {
    if zip(done, completed).allSatisfy({ $0 >= $1.count }) { return true }
    return clients.indices.contains { client in
      let call =
        done[client] < completed[client].count
        ? completed[client][done[client]]
        : done[client] == completed[client].count ? open[client] : nil
      guard let call, zip(done, call.after).allSatisfy({ $0 >= $1 }) else { return false }
      let isComplete = done[client] < completed[client].count
      if isComplete, call.put == nil, call.result != value { return false }
      var next = done
      next[client] += 1
      return isOrdered(next, call.put ?? value)
    }
  }
}

/// What must hold of a register.
public enum RegisterProperty: String, PropertyName {
  /// Some order of the calls explains what was got.
  case linearizable
  /// A value is got.
  case chosen

  /// In which sense it must hold.
  public var form: PropertyForm<RegisterCondition> {
    self == .linearizable ? .always : .sometimes(.got)
  }
}

/// What may be said of a client of a register.
public enum RegisterCondition: String, Named {
  /// It has got a value.
  case got
}

extension RegisterHistory: Monitor {
  /// A client asks, or is answered.
  public mutating func observe(_ observation: Observation<Node.Words>, at id: NodeID) {
    guard let client = clients.firstIndex(of: id), case .noted(let note) = observation else {
      return
    }
    switch note {
    case .invoked(let value):
      let after = clients.indices.map { $0 == client ? 0 : completed[$0].count }
      open[client] = Call(put: value, after: after)
    case .returned(let value):
      guard var call = open[client] else { return }
      call.result = value
      completed[client].append(call)
      open[client] = nil
    }
  }

  /// Whether some order explains what was got.
  public func holds(_ property: RegisterProperty) -> Bool {
    isOrdered(clients.map { _ in 0 }, nil)
  }

  /// Whether a client has got a value.
  public func holds(
    _ condition: RegisterCondition, at id: NodeID, in scene: Scene<Node>
  ) -> Bool {
    clients.firstIndex(of: id).map { client in
      completed[client].contains { $0.put == nil && $0.result != nil }
    } ?? false
  }
}
