public import ProtocolCore

// What every protocol that replicates the key-value machine is asked, and how histories tell it.

extension ReplicatedLog {
  /// Who asks for commands, in the words of a protocol.
  public protocol Asking<Words> {
    /// The protocol's words.
    associatedtype Words: Vocabulary where Words.Request == Request
  }

  /// Examples of what two clients ask, each command with its number.
  public static let commands: [Request] = [
    request("x", 1, .append("k", "a")), request("y", 1, .append("k", "b")),
    request("x", 2, .get("k")), request("y", 2, .get("k")),
  ]

  /// Examples of what an operator and clients ask beside that: other operations, another key.
  public static let others: [Request] = [
    request("x", 3, .put("k", "c")), request("y", 3, .append("l", "d")),
    request("x", 4, .get("l")), request("y", 4, .get("k")),
  ]

  fileprivate static func request(
    _ client: String, _ serial: Int, _ operation: Operation
  ) -> Request {
    .command(Command(client, serial, operation))
  }

  /// Two clients, each of which adds to the same text and then reads it, of any server, until they
  /// are answered.
  public static func asks<Words: Vocabulary>(
    of servers: [NodeID]
  ) -> [Ask<Words>] where Words.Request == Request {
    func ask(_ client: String, of servers: [NodeID]) -> [Ask<Words>] {
      commands.compactMap { request in
        guard case .command(let command) = request, command.client == client else { return nil }
        return Ask(ClientID(client), of: servers, oneOf: [request], insists: true)
      }
    }
    return ask("x", of: servers) + ask("y", of: servers.reversed())
  }

  /// The usual asks, and more: three clients, each of which adds to a text and reads it, time and
  /// again, of any server, until it is answered; now and then it sets the text anew, and every
  /// other time it is another text.
  public static func longAsks<Words: Vocabulary>(
    of servers: [NodeID]
  ) -> [Ask<Words>] where Words.Request == Request {
    func more(_ client: String, _ serials: ClosedRange<Int>, of servers: [NodeID]) -> [Ask<Words>] {
      serials.map { serial in
        let (key, text) = (serial % 4 < 2 ? "l" : "k", "\(client)\(serial)")
        let writing: Operation = serial == 5 ? .put(key, text) : .append(key, text)
        let operation: Operation = serial.isMultiple(of: 2) ? .get(key) : writing
        return Ask(
          ClientID(client), of: servers, oneOf: [request(client, serial, operation)], insists: true)
      }
    }
    let others = Array(servers.dropFirst() + servers.prefix(1))
    return asks(of: servers) + more("x", 3...8, of: servers)
      + more("y", 3...8, of: servers.reversed()) + more("z", 1...8, of: others)
  }

  /// A command as a history tells it.
  public static func call(of request: Request) -> Call? {
    guard case .command(let command) = request else { return nil }
    return switch command.operation {
    case .get(let key): Call("get", key: key)
    case .put(let key, let text): Call("put", key: key, value: .text(text))
    case .append(let key, let text): Call("append", key: key, value: .text(text))
    }
  }

  /// What a read brings back.
  public static func result(of reply: Reply, to request: Request) -> Datum {
    guard case .command(let command) = request, case .get = command.operation,
      case .value(let text?) = reply
    else { return .null }
    return .text(text)
  }
}

extension ReplicatedLog.Asking {
  /// What a client asks.
  public static func command(
    _ client: String, _ serial: Int, _ operation: ReplicatedLog.Operation
  ) -> ReplicatedLog.Request {
    ReplicatedLog.request(client, serial, operation)
  }

  /// A client asks a server until it is not refused.
  public static func ask(
    _ client: ClientID, _ serial: Int, _ operation: ReplicatedLog.Operation, of server: NodeID
  ) -> Ask<Words> {
    Ask(client, of: [server], oneOf: [command(client.name, serial, operation)])
  }
}
