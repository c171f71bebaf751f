import ZooKeeper
import ZooKeeperClient

extension Program {
  /// Three clients of one node, that write, read with a watch, and read behind a sync.
  ///
  /// No recipe: the client itself, on one server or an ensemble whose servers lag and stop.
  package static let guarantees = Program(
    "guarantees", processes: 3, claims: ["GUAR-1", "GUAR-2", "GUAR-3"], endures: false,
    judge: { GuaranteesJudge() }
  ) { process, _ in
    var reader = Reader(process, try await process.connect())
    for round in 1...5 {
      do {
        try await reader.prepare()
        try await reader.write("\(process.name)\(round)")
        try await reader.read(leavingWatch: true)
        try await reader.client.pause(for: .milliseconds(40 * (1 + process.index)))
        try await reader.read(leavingWatch: false)
        try await reader.readSynced()
      } catch let error as ClientError {
        process.note(.fails(error.reason), in: reader.client)
        if Task.isCancelled { return }
        if reader.client.end != nil { reader = Reader(process, try await process.connect()) }
      }
    }
  }

  /// One client, and what it has been told and has not said yet.
  private struct Reader {
    private static let path = "/node"
    let process: Process
    let client: Client
    private let inbox: EventInbox
    private var waiting: [ArrivedEvent] = []

    init(_ process: Process, _ client: Client) {
      (self.process, self.client, inbox) = (process, client, client.inbox())
    }

    func prepare() async throws(ClientError) {
      do throws(ClientError) {
        try await client.create(Self.path)
      } catch {
        guard error.code == .nodeExists else { throw error }
      }
    }

    mutating func write(_ value: String) async throws(ClientError) {
      process.note(.begins("write"), in: client)
      let reply = try await client.ask(.setData(path: Self.path, data: .utf8(value))).reply()
      tell(before: reply.place)
      if case .answer(.stat(let stat)) = reply.content {
        process.note(.wrote(stat.mzxid), in: client)
      }
    }

    mutating func read(leavingWatch: Bool, isSynced: Bool = false) async throws(ClientError) {
      if !isSynced { process.note(.begins("read"), in: client) }
      let asked = client.ask(.getData(path: Self.path, watch: leavingWatch))
      let reply = try await asked.reply()
      tell(before: reply.place)
      if case .answer(.data(_, let stat)) = reply.content {
        process.note(
          .reads(stat.mzxid, isSynced: isSynced, leavesWatch: leavingWatch), in: client)
      }
    }

    mutating func readSynced() async throws(ClientError) {
      process.note(.begins("synced read"), in: client)
      try await client.sync(Self.path)
      try await read(leavingWatch: false, isSynced: true)
    }

    /// Says what was told before a reply came.
    private mutating func tell(before place: Int) {
      waiting += inbox.take()
      while let first = waiting.first, first.place < place {
        waiting.removeFirst()
        if first.event.type == .nodeDataChanged { process.note(.told, in: client) }
      }
    }
  }
}
