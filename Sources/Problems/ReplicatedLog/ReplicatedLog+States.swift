import ProtocolCore

extension ReplicatedLog.Monitor {
  /// Whether a store holds the texts that the entries up to a number make, and what each client was
  /// answered last; true where some of them are not known, or servers have applied different ones
  /// or left some out.
  ///
  /// The effects are told here once more, apart from ``KeyValueStore``, which is what is judged. A
  /// client's command that comes again has none, nor has one that comes behind its client's next.
  ///
  /// Linear in the number.
  public func makes(_ store: KeyValueStore, upTo number: Int) -> Bool {
    guard holds(.stateMachineSafety), holds(.inOrder) else { return true }
    var texts: [String: String] = [:]
    var sessions: [String: KeyValueStore.Session] = [:]
    for index in 0..<max(0, number) {
      guard let entry = entry(index + 1) else { return true }
      guard case .command(let command) = entry,
        command.serial > sessions[command.client]?.serial ?? 0
      else { continue }
      var result: String?
      switch command.operation {
      case .put(let key, let text): texts[key] = text
      case .append(let key, let text):
        texts[key, default: ""] += text
        result = texts[key]
      case .get(let key): result = texts[key]
      }
      sessions[command.client] = KeyValueStore.Session(
        client: command.client, serial: command.serial, result: result)
    }
    return store.texts.count == texts.count && store.sessions.count == sessions.count
      && store.texts.allSatisfy { texts[$0.key] == $0.text }
      && store.sessions.allSatisfy { sessions[$0.client] == $0 }
  }
}
