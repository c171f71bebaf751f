/// Something that is asked once in a run: one of the requests, of one of the nodes.
///
/// What one client asks comes in its order; what different clients ask comes in any order, and
/// meanwhile. An ask without a client is the author's: it comes in its order too, and nothing waits
/// for its answer.
public struct Ask<Words: Vocabulary>: Hashable, Sendable {
  /// The client that asks; nil where nobody waits for an answer.
  public let client: ClientID?
  /// The nodes that may be asked, the usual first.
  public let nodes: [NodeID]
  /// What may be asked, the usual first.
  public var requests: [Words.Request]
  /// Whether the client, when it will hear no more, asks the same again until it is answered.
  public let insists: Bool
  /// Whether the client waits for the answer before it asks anything else.
  public let awaits: Bool

  /// One of these requests, of this node.
  public init(_ node: NodeID, oneOf requests: [Words.Request]) {
    client = nil
    nodes = [node]
    self.requests = requests
    (insists, awaits) = (false, false)
  }

  /// One of these requests, of any of these nodes, by a client that waits until it is answered;
  /// refused, it asks again.
  ///
  /// - Parameters:
  ///   - client: the client.
  ///   - nodes: whom it may ask.
  ///   - requests: what it may ask.
  ///   - insists: whether it asks the same again when it will hear no more, because the node has
  ///     crashed or is silent. The request must then say by itself which it is.
  ///   - awaits: whether it waits for the answer; if not, it goes on, and hears nothing.
  ///
  /// - Precondition: there is a node.
  public init(
    _ client: ClientID, of nodes: [NodeID], oneOf requests: [Words.Request], insists: Bool = false,
    awaits: Bool = true
  ) {
    precondition(!nodes.isEmpty, "a client asks one of some nodes")
    self.client = client
    self.nodes = nodes
    self.requests = requests
    self.insists = insists && awaits
    self.awaits = awaits
  }

  /// The usual node.
  public var node: NodeID { nodes[0] }

  /// The same ask, of the usual only.
  public var usual: Ask {
    var ask = self
    ask.requests = Array(requests.prefix(1))
    return ask
  }
}

/// A request as a history of what clients saw tells it: a function of an object, and its value.
public struct Call: Hashable, Sendable {
  /// The function: `put`.
  public let function: String
  /// The object; nil where there is only one.
  public let key: String?
  /// What is given.
  public let value: Datum

  /// A call.
  public init(_ function: String, key: String? = nil, value: Datum = .null) {
    self.function = function
    self.key = key
    self.value = value
  }
}

/// A value in a history.
public enum Datum: Hashable, Sendable {
  /// None.
  case null
  /// A truth value.
  case bool(Bool)
  /// A whole number.
  case number(Int)
  /// A text.
  case text(String)
  /// A list.
  case list([Datum])
}
