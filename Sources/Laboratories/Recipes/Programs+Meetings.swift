import Recipes
import ZooKeeper
import ZooKeeperClient

extension Program {
  /// Three meet; one comes a second later.
  package static let barrier = Program(
    "barrier", processes: 3, claims: ["USE-13"], givesTime: true,
    judge: { BarrierJudge(path: "/step", size: 3) }
  ) { process, rules in
    var client = try await process.connect()
    if process.index == 2 { try await client.pause(for: .seconds(1)) }
    while !Task.isCancelled {
      process.note(.asks("enter"), in: client)
      var barrier = Barrier(client, at: "/step", size: 3, named: process.name(of: client))
      barrier.without = rules
      do throws(ClientError) {
        try await barrier.wait(within: .seconds(60))
        return process.note(.passes("entered"), in: client)
      } catch {
        process.note(.fails(error.reason), in: client)
        guard client.end != nil else { return }
        client = try await process.connect()
      }
    }
  }

  /// Three begin together, are at it for some seconds, and end together.
  package static let doubleBarrier = Program(
    "double-barrier", processes: 3, claims: ["USE-13"], givesTime: true,
    judge: { BarrierJudge(path: "/task", size: 3) }
  ) { process, rules in
    let client = try await process.connect()
    process.note(.asks("enter"), in: client)
    var barrier = DoubleBarrier(client, at: "/task", size: 3, named: process.name(of: client))
    barrier.without = rules
    do throws(ClientError) {
      let member = try await barrier.enter(within: .seconds(60))
      process.note(.passes("entered"), in: client)
      try? await client.pause(for: .seconds(1 + process.index))
      process.note(.asks("leave"), in: client)
      try await member.leave(within: .seconds(60))
      process.note(.passes("left"), in: client)
    } catch {
      process.note(.fails(error.reason), in: client)
    }
  }

  /// Three add twice each: one, two and three.
  package static let counter = Program(
    "counter", processes: 3, claims: ["USE-4"], judge: { CounterJudge(path: "/visits") }
  ) { process, rules in
    var client = try await process.connect()
    for _ in 1...2 where !Task.isCancelled {
      let number = process.index + 1
      process.note(.asks("\(number)"), in: client)
      var counter = SharedCounter(client, at: "/visits", named: process.name(of: client))
      counter.without = rules
      do throws(ClientError) {
        let value = try await counter.add(number)
        process.note(.gets("\(value)"), in: client)
      } catch {
        process.note(.fails(error.reason), in: client)
        if client.end != nil { client = try await process.connect() }
      }
    }
  }

  /// Three want a lease each, look every second whether it is free, and renew it once.
  package static let lease = Program(
    "lease", processes: 3, claims: ["USE-9"], judge: { LeaseJudge(path: "/leases") }
  ) { process, rules in
    var client = try await process.connect()
    while !Task.isCancelled {
      var lease = Lease(client, at: "/leases/report", named: process.name(of: client))
      lease.without = rules
      do throws(ClientError) {
        if let term = try await lease.take() {
          try await use(term, process, client, rules)
          return
        }
        try? await client.pause(for: .seconds(1))
      } catch {
        process.note(.fails(error.reason), in: client)
        if client.end != nil { client = try await process.connect() }
      }
    }
  }

  private static func use(
    _ taken: Term, _ process: Process, _ client: Client, _ rules: Set<Rule>
  ) async throws(ClientError) {
    var term = taken
    process.note(.holds("lease", token: term.token), in: client)
    do throws(ClientError) {
      await process.write(term, client, rules)
      try? await client.pause(for: .seconds(1))
      await process.write(term, client, rules)
      if try await term.renew() { await process.write(term, client, rules) }
      process.note(.releases("lease"), in: client)
    } catch {
      process.note(.releases("lease"), in: client)
      if client.end == nil { try? await term.giveUp() }
      throw error
    }
    try await term.giveUp()
  }
}

extension Process {
  /// Writes to what a lease guards, if it is believed to be held; that takes a moment.
  fileprivate func write(_ term: Term, _ client: Client, _ rules: Set<Rule>) async {
    guard term.isValid else { return }
    note(.passes("belief"), in: client)
    try? await client.pause(for: .milliseconds(100))
    guard client.end == nil else { return }
    note(
      .writes(token: term.token, accepted: resource.write(term.token, without: rules)), in: client)
  }
}
