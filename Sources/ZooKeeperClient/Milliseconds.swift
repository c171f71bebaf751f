/// Time as the machines of this module know it: milliseconds since some moment, by a clock that
/// never goes back.
///
/// They never look at a clock; whoever drives them says what time it is.
public typealias Milliseconds = Int64

extension Milliseconds {
  /// The whole milliseconds of `duration`, as many as fit.
  public init(_ duration: Duration) {
    let (seconds, attoseconds) = duration.components
    let (product, overflow) = seconds.multipliedReportingOverflow(by: 1000)
    self = overflow ? (seconds < 0 ? .min : .max) : product + attoseconds / 1_000_000_000_000_000
  }

  /// A deadline this long from now; never, rather than an overflow.
  func after(_ now: Milliseconds) -> Milliseconds {
    let (sum, overflow) = now.addingReportingOverflow(self)
    return overflow ? .max : sum
  }
}
