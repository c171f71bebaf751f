import Recipes
import Synchronization
import ZooKeeper
import ZooKeeperClient

extension Demo {
  /// Three want a printer's lock; a holder is stopped, another dies.
  package static let lock = Demo(
    name: "lock",
    about: """
      USE-10, an exclusive lock. Three processes print two pages each. One sleeps
      while it holds the lock, one dies with it; the printer takes no page by an
      older token than it has seen.
      """,
    scenes: [
      Scene(
        title: "",
        program: line("lock", claims: ["USE-10"], kind: "lock", path: "/lock") {
          process, client, rules in
          var lock = ExclusiveLock(client, at: "/lock", named: process.name(of: client))
          lock.without = rules
          return try await lock.acquire()
        },
        cues: [
          .stop(
            0, for: 9000, when: .init(0, .begins("a2")), until: .init(1, .releases("lock"))),
          .kill(2, when: .init(2, wrote)),
        ],
        promises: [
          Promise("one holder at a time, of those whose sessions live", "exclusion", "order"),
          Promise("no page by an old token", "fencing"),
          Promise("nobody prints who knows that the lock is lost", "lostIsLost"),
          Promise("a release wakes one process", "noHerd"),
          Promise("whoever lives has printed, and no node is left", "termination", "noOrphans"),
        ],
        words: {
          switch $0.what {
          case .asks: "waits for the lock"
          case .holds(_, let token): "has lock, token \(token)"
          case .begins(let page): "begins to print \(page)"
          case .writes(let token, let isTaken): "by \(token): \(isTaken ? "printed" : "refused")"
          case .releases: "unlocks"
          case .fails(let reason): failing(reason)
          default: nil
          }
        })
    ],
    rules: [.fenced, .watchesOne, .sortsByNumber])

  /// Three candidates; the master dies, the next is stopped.
  package static let master = Demo(
    name: "master",
    about: """
      USE-9, the election of a master. Three candidates have two jobs each to give
      out. The first master dies, the second sleeps until there is a third, and then
      goes on where it was; workers take no job of an older epoch.
      """,
    scenes: [
      Scene(
        title: "",
        program: line("master", claims: ["USE-9"], kind: "office", path: "/masters") {
          process, client, rules in
          var election = MasterElection(
            client, at: "/masters", as: process.name, named: process.name(of: client))
          election.without = rules
          return try await election.lead()
        },
        cues: [
          .kill(0, when: .init(0, wrote)),
          .stop(
            1, for: 7000, when: .init(1, .begins("b2")), until: .init(2, wrote)),
        ],
        promises: [
          Promise("one master at a time, of those whose sessions live", "exclusion", "order"),
          Promise("no job by a master of an older epoch", "fencing"),
          Promise("nobody gives out jobs who knows that he is deposed", "lostIsLost"),
          Promise("a master that goes wakes one candidate", "noHerd"),
          Promise("whoever lives has led, and no node is left", "termination", "noOrphans"),
        ],
        words: {
          switch $0.what {
          case .asks: "is a candidate"
          case .holds(_, let token): "is master, epoch \(token)"
          case .begins(let job): "gives out job \(job)"
          case .writes(let token, let isTaken): "of \(token): \(isTaken ? "accepted" : "refused")"
          case .releases: "resigns"
          case .fails(let reason): failing(reason)
          default: nil
          }
        })
    ],
    rules: [.fenced, .watchesOne])

  @Sendable private static func wrote(_ what: Note.What) -> Bool {
    if case .writes = what { true } else { false }
  }

  /// Each of three processes waits for a hold, writes twice by its token, and gives it back.
  private static func line(
    _ name: String, claims: [String], kind: String, path: String,
    acquire: @escaping @Sendable (Process, Client, Set<Rule>) async throws -> Hold
  ) -> Program {
    Program("demo-\(name)", processes: 3, claims: claims, judge: { LineJudge(path: path) }) {
      process, rules in
      let next = Mutex(1)
      let hasCome = Mutex(false)
      try await process.live { client in
        // They come one after the other.
        if hasCome.withLock({ !$0 }) {
          if process.index > 0 {
            try await process.awaitSign("\(process.index - 1)", client)
            try await client.pause(for: .milliseconds(200))
          }
          try await process.sign("\(process.index)", client)
          hasCome.withLock { $0 = true }
        }
        while next.withLock({ $0 <= 2 }) {
          process.note(.asks(kind), in: client)
          let hold = try await acquire(process, client, rules)
          process.note(.holds(kind, token: hold.token), in: client)
          var isTaken = true
          while isTaken, hold.isBelieved, case let number = next.withLock({ $0 }), number <= 2 {
            try await client.pause(for: .milliseconds(600))
            let knewEnd = client.end != nil
            guard hold.isBelieved else { break }
            process.note(.begins("\(process.name)\(number)"), in: client)
            // Between the look at the session and the write anything may happen.
            await Task.yield()
            isTaken = process.write(hold, client, rules, knewEnd: knewEnd)
            if isTaken { next.withLock { $0 += 1 } }
          }
          // Whoever is refused has lost it, and hears so.
          if isTaken, client.end == nil { process.note(.releases(kind), in: client) }
          try await hold.release()
        }
      }
    }
  }

  /// What a process says of an error.
  static func failing(_ reason: ClientError.Reason) -> String {
    reason == .sessionExpired ? "hears: session over" : "fails: \(reason)"
  }
}
