import Recipes
import Synchronization
import ZooKeeper
import ZooKeeperClient

extension Program {
  /// Three take two numbers each.
  package static let ids = Program(
    "ids", processes: 3, claims: ["USE-4"],
    judge: { OnceJudge(path: "/ids/none", areNumbers: true) }
  ) { process, rules in
    let left = Mutex(2)
    try await process.live { client in
      var ids = UniqueIDs(client, at: "/ids/orders")
      ids.without = rules
      while left.withLock({ $0 }) > 0 {
        process.note(.asks("number"), in: client)
        process.note(.gets("\(try await ids.next())"), in: client)
        left.withLock { $0 -= 1 }
      }
    }
  }

  /// Two consoles, and between them the machine to which they send two commands each; what one of
  /// them sends to another machine nobody runs.
  package static let commands = Program(
    "commands", processes: 3, claims: ["USE-7"],
    judge: { CommandJudge(machine: 1, queue: "/commands/web") }
  ) { process, rules in
    if process.index == 1 {
      let last = Mutex<Int?>(nil)
      try await process.live { client in
        try await process.within(.seconds(4), client) {
          var console = CommandConsole(client, at: "/commands")
          console.without = rules
          let run = rules.contains(.remembersRun) ? nil : last.withLock { $0 }
          for try await command in console.commands(for: "web", after: run) {
            last.withLock { $0 = command.number }
            process.note(.gets(command.words.text ?? ""), in: client)
          }
        }
      }
      return
    }
    let next = Mutex(1)
    try await process.live { client in
      var console = CommandConsole(
        client, at: "/commands", named: process.name(of: client))
      console.without = rules
      while case let number = next.withLock({ $0 }), number <= 2 {
        let command = "\(process.name)\(number)"
        // When the session ends nobody can say whether it was sent; then it is not sent again.
        next.withLock { $0 += 1 }
        // By then the first has been run.
        if number == 2 { try await client.pause(for: .seconds(1)) }
        if number == 2, process.index == 0 {
          try await console.send(.utf8("for db"), to: "db")
        }
        process.note(.begins(command), in: client)
        try await console.send(.utf8(command), to: "web")
        process.note(.puts(command), in: client)
      }
    }
  }

  /// Three consumers of four partitions, who come and leave one after another.
  package static let consumers = Program(
    "consumers", processes: 3, claims: ["USE-3"],
    judge: { PartitionJudge(path: "/consumers", partitions: ["p0", "p1", "p2", "p3"]) }
  ) { process, rules in
    try await process.live { client in
      var partitioner = Partitioner(client, at: "/consumers")
      partitioner.without = rules
      let divided = partitioner
      try await divided.add(["p0", "p1", "p2", "p3"])
      try await client.pause(for: .milliseconds(300 * process.index))
      let name = process.name(of: client)
      try await process.within(.seconds(2 + process.index), client) {
        try await divided.consume(as: name) { partition, token in
          process.note(.holds(partition, token: token), in: client)
        } stop: { partition in
          process.note(.releases(partition), in: client)
        }
      }
    }
  }

  /// Three processes and the lock as the notes tell it.
  package static let naiveLock = naiveLock(of: 3)

  /// So many processes and the lock as the notes tell it.
  package static func naiveLock(of processes: Int) -> Program {
    line(
      "naive-lock", processes: processes, claims: ["USE-10"],
      judge: { LineJudge(path: "/naive", judgesHerd: false) }
    ) { process, client, _, rules in
      var lock = NaiveLock(client, at: "/naive", named: process.name(of: client))
      lock.without = rules
      process.note(.asks("lock"), in: client)
      return ("lock", try await lock.acquire())
    }
  }
}
