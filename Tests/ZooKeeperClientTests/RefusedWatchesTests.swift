import Testing
import ZooKeeper
import ZooKeeperWire

@testable import ZooKeeperClient

/// A server that does not set the watches of an earlier connection again.
@Suite struct RefusedWatchesTests {
  /// A client with watches on its second connection, and what it sends there.
  private func resumed(
    _ asked: [(Request, Answer)]
  ) throws -> (client: ClientCnxn, sent: [Heard]) {
    var options = ClientOptions()
    options.seed = 1
    var client = ClientCnxn(try ConnectString("a"), options, seed: 0)
    _ = client.step(.start, now: 0)
    _ = client.step(.opened(1), now: 0)
    _ = client.step(.received(Says.hello(), 1), now: 0)
    for (place, each) in asked.enumerated() {
      let ticket = Ticket(number: place + 1)
      _ = client.step(.ask(ticket, .request(each.0), deadline: nil), now: 1)
      _ = client.step(.received(Says.reply(Xid(place + 1), 5, each.1), 1), now: 1)
    }
    _ = client.step(.ended(1), now: 2)
    _ = client.step(.opened(2), now: 3)
    let sent = heard(client.step(.received(Says.hello(), 2), now: 4))
    return (client, sent)
  }

  private func heard(_ commands: [ClientCnxn.Command]) -> [Heard] {
    commands.flatMap { command -> [Heard] in
      guard case .write(let bytes, _) = command else { return [] }
      return Heard.all(bytes, greets: false)
    }
  }

  private func told(_ commands: [ClientCnxn.Command]) -> [WatchEvent] {
    commands.compactMap { if case .deliver(let event) = $0 { event.event } else { nil } }
  }

  private let data = (Request.getData(path: "/d", watch: true), Answer.data(nil, Stat()))
  private let child = (
    Request.getChildren(path: "/c", watch: true, withStat: false), Answer.children([])
  )
  private let lasting = (Request.addWatch(path: "/p", mode: .persistent), Answer.watchAdded)

  @Test func `What is refused is over, and told as taken back`() throws {
    let resumed = try resumed([data, child])
    var client = resumed.client
    #expect(resumed.sent.count == 1)
    let refused = client.step(.received(Says.refusal(.setWatches, 6, .marshallingError), 2), now: 5)
    #expect(
      told(refused) == [WatchEvent(.dataWatchRemoved, "/d"), WatchEvent(.childWatchRemoved, "/c")])
    #expect(client.watches.isEmpty && client.state == .connected)
    #expect(heard(refused).isEmpty)
  }

  @Test func `A server that knows no watches that stay is asked for the others alone`() throws {
    var client = try resumed([data, lasting]).client
    let refused = client.step(.received(Says.refusal(.setWatches, 6, .unimplemented), 2), now: 5)
    #expect(told(refused) == [WatchEvent(.persistentWatchRemoved, "/p")])
    let again = SetWatches(relativeZxid: Zxid(5), data: ["/d"])
    #expect(heard(refused) == [.request(.setWatches, .setWatches(again))])
    #expect(client.step(.received(Says.reply(.setWatches, 6), 2), now: 6) == [])
    // It hangs up behind its refusal, as servers do: the next one is asked for nothing more.
    _ = client.step(.ended(2), now: 7)
    _ = client.step(.opened(3), now: 8)
    let next = heard(client.step(.received(Says.hello(), 3), now: 9))
    let last = SetWatches(relativeZxid: Zxid(6), data: ["/d"])
    #expect(next == [.request(.setWatches, .setWatches(last))])
  }

  @Test func `What is set again stays`() throws {
    var client = try resumed([data, lasting]).client
    #expect(client.step(.received(Says.reply(.setWatches, 6), 2), now: 5) == [])
    #expect(!client.watches.isEmpty)
  }
}
