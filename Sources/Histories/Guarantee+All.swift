extension Guarantee {
  /// The guarantees that such a history can be judged by, the strongest first.
  public static func all(for history: History) -> [Guarantee] { [.linearizable] }
}
