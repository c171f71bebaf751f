import CAP
import Lab
import ProtocolCore
import SharedStorage

// What the survey asks.

extension Survey {
  /// What each client asks, and the name of it.
  typealias Script = (name: String, parts: [(client: ClientID, requests: [Words.Request])])

  // begin workloads
  /// The least that tells the guarantees apart: the shortest histories that refute each, without
  /// their answers; and, behind them, what some stores need to show that they do not keep one.
  static let shortest: [Script] = [
    ("a write and a read", [("p", [.write("x", 1)]), ("q", [.read("x")])]),
    ("one's own write", [("p", [.write("x", 1), .read("x")])]),
    ("two reads", [("p", [.write("x", 1)]), ("q", [.read("x"), .read("x")])]),
    ("two writes and a read", [("p", [.write("x", 1), .write("x", 2)]), ("q", [.read("x")])]),
    ("two keys", [("p", [.write("x", 1), .write("y", 2)]), ("q", [.read("y"), .read("x")])]),
    (
      "each other's key",
      [("p", [.write("x", 1), .read("y")]), ("q", [.write("y", 2), .read("x")])]
    ),
    ("two writers", [("p", [.write("x", 1), .read("x")]), ("q", [.write("x", 2), .read("x")])]),
    (
      "a reply",
      [
        ("p", [.write("x", 1)]), ("q", [.read("x"), .write("y", 2)]),
        ("r", [.read("y"), .read("x")]),
      ]
    ),
    ("two reads far away", [("p", [.write("x", 1)]), ("q", []), ("r", [.read("x"), .read("x")])]),
    (
      "three writers",
      [
        ("p", [.write("x", 1)]), ("q", [.write("x", 2)]), ("r", [.write("x", 3)]),
        ("s", [.read("x"), .read("x"), .read("x")]),
      ]
    ),
    (
      "crossed writes",
      [
        ("p", [.write("y", 1), .write("x", 3), .read("y"), .read("x")]),
        ("q", [.write("x", 4), .write("y", 5), .read("x"), .read("y")]),
      ]
    ),
    (
      "a write after another's",
      [
        ("p", [.read("x"), .write("x", 2), .write("y", 3)]),
        ("q", [.write("x", 1), .read("y"), .read("x")]),
      ]
    ),
  ]
  // end workloads

  /// What is asked to see in which order writes arrive, by readers far away.
  static let ofOrder: [Script] = [
    (
      "two keys, seen from elsewhere",
      [("p", [.write("x", 1), .write("y", 2)]), ("q", []), ("r", [.read("y"), .read("x")])]
    ),
    (
      "two keys, seen from the first node",
      [("r", [.read("y"), .read("x")]), ("p", [.write("x", 1), .write("y", 2)])]
    ),
    (
      "a reply, seen from elsewhere",
      [
        ("p", [.write("x", 1)]), ("q", [.read("x"), .write("y", 2)]),
        ("r", [.read("y"), .read("x")]),
      ]
    ),
    (
      "a reply where it was written, seen from elsewhere",
      [
        ("p", [.write("x", 1)]), ("", []), ("r", [.read("y"), .read("x")]),
        ("q", [.read("x"), .write("y", 2)]),
      ]
    ),
    (
      "a later version, seen from elsewhere",
      [("p", [.write("x", 1), .write("x", 2)]), ("q", []), ("r", [.read("x"), .read("x")])]
    ),
  ]

  /// What is asked, and of which nodes: the first client begins at the first node, and so on; one
  /// that roams goes on to the next.
  public static func workloads(_ clients: Clients) -> [Workload] {
    shortest.map { script in workload(script) { _ in clients } }
  }

  /// What is asked to see whether all nodes come to keep the same: what tells the guarantees apart
  /// and is long enough, and two keys that are written at one node.
  static func workloadsOfOutcome(_ clients: Clients) -> [Workload] {
    let atOneNode: Script = ("two keys at one node", [("p", [.write("x", 1), .write("y", 2)])])
    return [workload(atOneNode) { _ in .stay }] + workloads(clients).filter { $0.asks.count == 4 }
  }

  /// The same of the order of writes: those who only read stay, whatever writers do.
  static func workloadsOfOrder(_ clients: Clients) -> [Workload] {
    ofOrder.map { script in
      workload(script) { requests in
        requests.contains { if case .write = $0 { true } else { false } } ? clients : .stay
      }
    }
  }

  private static func workload(
    _ script: Script, _ clients: ([Words.Request]) -> Clients
  ) -> Workload {
    var asks: [Ask<Words>] = []
    for (place, part) in script.parts.enumerated() {
      let roams = clients(part.requests) == .roam
      for (turn, request) in part.requests.enumerated() {
        let node = nodes[(place + (roams ? turn : 0)) % nodes.count]
        asks.append(Ask(part.client, of: [node], oneOf: [request]))
      }
    }
    return Workload(name: script.name, asks: asks)
  }
}
