/// Bugs that can be planted in the checkers, to see that the comparison with brute force catches
/// them.
///
/// Without one a checker is as it should be.
package enum CheckerFlaw: String, CaseIterable, Hashable, Sendable {
  // The search for a linearization.
  case memoWithoutState = "the memo forgets the state"
  case memoWithoutWindow = "the memo forgets which open operations took effect"
  case memoWithoutUnknown = "the memo forgets which operations of unknown outcome took effect"
  case unknownNever = "operations of unknown outcome never take effect"
  case unknownOnce = "of operations of unknown outcome and one call, one only takes effect"
  case unknownBeforeCall = "an operation of unknown outcome takes effect before its call"
  case lastReturnsFirst = "of open operations of one call, the last to return goes first"
  case returnsFirst = "at one moment, returns come before calls"
  case aloneOnly = "only the returning operation takes effect"
}
