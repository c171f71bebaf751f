/// What an object does when nobody else is there: its sequential specification.
///
/// A model is a small value. It says which answers a state allows and what state follows; all
/// else, concurrency and lost answers, is the checkers' work.
public protocol Model: Sendable {
  associatedtype State: Hashable & Sendable

  /// Before the first operation.
  var initial: State { get }

  /// The state after a call.
  ///
  /// - Returns: nil when the object cannot answer so in this state. A call whose answer is not
  ///   known (`output` is nil) has any answer.
  func step(_ state: State, _ call: Call) -> State?

  /// Whether this call, answered as it was, leaves every state as it is.
  func isRead(_ call: Call) -> Bool

  /// Whether `later` can still be answered as it was by a state that comes of this one without a
  /// reset. A model that cannot tell says yes; one that can makes the search short.
  func admits(_ later: Call, after state: State) -> Bool

  /// Whether the state after this call tells nothing of the state before.
  func isReset(_ call: Call) -> Bool

  /// Whether `admits` can say no. Then calls that are no reads are allowed in every state.
  var looksAhead: Bool { get }

  /// What the model sees of an operation.
  func call(of operation: Operation) -> Call

  /// What is wrong with an operation, of which the model knows nothing; nil when all is well.
  func mistake(in operation: Operation) -> String?
}

/// What was asked of an object and how it answered.
public struct Call: Hashable, Sendable {
  /// What was asked.
  public var function: String
  /// What was given.
  public var input: Value
  /// nil when it is not known.
  public var output: Value?

  /// A call.
  public init(_ function: String, _ input: Value = .null, output: Value? = .null) {
    self.function = function
    self.input = input
    self.output = output
  }
}

extension Model {
  /// Whether a later read can still be answered so.
  public func admits(_ later: Call, after state: State) -> Bool { true }
  /// Whether nothing is left of the state before a call.
  public func isReset(_ call: Call) -> Bool { false }
  /// Whether `admits` can say no.
  public var looksAhead: Bool { false }

  /// What the model sees of an operation.
  public func call(of operation: Operation) -> Call {
    Call(
      operation.function, operation.input, output: operation.isKnown ? operation.output : nil)
  }
}
