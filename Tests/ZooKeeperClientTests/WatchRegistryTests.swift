import Testing
import ZooKeeper

@testable import ZooKeeperClient

@Suite struct WatchRegistryTests {
  private let zxid = Zxid(9)

  /// The lists for setWatches, when they fit in one.
  private func lists(_ registry: WatchRegistry) -> SetWatches {
    registry.setWatches(since: zxid).first ?? SetWatches(relativeZxid: zxid)
  }

  private func watches(
    data: [String] = [], exist: [String] = [], child: [String] = []
  ) -> SetWatches {
    SetWatches(relativeZxid: zxid, data: data, exist: exist, child: child)
  }

  @Test func `A watch enters with the reply that says it was set`() {
    var registry = WatchRegistry()
    registry.note(.getData(path: "/d", watch: true), .success(.data(nil, Stat())))
    registry.note(.exists(path: "/e", watch: true), .success(.stat(Stat())))
    registry.note(.exists(path: "/x", watch: true), .failure(.noNode))
    registry.note(.getChildren(path: "/c", watch: true), .success(.children([])))
    #expect(lists(registry) == watches(data: ["/d", "/e"], exist: ["/x"], child: ["/c"]))
  }

  @Test func `No watch enters without one, nor with a failure`() {
    var registry = WatchRegistry()
    registry.note(.getData(path: "/d"), .success(.data(nil, Stat())))
    registry.note(.getData(path: "/d", watch: true), .failure(.noNode))
    registry.note(.exists(path: "/d", watch: true), .failure(.marshallingError))
    registry.note(.getChildren(path: "/d", watch: true), .failure(.noAuth))
    #expect(registry.isEmpty)
  }

  @Test(arguments: [
    (EventType.nodeCreated, ["c"]), (.nodeDataChanged, ["c"]), (.nodeDeleted, []),
    (.nodeChildrenChanged, ["d", "e"]),
  ])
  func `A watch leaves with the event that says it fired`(type: EventType, left: [String]) {
    var registry = WatchRegistry()
    registry.note(.getData(path: "/", watch: true), .success(.data(nil, Stat())))
    registry.note(.exists(path: "/", watch: true), .failure(.noNode))
    registry.note(.getChildren(path: "/", watch: true), .success(.children([])))
    registry.note(WatchEvent(type, "/other"))
    registry.note(WatchEvent(type, "/"))
    #expect(
      lists(registry)
        == watches(
          data: left.contains("d") ? ["/"] : [], exist: left.contains("e") ? ["/"] : [],
          child: left.contains("c") ? ["/"] : []))
  }

  @Test func `Paths that look alike and differ in bytes are two`() {
    var registry = WatchRegistry()
    for path in ["/\u{e9}", "/e\u{301}"] {
      registry.note(.getData(path: path, watch: true), .success(.data(nil, Stat())))
    }
    #expect(lists(registry).data.count == 2)
    registry.note(WatchEvent(.nodeDataChanged, "/\u{e9}"))
    #expect(lists(registry).data.map { Array($0.utf8) } == [Array("/e\u{301}".utf8)])
  }

  @Test func `What stays leaves when it is taken back alone, and wants setWatches2`() {
    var registry = WatchRegistry()
    registry.note(.addWatch(path: "/p", mode: .persistent), .success(.watchAdded))
    registry.note(.addWatch(path: "/p", mode: .persistentRecursive), .success(.watchAdded))
    registry.note(.addWatch(path: "/q", mode: .persistent), .failure(.marshallingError))
    registry.note(.getData(path: "/p", watch: true), .success(.data(nil, Stat())))
    registry.note(WatchEvent(.nodeDeleted, "/p"))
    let lasting = SetWatches.Lasting(persistent: ["/p"], recursive: ["/p"])
    #expect(lists(registry) == SetWatches(relativeZxid: zxid, lasting: lasting))
    #expect(registry.remove(.data, at: "/p") == [])
    #expect(registry.remove(.persistent, at: "/p") == [.persistentWatchRemoved])
    #expect(registry.remove(.persistent, at: "/p") == [])
    registry.note(.exists(path: "/p", watch: true), .failure(.noNode))
    registry.note(.getChildren(path: "/p", watch: true), .success(.children([])))
    #expect(
      registry.remove(.any, at: "/p") == [
        .childWatchRemoved, .dataWatchRemoved, .persistentWatchRemoved,
      ])
    #expect(registry.isEmpty)
  }

  @Test func `Many are set again in several requests, none twice`() {
    var registry = WatchRegistry()
    let paths = (0..<3000).map { "/" + String(repeating: "x", count: 100) + String($0) }
    for path in paths {
      registry.note(.getData(path: path, watch: true), .success(.data(nil, Stat())))
      registry.note(.getChildren(path: path, watch: true), .success(.children([])))
    }
    let batches = registry.setWatches(since: zxid)
    #expect(batches.count == 5)
    for batch in batches {
      let size = (batch.data + batch.exist + batch.child).reduce(0) { $0 + $1.utf8.count }
      #expect(size <= WatchRegistry.batchLimit && batch.relativeZxid == zxid)
    }
    #expect(batches.flatMap(\.data) == paths.sorted())
    #expect(batches.flatMap(\.child) == paths.sorted())
  }
}
