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

  // Sequential consistency.
  case memoWithoutObjects = "the memo forgets the objects' states"
  // Causality.
  case causalityWithoutReadsFrom = "what is read from whom is no causality"
  case causalityWithoutInitial = "reads of what was there before all writes are not looked at"
  case causalityWithoutOverwriting = "reads of what was overwritten are not looked at"
  case convergenceWithoutConflicts = "convergence looks at no conflicts"
  case memoryWithoutConclusions = "causal memory and PRAM conclude nothing"
  case pramWithoutOrder = "PRAM forgets the order of other processes' writes"
  // Sessions and prefixes.
  case sessionsWithoutVisibility = "a visible write does not bring its session's earlier ones"
  case sessionsWithoutOrder = "what is visible need not stand before what is shown"
  case prefixWithoutSessions = "a prefix need not respect the sessions' orders"
  case prefixWithoutUnseen = "what a read does not show may stand before what it shows"
  // Transactions.
  case abortedMayBeRead = "what failed may be read"
  case intermediateMayBeRead = "what was written over may be read"
  case readsPrecedeNothing = "a read need not come before what it does not see"
  case nonadjacentUnseen = "cycles of reads that are no neighbours are not looked for"
  // Staleness and convergence.
  case oneVersionMore = "one version more is allowed"
  case readsOnTime = "reads are not called earlier"
  case convergenceOfInventions = "what nobody wrote may be answered"
  case convergenceOfAll = "what was delivered to a read does not matter"
}
