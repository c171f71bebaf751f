/// The name of a rule of a protocol.
///
/// A rule's name stands in its chapter's table, at the line that enforces it, in the run that goes
/// wrong without it (`without-<rule>.run`) and in the report.
public protocol RuleName: Named {
  /// What leaving the rule out endangers.
  var kind: RuleKind { get }
  /// The rule in a sentence.
  var sentence: String { get }
  /// Where the rule comes from.
  var source: String { get }
}

/// What a rule protects.
public enum RuleKind: String, Hashable, Sendable {
  /// Without it something happens that never should.
  case safety
  /// Without it something that should happen in the end does not, or costs more.
  case progress
}

/// A closed list of words that a person may write in a file or at a prompt.
public protocol Named: Hashable, Sendable, CaseIterable, RawRepresentable
where RawValue == String {}

/// A machine whose rules can be left out, to see what goes wrong without them.
///
/// A rule is obeyed in one of three forms and in no other, so that a chapter reads the same as if
/// its rules could not be left out: a guard that the rule demands, a durability that it demands,
/// a duty.
public protocol Ruled {
  /// The rules of the protocol.
  associatedtype Rule: RuleName

  /// The rules that this machine does not obey; empty outside experiments.
  var without: Set<Rule> { get set }
}

extension Ruled {
  /// A guard that the rule demands: `guard require(.unanimity, missing.isEmpty) else { … }`.
  ///
  /// Without the rule every condition will do.
  public func require(_ rule: Rule, _ condition: @autoclosure () -> Bool) -> Bool {
    without.contains(rule) || condition()
  }

  /// A durability that the rule demands: `.send(.vote(.yes), to: c, release(.voteStoredFirst))`.
  ///
  /// Without the rule the message leaves at once.
  public func release(_ rule: Rule) -> Release {
    without.contains(rule) ? .atOnce : .whenStored
  }

  /// A duty: `if obey(.askPeers) { … }`, or a choice of value: `obey(.rule) ? a : b`.
  public func obey(_ rule: Rule) -> Bool { !without.contains(rule) }
}
