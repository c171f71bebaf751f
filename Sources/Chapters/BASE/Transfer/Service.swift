public import ProtocolCore

extension Transfer {
  /// A service with an account: it gives, or gets.
  public struct Service: Hashable, Sendable, Ruled {
    /// The other.
    let other: NodeID
    /// Whether it gives.
    let gives: Bool
    /// What is on the account at first.
    let first: Int
    /// The rules that it does not obey.
    public var without: Set<Rule>
    /// What is on the account.
    public internal(set) var balance: Int
    /// What is in the queue, in order.
    public internal(set) var queue: [Queued] = []
    /// How many transfers it has begun.
    var last = 0
    /// The transfers that it has done.
    public internal(set) var done: [Int] = []
    /// Whether it takes nothing more on.
    public internal(set) var isClosed = false

    /// A message in the queue.
    public struct Queued: Hashable, Sendable {
      /// Of which transfer.
      public let number: Int
      /// The sum.
      public let sum: Int
    }

    /// A service to which nothing has happened.
    init(other: NodeID, gives: Bool, first: Int, without: Set<Rule> = []) {
      self.other = other
      self.gives = gives
      self.first = first
      self.without = without
      balance = first
    }
  }
}

extension Transfer.Service: Machine {
  /// The words.
  public typealias Words = Transfer.Words

  /// Takes one event and returns what is to be done about it.
  public mutating func step(_ event: Event<Words>) -> [Effect<Words>] {
    switch event {
    case .started(let log): return recover(from: log)
    case .asked(.move(let sum), let client) where gives && !isClosed: return move(sum, for: client)
    case .asked(.close, let client) where !gives && !isClosed:
      isClosed = true
      return [.persist(.closed), .reply(.accepted, to: client)]
    case .asked(_, let client): return [.reply(.refused, to: client)]
    case .received(.credit(let number, let sum), _) where !gives: return credit(number, sum)
    case .received(.done(let number), _) where gives: return settle(number)
    case .received(.refused(let number), _) where gives: return compensate(number)
    case .received(let message, let sender): return [.note(.unexpected(message, from: sender))]
    case .expired(.queue):
      guard obey(.sentAgain), !queue.isEmpty else { return [] }
      return deliver(queue) + [.set(.queue, after: 30...40)]
    // What is on disk needs no more words; there are no connections, only datagrams.
    case .stored, .disconnected: return []
    }
  }

  // begin giver
  private mutating func move(_ sum: Int, for client: RequestID) -> [Effect<Words>] {
    guard require(.coveredOnly, sum <= balance) else { return [.reply(.refused, to: client)] }
    last += 1
    balance -= sum
    let message = Transfer.Service.Queued(number: last, sum: sum)
    queue.append(message)
    let records: [Effect<Words>] =
      obey(.debitAndQueueTogether)
      ? [.persist(.debited(last, sum))] : [.persist(.taken(sum)), .persist(.queued(last, sum))]
    return records + deliver([message])
      + [.set(.queue, after: 30...40), .reply(.accepted, to: client)]
  }

  private func deliver(_ messages: [Queued]) -> [Effect<Words>] {
    messages.map {
      .send(.credit($0.number, $0.sum), to: other, release(.debitStoredFirst))
    }
  }

  private mutating func settle(_ number: Int) -> [Effect<Words>] {
    guard queue.contains(where: { $0.number == number }) else { return [] }  // told again
    queue.removeAll { $0.number == number }
    return [.persist(.settled(number))]
  }

  private mutating func compensate(_ number: Int) -> [Effect<Words>] {
    guard let place = queue.firstIndex(where: { $0.number == number }), obey(.compensated)
    else { return [] }  // told again
    balance += queue.remove(at: place).sum
    return [.persist(.compensated(number))]
  }
  // end giver

  // begin getter
  private mutating func credit(_ number: Int, _ sum: Int) -> [Effect<Words>] {
    let known = done.contains(number)
    guard require(.onlyOnce, !known) else { return [.send(.done(number), to: other)] }
    // What is closed stays so: who refuses once refuses for good.
    guard !isClosed else { return [.send(.refused(number), to: other)] }
    balance += sum
    if !known { done.append(number) }
    return [
      .persist(.credited(number, sum)),
      .send(.done(number), to: other, release(.creditStoredFirst)),
    ]
  }
  // end getter

  private mutating func recover(from log: [Words.Record]) -> [Effect<Words>] {
    for record in log {
      switch record {
      case .debited(let number, let sum):
        balance -= sum
        last = number
        queue.append(Transfer.Service.Queued(number: number, sum: sum))
      case .taken(let sum): balance -= sum
      case .queued(let number, let sum):
        last = number
        queue.append(Transfer.Service.Queued(number: number, sum: sum))
      case .settled(let number): queue.removeAll { $0.number == number }
      case .compensated(let number):
        balance += queue.first { $0.number == number }?.sum ?? 0
        queue.removeAll { $0.number == number }
      case .credited(let number, let sum):
        balance += sum
        if obey(.doneOutlivesCrash) { done.append(number) }
      case .closed: isClosed = true
      }
    }
    if !obey(.queueOutlivesCrash) { queue = [] }
    return queue.isEmpty ? [] : [.set(.queue, after: 30...40)]
  }
}

extension Transfer.Service: CustomStringConvertible {
  /// What it has.
  public var description: String {
    "has \(balance)" + (isClosed ? ", closed" : "")
      + queue.map { ", owes \($0.sum) (\($0.number))" }.joined()
  }
}
