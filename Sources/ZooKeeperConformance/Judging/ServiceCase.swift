public import Conformance
import Synchronization
public import ZooKeeper

/// A conversation with a service, and what a target must have for it.
public struct ServiceCase: Conversation {
  /// Where the conversation stands.
  private enum Source: Sendable {
    /// In a file.
    case written(ServiceFixture)
    /// Nowhere: it is drawn from the model in the target's dialect.
    case drawn(Drawing)
  }

  /// A conversation that is drawn once for each dialect.
  private final class Drawing: Sendable {
    let moves: @Sendable (Dialect) -> MoveFixture
    private let fixtures = Mutex<[Dialect: ServiceFixture]>([:])

    init(_ moves: @escaping @Sendable (Dialect) -> MoveFixture) { self.moves = moves }

    func fixture(for dialect: Dialect, called name: String) -> ServiceFixture {
      if let known = fixtures.withLock({ $0[dialect] }) { return known }
      let new = moves(dialect).fixture(called: name)
      fixtures.withLock { $0[dialect] = new }
      return new
    }
  }

  private let source: Source
  /// The editions for which it holds.
  package let editions: Editions
  /// The capabilities without which it cannot be judged.
  package let needs: [String]
  /// The capabilities with which it does not hold.
  package let unless: [String]

  /// The conversation that a fixture writes.
  init(_ fixture: ServiceFixture) {
    source = .written(fixture)
    (editions, needs, unless) = (fixture.editions, fixture.needs, fixture.unless)
  }

  /// A conversation that these moves draw, for every edition.
  init(needs: [String], moves: @escaping @Sendable (Dialect) -> MoveFixture) {
    source = .drawn(Drawing(moves))
    editions = Editions(first: nil, last: nil)
    self.needs = needs
    unless = []
  }

  /// Whether it leaves its folder and asks for nodes by their path from the server's root.
  package var asksTheRoot: Bool {
    written?.steps.contains { $0.asksTheRoot } ?? false
  }

  /// Whether it is for a server that only reads, where it has no folder of its own.
  package var isForReadOnly: Bool { needs.contains(Capability.readOnly.rawValue) }

  /// The fixture that wrote it; nil if none did.
  package var written: ServiceFixture? {
    if case .written(let fixture) = source { fixture } else { nil }
  }

  /// The text of a conversation that is drawn, in a dialect; nil if a file has it.
  public func drawn(_ dialect: Dialect = .reference) -> String? {
    if case .drawn(let drawing) = source { drawing.moves(dialect).yaml } else { nil }
  }

  /// The text of a conversation that is drawn, in the reference's dialect; nil if a file has it.
  public var drawnText: String? { drawn() }

  /// The fixture for a target that speaks this dialect.
  package func fixture(for dialect: Dialect, called name: String) -> ServiceFixture {
    switch source {
    case .written(let fixture): fixture
    case .drawn(let drawing): drawing.fixture(for: dialect, called: name)
    }
  }
}

extension ServiceFixture {
  /// Whether it sets quotas, which stand outside its folder.
  var setsQuotas: Bool { steps.contains { $0.setsQuotas } }
}

extension Step {
  fileprivate var setsQuotas: Bool {
    arguments["quota"] == .flag(true) || parts.contains { $0.setsQuotas }
  }

  fileprivate var asksTheRoot: Bool {
    let path = arguments["path"]?.description ?? ""
    return setsQuotas || arguments["absolute"] == .flag(true) && path.hasPrefix("/")
      || namesTheRoot(arguments["body"]) || parts.contains { $0.asksTheRoot }
  }

  /// Whether a path is among the pieces of a request's body that is not put into the case's folder.
  private func namesTheRoot(_ body: Value?) -> Bool {
    guard case .list(let pieces)? = body else { return false }
    return pieces.contains { piece in
      guard case .bytes(let bytes)? = piece["string"] else { return false }
      return bytes.first == UInt8(ascii: "/")
    }
  }
}
