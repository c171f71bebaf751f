import Recipes
import ZooKeeperClient

/// What an application does with the client, each call once: told as it happens.
@main struct Outside {
  static func main() async throws {
    let address = CommandLine.arguments.dropFirst().first ?? "127.0.0.1:2181"
    let client = try await Client.connect(to: address)
    try await client.create("/outside", data: .utf8("v1"))
    let changes = try await client.addWatch("/outside", mode: .persistentRecursive)
    try await client.setData("/outside", data: .utf8("v2"))
    try await client.create("/outside/jobs", mode: .container)
    try await client.create("/outside/lease", ttl: .seconds(3600))
    try await client.create("/outside/member-", mode: .ephemeralSequential)
    let results = try await client.multiRead([
      .getData(path: "/outside"), .getChildren(path: "/outside"), .getData(path: "/none"),
    ])
    for result in results {
      switch result {
      case .data(let data, let stat): print("data", data.text ?? "", "version", stat.version)
      case .children(let names): print("children", names.sorted().joined(separator: " "))
      case .failed(let code): print("failed", code)
      }
    }
    print("ephemerals", try await client.getEphemerals("/outside"))
    print("nodes below", try await client.getAllChildrenNumber("/outside"))
    print("who", try await client.whoAmI().map(\.scheme).sorted())
    do {
      try await client.delete("/outside/none")
    } catch {
      print("error", error)
    }
    print("watched", try await client.checkWatches("/outside"))
    try await client.removeWatches("/outside")
    for await event in changes where event.type != .none { print("event", event.type, event.path) }
    _ = try await client.multi([
      .delete(path: "/outside/jobs"), .delete(path: "/outside/lease"),
      .delete(path: try await client.getEphemerals().first ?? ""), .delete(path: "/outside"),
    ])
    let lock = ExclusiveLock(client, at: "/outside-lock", named: "printer/1")
    let isHeld = try await lock.withLock(within: .seconds(30)) { hold in
      hold.isBelieved && hold.token > .zero
    }
    print("held", isHeld, "left", try await client.getChildren("/outside-lock").count)
    await client.close()
  }
}
