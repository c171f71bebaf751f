extension String {
  /// This with spaces behind it up to a width, and at least so many.
  package func padded(to width: Int, atLeast least: Int = 0) -> String {
    self + String(repeating: " ", count: max(least, width - count))
  }

  /// This with spaces before it up to a width.
  package func leftPadded(to width: Int) -> String {
    String(repeating: " ", count: max(0, width - count)) + self
  }
}
