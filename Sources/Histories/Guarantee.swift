/// What a store may promise about the histories that its clients see.
public enum Guarantee: String, CaseIterable, Hashable, Sendable {
  /// One order of all operations respects real time and the objects' models.
  /// Herlihy & Wing, TOPLAS 1990.
  case linearizable
}
