/// What a program of somebody else's does, and what judges it.
package struct ForeignRecipe: Sendable {
  /// Its name, which the program is told.
  package let name: String
  /// How many processes there are.
  package let processes: Int
  /// The node below which they work.
  package let path: String
  /// A judge of a new run.
  package let judge: @Sendable () -> any Judge

  /// All that can be judged.
  ///
  /// Nobody says a token, so what would be judged by tokens is not.
  package static let all = [
    ForeignRecipe(name: "lock", processes: 3, path: "/lock") {
      LineJudge(path: "/lock", judgesHerd: false, judgesOrder: false)
    },
    ForeignRecipe(name: "master", processes: 3, path: "/masters") {
      LineJudge(path: "/masters", judgesHerd: false, judgesOrder: false)
    },
  ]

  private init(
    name: String, processes: Int, path: String, judge: @escaping @Sendable () -> any Judge
  ) {
    (self.name, self.processes, self.path, self.judge) = (name, processes, path, judge)
  }
}
