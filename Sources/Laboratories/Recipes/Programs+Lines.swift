import Recipes
import ZooKeeper
import ZooKeeperClient

extension Program {
  /// What each process of a line does: twice it waits, holds for a while, writes at the
  /// beginning and at the end.
  ///
  /// When its session ends it begins anew with another.
  static func line(
    _ name: String, processes: Int, claims: [String], judge: @escaping @Sendable () -> any Judge,
    acquire: @escaping @Sendable (Process, Client, Int, Set<Rule>) async throws -> (String, Hold)
  ) -> Program {
    Program(name, processes: processes, claims: claims, judge: judge) { process, rules in
      var client = try await process.connect()
      for round in 1...2 {
        while true {
          do {
            let (kind, hold) = try await acquire(process, client, round, rules)
            process.note(.holds(kind, token: hold.token), in: client)
            // Once as it is convenient, and once by hand.
            if round == 2 {
              let session = client
              try await hold.during { hold in await process.hold(hold, kind, session, round, rules)
              }
            } else {
              await process.hold(hold, kind, client, round, rules)
              try await hold.release()
            }
            break
          } catch let error as ClientError {
            process.note(.fails(error.reason), in: client)
            if client.end != nil { client = try await process.connect() }
          }
          if Task.isCancelled { return }
        }
      }
    }
  }

  /// Three processes and an exclusive lock.
  package static let lock = lock(of: 3)

  /// So many processes and an exclusive lock.
  package static func lock(of processes: Int) -> Program {
    line(
      "lock", processes: processes, claims: ["USE-10"], judge: { LineJudge(path: "/lock") }
    ) { process, client, _, rules in
      var lock = ExclusiveLock(client, at: "/lock", named: process.name(of: client))
      lock.without = rules
      process.note(.asks("lock"), in: client)
      return ("lock", try await lock.acquire())
    }
  }

  /// Two readers and two writers, who take turns.
  package static let sharedLock = line(
    "shared-lock", processes: 4, claims: ["USE-11"],
    judge: {
      LineJudge(path: "/shared", judgesHerd: false, order: .alone("writing")) { held, kind in
        held.isEmpty || kind == "reading" && held.allSatisfy { $0 == "reading" }
      }
    }
  ) { process, client, round, rules in
    var lock = SharedLock(client, at: "/shared", named: process.name(of: client))
    lock.without = rules
    let reads = (process.index + round).isMultiple(of: 2)
    process.note(.asks(reads ? "reading" : "writing"), in: client)
    return reads
      ? ("reading", try await lock.acquireReading()) : ("writing", try await lock.acquireWriting())
  }

  /// Four processes and two permits.
  package static let semaphore = line(
    "semaphore", processes: 4, claims: ["USE-11"],
    judge: {
      LineJudge(path: "/permits", judgesHerd: false, order: .none) { held, _ in
        held.count < 2
      }
    }
  ) { process, client, _, rules in
    var semaphore = Semaphore(
      client, at: "/permits", permits: 2, named: process.name(of: client))
    semaphore.without = rules
    process.note(.asks("permit"), in: client)
    return ("permit", try await semaphore.acquire())
  }

  /// Three candidates.
  package static let master = line(
    "master", processes: 3, claims: ["USE-9"], judge: { LineJudge(path: "/masters") }
  ) { process, client, _, rules in
    var election = MasterElection(
      client, at: "/masters", as: process.name, named: process.name(of: client))
    election.without = rules
    process.note(.asks("office"), in: client)
    return ("office", try await election.lead())
  }

  /// All programs.
  package static let all =
    [lock, sharedLock, semaphore, master, guarantees]
    + [fifoQueue, processingQueue, priorityQueue, barrier, doubleBarrier, counter, lease]
    + [configuration, revisions, update, group, names, producers]
    + [ids, commands, consumers, naiveLock]
}

extension Process {
  /// Holds something for a while, and writes at the beginning and at the end to what it guards.
  fileprivate func hold(
    _ hold: Hold, _ kind: String, _ client: Client, _ round: Int, _ rules: Set<Rule>
  ) async {
    // Readers write nothing, and of several permits none is the highest.
    let writes = kind != "reading" && kind != "permit"
    // Here it does not ask whether it is connected.
    if writes, client.end == nil { write(hold, client, rules, knewEnd: false) }
    // Who came first does not always go first.
    let time = 500 + 700 * ((2 * index + round + 1) % 3)
    try? await client.pause(for: .milliseconds(time))
    let knewEnd = client.end != nil
    if writes, hold.isBelieved { write(hold, client, rules, knewEnd: knewEnd) }
    note(.releases(kind), in: client)
  }

  /// Writes to what a hold guards, and says so.
  ///
  /// - Parameter knewEnd: Whether the client knew that its session was over, asked before it was
  ///   decided to write: between the decision and the write it may hear of it.
  /// - Returns: Whether it was taken.
  @discardableResult func write(
    _ hold: Hold, _ client: Client, _ rules: Set<Rule>, knewEnd: Bool
  ) -> Bool {
    let accepted = resource.write(hold.token, without: rules)
    note(.writes(token: hold.token, accepted: accepted), in: client, knewEnd: knewEnd)
    return accepted
  }
}
