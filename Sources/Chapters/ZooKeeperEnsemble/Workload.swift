public import ProtocolCore
import ZooKeeper

extension ZooKeeperEnsembleModel {
  /// Two processes with three threads each make, change, read, watch and delete the same few nodes.
  ///
  /// Some of these belong to their sessions. Two of the threads ask when they have been answered,
  /// and ask the same again when they hear no more; the third asks, and does not wait.
  public static func asks(of topology: [Member<Role>]) -> [Ask<Words>] {
    let clients = topology.filter { $0.role == .client }.map(\.id)
    return clients.enumerated().flatMap { place, client -> [Ask<Words>] in
      let threads = [writing(place), reading(place), hurrying(place)]
      return threads.enumerated().flatMap { thread, asked in
        asked.map { requests in
          Ask<Words>(
            ClientID("\(client)\(thread + 1)"), of: [client],
            oneOf: requests.compactMap { ZooKeeperEnsemble.Call(reading: $0) }, insists: true,
            awaits: thread < 2)
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

  /// What the third thread asks.
  private static func hurrying(_ place: Int) -> [[String]] {
    place == 0
      ? [
        ["create /d 1", "create -s /d- x", "set /a 10"],
        ["set /d 2", "create -s /d- x", "set -v 0 /d 3"],
        ["delete /d", "set /d 4", "multi set /d 5 + create /b 5"],
      ]
      : [
        ["create /d 6", "create -s /d- y", "set -v 0 /a 11"],
        ["set /d 7", "create -s /d- y", "delete /d"],
        ["set -v 1 /d 8", "create /d 9", "delete /a"],
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
