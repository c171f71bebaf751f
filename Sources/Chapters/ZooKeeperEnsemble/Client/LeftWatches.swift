import ZooKeeper

/// The watches that a client has left and that have not fired, as its library keeps them.
/// (ZKWatchManager)
struct LeftWatches: Hashable, Sendable {
  private var data: [String] = []
  private var exist: [String] = []
  private var child: [String] = []

  /// Whether there is none.
  var isEmpty: Bool { data.isEmpty && exist.isEmpty && child.isEmpty }

  /// Notes the watch that a read has left.
  mutating func leave(
    after request: ZooKeeper.Request, _ result: Result<ZooKeeper.Answer, ErrorCode>
  ) {
    switch (request, result) {
    case (.exists(let path, watch: true), .success),
      (.getData(let path, watch: true), .success):
      data.insertSorted(path)
    case (.exists(let path, watch: true), .failure(.noNode)): exist.insertSorted(path)
    case (.getChildren(let path, watch: true, _), .success): child.insertSorted(path)
    default: break
    }
  }

  /// Forgets the watches that an event has used up.
  mutating func fire(_ event: WatchEvent) {
    if event.type == .nodeChildrenChanged || event.type == .nodeDeleted {
      child.removeAll { $0 == event.path }
    }
    if event.type != .nodeChildrenChanged {
      data.removeAll { $0 == event.path }
      exist.removeAll { $0 == event.path }
    }
  }

  /// All of them, as they are set again.
  func all(since zxid: ZooKeeper.Zxid) -> SetWatches {
    SetWatches(relativeZxid: zxid, data: data, exist: exist, child: child)
  }
}

extension [String] {
  fileprivate mutating func insertSorted(_ element: String) {
    let place = firstIndex { $0 >= element } ?? endIndex
    if place == endIndex || self[place] != element { insert(element, at: place) }
  }
}
