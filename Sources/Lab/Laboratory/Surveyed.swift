/// What became of a promise that was asked of a form of a protocol, in one setting.
public struct Surveyed: Hashable, Sendable {
  /// The form, and whatever else tells the row: `write-back, clients roam`.
  public let subject: String
  /// What could go wrong.
  public let setting: String
  /// What was asked.
  public let promise: String
  /// What clients saw in the least run that breaks it, a line an event; nil if nothing broke it.
  public let history: String?
  /// What a yes rests on: what was gone through whole, and how often the rest was played.
  public let basis: String

  /// What became of a promise.
  public init(
    subject: String, setting: String, promise: String, history: String?, basis: String
  ) {
    self.subject = subject
    self.setting = setting
    self.promise = promise
    self.history = history
    self.basis = basis
  }
}
