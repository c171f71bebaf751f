import ProtocolCore
import SharedStorage

/// What nodes were asked and answered of each key: histories whose processes are the nodes, and not
/// the clients.
///
/// What is promised is of one object; several such, each in an order, need not be in one together.
/// Of what a node is asked while it is busy no order is known; each then counts as a process of its
/// own. That loses the order of what one client was answered there while another waited; so the
/// same is judged once more with a process for each client at each node.
struct NodeHistory: Hashable {
  private var histories: [String: SharedStorage.ObservedHistory] = [:]
  private var byClient: [String: SharedStorage.ObservedHistory] = [:]
  /// The client that has just asked, as long as it is not known whom.
  private var asking: ClientID?
  /// The process as which each client's request counts, and the key that it is about.
  private var processes: [ClientID: Process] = [:]
  /// Whether no order of all operations of some key respects each node's.
  private(set) var isBroken = false

  private struct Process: Hashable {
    let key: String
    let name: ClientID
    let byClient: ClientID
  }

  /// A node is asked.
  mutating func ask(_ request: Words.Request, of node: NodeID) {
    guard let client = asking, let call = SharedStorage.call(of: request), let key = call.key else {
      return
    }
    asking = nil
    var history = histories[key] ?? SharedStorage.ObservedHistory()
    var name = ClientID(node.name)
    while history.isWaiting(name) { name = ClientID(name.name + "'") }
    history.call(call, by: name)
    histories[key] = history
    let process = Process(key: key, name: name, byClient: ClientID("\(node.name)/\(client.name)"))
    byClient[key, default: SharedStorage.ObservedHistory()].call(call, by: process.byClient)
    processes[client] = process
  }

  /// A client asks, or is answered.
  mutating func observe(_ event: ClientEvent<Words>, of client: ClientID) {
    if case .invoked = event {
      asking = client
      return
    }
    if asking == client { asking = nil }
    guard let process = processes.removeValue(forKey: client) else { return }
    if var history = histories[process.key] {
      see(event, as: process.name, in: &history)
      histories[process.key] = history
    }
    if var history = byClient[process.key] {
      see(event, as: process.byClient, in: &history)
      byClient[process.key] = history
    }
  }

  private mutating func see(
    _ event: ClientEvent<Words>, as process: ClientID,
    in history: inout SharedStorage.ObservedHistory
  ) {
    switch event {
    case .invoked: break
    case .returned(let reply):
      history.answer(SharedStorage.result(of: reply), to: process)
      isBroken = isBroken || history.refutes(.sequential)
    case .refused: history.refuse(process)
    case .unknown, .gaveUp:
      let isRead = history.last(of: process)?.call.function == "read"
      history.lose(process, changes: !isRead)
    }
  }
}
