public import ProtocolCore

/// What the clients of a run saw, as `quorate check` reads it: a line for each event, in NDJSON.
///
/// A client that will hear no more of what it asked is another process from then on, as a history's
/// process does one thing after the other.
public struct ClientHistory<C: Model> {
  /// The lines.
  public private(set) var lines: [String] = []
  /// How many events they tell.
  public private(set) var count = 0

  private var calls: [ClientID: C.Words.Request] = [:]
  private var lives: [ClientID: Int] = [:]

  /// The history of these acts; those that cannot happen are left out.
  ///
  /// - Parameters:
  ///   - acts: what happens.
  ///   - cluster: the setting.
  ///   - times: when each act happens, in ticks; their numbers if nothing is said.
  public init(of acts: [Act<C.Words>], in cluster: Cluster<C>, at times: [Int]? = nil) {
    var system = SystemState(cluster)
    for (number, act) in acts.enumerated() {
      guard let step = try? system.perform(act) else { continue }
      let time = times.map { $0.indices.contains(number) ? $0[number] : number } ?? number
      for (client, event) in step.seen { add(event, of: client, time) }
    }
  }

  /// The text of a file.
  public var text: String { lines.map { $0 + "\n" }.joined() }

  private mutating func add(_ event: ClientEvent<C.Words>, of client: ClientID, _ time: Int) {
    let process = (client.name + (lives[client].map { ".\($0)" } ?? "")).quotedAsJSON
    switch event {
    case .invoked(let request):
      guard let call = C.call(of: request) else { return }
      calls[client] = request
      let key = call.key.map { ", \"key\": \($0.quotedAsJSON)" } ?? ""
      write(
        "\"process\": \(process), \"type\": \"invoke\", "
          + "\"f\": \(call.function.quotedAsJSON)\(key), "
          + "\"value\": \(call.value.json)", time)
    case .returned(let reply) where C.isUnsure(reply): add(.unknown, of: client, time)
    case .returned(let reply):
      guard let request = calls.removeValue(forKey: client) else { return }
      let value = C.result(of: reply, to: request).json
      write("\"process\": \(process), \"type\": \"ok\", \"value\": \(value)", time)
    case .refused:
      guard calls.removeValue(forKey: client) != nil else { return }
      write("\"process\": \(process), \"type\": \"fail\"", time)
    case .unknown, .gaveUp:
      guard calls.removeValue(forKey: client) != nil else { return }
      write("\"process\": \(process), \"type\": \"info\"", time)
      lives[client, default: 1] += 1
    }
  }

  private mutating func write(_ fields: String, _ time: Int) {
    lines.append("{\(fields), \"time\": \(time)}")
    count += 1
  }
}

extension Datum {
  /// As JSON writes it.
  public var json: String {
    switch self {
    case .null: "null"
    case .bool(let truth): "\(truth)"
    case .number(let number): "\(number)"
    case .text(let text): text.quotedAsJSON
    case .list(let list): "[" + list.map(\.json).joined(separator: ", ") + "]"
    }
  }
}
