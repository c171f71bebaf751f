/// How a run is done.
public struct RunOptions: Sendable {
  /// How many cases at a time.
  public var jobs = 1
  /// What random choices begin from.
  public var seed: UInt64 = 1
  /// Whether alternatives and differences in a SHOULD count as failures.
  public var isStrict = false
  /// After how many seconds no new case is begun.
  public var budget: Double?
  /// What the target's people know.
  public var deviations = KnownDeviations()
  /// How long a reply may take, in milliseconds.
  public var patience: Int64 = 10_000
  /// How long a case may take in all, in seconds of real time, beside the times that it waits for.
  public var limit: Double = 60
  /// Whether the bytes of all steps are kept, not of the failing one only.
  public var keepsWire = false

  /// The defaults.
  public init() {}
}
