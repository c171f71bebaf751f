public import ProtocolCore
import ZooKeeper

extension ZooKeeperEnsembleModel {
  /// Two processes with two threads each: they make, change, read, watch and delete the same few
  /// nodes, some of which belong to their sessions; each thread asks when it has been answered.
  public static func asks(of topology: [Member<Role>]) -> [Ask<Words>] {
    let clients = topology.filter { $0.role == .client }.map(\.id)
    return clients.enumerated().flatMap { place, client in
      [writing(place), reading(place)].enumerated().flatMap { thread, asked in
        asked.map { requests in
          Ask(
            ClientID("\(client)\(thread + 1)"), of: [client],
            oneOf: requests.compactMap { ZooKeeperEnsemble.Call(reading: $0) }, awaits: true)
        }
      }
    }
  }

  /// What the first thread of a process asks, the usual first.
  private static func writing(_ place: Int) -> [[String]] {
    place == 0
      ? [
        ["create /a 1", "create -e /e x", "create -e -s /s- x"],
        ["set /a 2", "multi set /a 2 + create /b 2", "delete /a"],
        ["create -e /e x", "set -v 1 /a 3", "multi create /b 3 + check -v 7 /a"],
        ["set /a 4", "close", "multi delete /b + create /a 4", "delete /e"],
        ["get /a", "ls /", "create -e /e x"],
      ]
      : [
        ["create -e /e y", "create /a 5", "stat -w /a"],
        ["set /a 6", "create -e /e y", "multi create /b 6 + set /a 6 + delete /b"],
        ["delete /a", "set /e 7", "create -s /s- y"],
        ["create /a 8", "close", "multi create /a 8 + create -e /e y"],
        ["get /e", "get /a", "ls /"],
      ]
  }

  /// What the second thread asks.
  private static func reading(_ place: Int) -> [[String]] {
    place == 0
      ? [
        ["get -w /a", "stat -w /e", "ls -w /"],
        ["sync /", "get /a", "stat -w /a"],
        ["get /a", "ls -w /", "get -w /e"],
        ["stat -w /e", "sync /", "get -w /a"],
        ["ls /", "get /a", "get /e"],
      ]
      : [
        ["stat -w /a", "get -w /a", "ls -w /"],
        ["get -w /a", "sync /", "get /e"],
        ["sync /", "ls -w /", "get /a"],
        ["get /a", "stat -w /e", "stat -w /b"],
        ["ls -w /", "get -w /a", "sync /"],
      ]
  }
}
