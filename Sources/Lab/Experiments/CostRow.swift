/// What one kind of transaction costs, for several numbers of participants.
public struct CostRow: Hashable, Sendable {
  /// The form of the protocol.
  public let variant: String
  /// What becomes of the transaction, and the participants beside those counted.
  public let outcome: String
  /// The costs, for growing numbers of participants.
  public let cells: [Cell]

  /// A kind of transaction.
  public init(variant: String, outcome: String, cells: [Cell]) {
    self.variant = variant
    self.outcome = outcome
    self.cells = cells
  }

  /// What it costs with so many participants.
  public struct Cell: Hashable, Sendable {
    /// How many participants there are.
    public let size: Int
    /// What a run without faults took.
    public let counted: Cost
    /// How many messages it should take.
    public let messages: Int
    /// How many records should be forced.
    public let forced: Int

    /// A cost beside its formula.
    public init(size: Int, counted: Cost, formula: (messages: Int, forced: Int)) {
      self.size = size
      self.counted = counted
      messages = formula.messages
      forced = formula.forced
    }

    /// Whether it took what it should.
    public var isAsComputed: Bool { (counted.messages, counted.forced) == (messages, forced) }
  }

  /// The formula for messages, in n.
  public var messages: String? { CostRow.formula(through: cells.map { ($0.size, $0.messages) }) }

  /// The formula for forced records, in n.
  public var forced: String? { CostRow.formula(through: cells.map { ($0.size, $0.forced) }) }

  /// The rounds, in n.
  public var rounds: String? {
    CostRow.formula(through: cells.map { ($0.size, $0.counted.rounds) })
  }

  /// The polynomial of second degree at most that goes through points with neighbouring `n`; nil
  /// when there is none with whole coefficients.
  static func formula(through points: [(n: Int, value: Int)]) -> String? {
    guard points.count > 3 else { return nil }
    let (n, first, second, third) = (
      points[0].n, points[0].value, points[1].value, points[2].value
    )
    let bend = third - 2 * second + first
    guard bend.isMultiple(of: 2) else { return nil }
    let square = bend / 2
    let slope = second - first - square * (2 * n + 1)
    let constant = first - square * n * n - slope * n
    let fits = points.allSatisfy { $0.value == (square * $0.n + slope) * $0.n + constant }
    guard fits else { return nil }
    var text = ""
    for (factor, unit) in [(square, "n²"), (slope, "n"), (constant, "")] where factor != 0 {
      let size = factor.magnitude == 1 && !unit.isEmpty ? unit : "\(factor.magnitude)\(unit)"
      let sign = factor < 0 ? " − " : " + "
      text += text.isEmpty ? (factor < 0 ? "−" : "") + size : sign + size
    }
    return text.isEmpty ? "0" : text
  }
}
