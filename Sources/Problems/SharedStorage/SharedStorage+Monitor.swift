import Histories
public import ProtocolCore

extension SharedStorage {
  /// Judges shared storage from outside: by what clients asked, and were answered.
  ///
  /// A protocol's own monitor keeps one and tells it what it saw.
  public struct Monitor: Hashable, Sendable {
    /// What clients have seen.
    public private(set) var history = ObservedHistory()
    /// The clients that were refused last.
    private var refused: [ClientID] = []
    /// The clients that were told last that nobody is sure.
    private var unsure: [ClientID] = []
    /// The clients that wait for an answer.
    private var waiting: [ClientID] = []
    private var broken: Set<Property> = []

    /// A monitor that has seen nothing.
    public init() {}
  }
}

// MARK: What happens

extension SharedStorage.Monitor {
  /// A client asked, or was answered, or will hear no more.
  public mutating func observe<Words: Vocabulary>(
    _ event: ClientEvent<Words>, of client: ClientID
  ) where Words.Request == SharedStorage.Request, Words.Reply == SharedStorage.Reply {
    refused.removeAll { $0 == client }
    unsure.removeAll { $0 == client }
    switch event {
    case .invoked(let request):
      guard let call = SharedStorage.call(of: request) else { return }
      history.call(call, by: client)
      waiting = (waiting + [client]).sorted()
    case .returned(.unsure):
      lose(client)
      unsure = (unsure + [client]).sorted()
    case .returned(let reply): answer(SharedStorage.result(of: reply), client)
    case .refused:
      refuse(client)
      waiting.removeAll { $0 == client }
      refused = (refused + [client]).sorted()
    case .unknown, .gaveUp: lose(client)
    }
  }

  /// What was refused was not done; so whoever has read it has read what nobody wrote.
  private mutating func refuse(_ client: ClientID) {
    let call = history.last(of: client)?.call
    history.refuse(client)
    guard let call, call.function == "write", call.value != .null,
      !history.isGiven(call.value, to: "write", call.key),
      history.isRead(call.value, call.key)
    else { return }
    broken.insert(.validity)
    judge()
  }

  private mutating func lose(_ client: ClientID) {
    history.lose(client, changes: history.last(of: client)?.call.function != "read")
    waiting.removeAll { $0 == client }
  }

  private mutating func answer(_ result: Datum, _ client: ClientID) {
    waiting.removeAll { $0 == client }
    history.answer(result, to: client)
    guard let call = history.last(of: client)?.call, call.function == "read" else { return }
    if result != .null, !history.isGiven(result, to: "write", call.key) {
      broken.insert(.validity)
    }
    judge()
  }

  /// An answer to a read is what refutes, and a refusal of what was read; whatever else happens,
  /// happened before it.
  private mutating func judge() {
    let rest = SharedStorage.Property.guarantees.filter { !broken.contains($0) }
    let refuted = history.refuted(rest.compactMap(\.guarantee), .register)
    broken.formUnion(rest.filter { $0.guarantee.map(refuted.contains) ?? false })
  }
}

// MARK: Queries

extension SharedStorage.Monitor {
  /// Whether a property that is shared storage's has held so far; any other does.
  public func holds(_ property: some SharedStorageProperty) -> Bool {
    property.shared.map { !broken.contains($0) } ?? true
  }

  /// Whether a property has held so far.
  public func holds(_ property: SharedStorage.Property) -> Bool { !broken.contains(property) }

  /// Whether no client waits.
  public var isHeard: Bool { waiting.isEmpty }

  /// Whether no client waits, and none was refused last.
  public var isEnded: Bool { waiting.isEmpty && refused.isEmpty }

  /// Whether no client waits, and none was refused last, or told that nobody is sure.
  public var isAnswered: Bool { isEnded && unsure.isEmpty }

  /// The keys of which a write was answered.
  public var keysWritten: Set<String> { history.keys(answered: "write") }

  /// Whether a value of a key was written by somebody, as far as is known.
  public func isWritten(_ value: Int, _ key: String) -> Bool {
    history.isGiven(.number(value), to: "write", key)
  }
}
