public import ProtocolCore

extension SharedStorage {
  /// What the clients of a store have seen, in a form that is the same for all orders of events
  /// that no client can tell apart.
  ///
  /// Calls that follow each other with no answer between them have one moment, and so have answers
  /// with no call between them: which of two operations ended before the other began is all that
  /// real time tells.
  public struct ObservedHistory: Hashable, Sendable {
    /// The operations of each process, processes in the order of their names.
    public private(set) var processes: [Process] = []
    /// The last moment; calls have even moments, answers odd ones.
    private var now = 0

    /// Nothing was asked.
    public init() {}

    /// A client, until it loses touch with something that it has asked; then it goes on as another.
    public struct Process: Hashable, Sendable {
      /// The client.
      public let client: ClientID
      /// Which of its lives it is, from zero.
      public let life: Int
      /// What it asked, in order; only the last may be without an answer.
      public internal(set) var operations: [Operation] = []

      /// The name that a history gives it.
      public var name: String { life == 0 ? client.name : "\(client.name).\(life + 1)" }
    }

    /// Something that was asked.
    public struct Operation: Hashable, Sendable {
      /// What.
      public let call: Call
      /// The moment of the call.
      public internal(set) var called: Int
      /// The moment of the answer; nil while there is none.
      public internal(set) var returned: Int?
      /// What was answered.
      public internal(set) var result = Datum.null
      /// The updates that the answering node had been given, where it tells.
      public internal(set) var delivered: [Datum]?
    }
  }
}

extension SharedStorage.ObservedHistory {
  /// A client asks.
  public mutating func call(_ call: Call, by client: ClientID) {
    if now % 2 == 1 { now += 1 }
    let place = current(of: client)
    processes[place].operations.append(Operation(call: call, called: now))
  }

  /// A client is answered.
  public mutating func answer(
    _ result: Datum, to client: ClientID, delivered: [Datum]? = nil
  ) {
    guard let (process, operation) = open(client) else { return }
    if now % 2 == 0 { now += 1 }
    processes[process].operations[operation].returned = now
    processes[process].operations[operation].result = result
    processes[process].operations[operation].delivered = delivered
  }

  /// A client is refused: what it asked was not done, and will not be.
  public mutating func refuse(_ client: ClientID) {
    guard let (process, _) = open(client) else { return }
    processes[process].operations.removeLast()
    closeRanks()
  }

  /// A client will hear no more of what it asked, which may have been done, or may still be.
  ///
  /// - Parameters:
  ///   - client: the client.
  ///   - changes: whether that can be seen by others; if not, it is as if it had not been asked.
  public mutating func lose(_ client: ClientID, changes: Bool) {
    guard changes else { return refuse(client) }
    guard let (process, _) = open(client) else { return }
    let life = processes[process].life + 1
    processes.insert(Process(client: client, life: life), at: process + 1)
  }

  /// The last life of a client.
  private mutating func current(of client: ClientID) -> Int {
    if let place = processes.lastIndex(where: { $0.client == client }) { return place }
    let place = processes.firstIndex { client < $0.client } ?? processes.count
    processes.insert(Process(client: client, life: 0), at: place)
    return place
  }

  /// What a client waits for.
  private func open(_ client: ClientID) -> (process: Int, operation: Int)? {
    guard let process = processes.lastIndex(where: { $0.client == client }),
      let operation = processes[process].operations.indices.last,
      processes[process].operations[operation].returned == nil
    else { return nil }
    return (process, operation)
  }

  /// Numbers the moments anew, when some are gone: neighbours of one kind become one.
  private mutating func closeRanks() {
    let moments = Set(
      processes.flatMap { process in
        process.operations.flatMap { [$0.called] + ($0.returned.map { [$0] } ?? []) }
      }
    ).sorted()
    var numbers: [Int: Int] = [:]
    now = 0
    for moment in moments {
      if moment % 2 != now % 2 { now += 1 }
      numbers[moment] = now
    }
    for process in processes.indices {
      for place in processes[process].operations.indices {
        let operation = processes[process].operations[place]
        processes[process].operations[place].called = numbers[operation.called] ?? 0
        processes[process].operations[place].returned = operation.returned.flatMap { numbers[$0] }
      }
    }
  }
}

// MARK: Queries

extension SharedStorage.ObservedHistory {
  /// Whether a client waits for an answer.
  public func isWaiting(_ client: ClientID) -> Bool { open(client) != nil }

  /// The last thing that a client was answered.
  public func last(of client: ClientID) -> Operation? {
    processes.last { $0.client == client }?.operations.last
  }

  /// Whether something was ever given to a function of an object.
  public func isGiven(_ value: Datum, to function: String, _ key: String?) -> Bool {
    processes.contains { process in
      process.operations.contains {
        $0.call.function == function && $0.call.key == key && $0.call.value == value
      }
    }
  }

  /// Whether somebody has read a value of an object.
  public func isRead(_ value: Datum, _ key: String?) -> Bool {
    processes.contains { process in
      process.operations.contains {
        $0.call.function == "read" && $0.call.key == key && $0.returned != nil && $0.result == value
      }
    }
  }

  /// The objects of which a function was answered.
  public func keys(answered function: String) -> Set<String> {
    Set(
      processes.flatMap { process in
        process.operations.filter { $0.call.function == function && $0.returned != nil }
          .compactMap(\.call.key)
      })
  }

  /// How many operations it tells.
  public var count: Int { processes.reduce(0) { $0 + $1.operations.count } }
}
