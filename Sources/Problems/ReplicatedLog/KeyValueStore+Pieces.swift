// The store in pieces, as a snapshot of it is sent in parts.

extension KeyValueStore {
  /// A text or a client's last answer.
  public enum Piece: Hashable, Sendable {
    /// A key and its text.
    case text(Pair)
    /// A client and its last command.
    case session(Session)
  }

  /// All that it holds, piece by piece, in an order that is always the same.
  public var pieces: [Piece] { texts.map(Piece.text) + sessions.map(Piece.session) }

  /// The store of these pieces.
  public init(pieces: [Piece]) {
    self.init()
    for piece in pieces {
      switch piece {
      case .text(let pair): texts.append(pair)
      case .session(let session): sessions.append(session)
      }
    }
  }
}

extension KeyValueStore.Piece: CustomStringConvertible {
  /// As runs print it: `k='ab'`, `x1 'a'`.
  public var description: String {
    switch self {
    case .text(let pair): "\(pair.key)='\(pair.text)'"
    case .session(let session):
      "\(session.client)\(session.serial)" + (session.result.map { " '\($0)'" } ?? "")
    }
  }
}
