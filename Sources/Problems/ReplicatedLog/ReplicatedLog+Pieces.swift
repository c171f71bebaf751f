import ProtocolCore

extension ReplicatedLog {
  /// The texts that clients asked to put into a key, and how often each.
  ///
  /// What an answer shows must be made of them, one after the other, each as often as it was asked
  /// for at most.
  struct Pieces {
    private let texts: [String]
    private let counts: [Int]

    /// Those of the key of which a command tells the text; nil if it tells none.
    init?(of command: Command, among asked: Set<Request>) {
      let key: String
      switch command.operation {
      case .get(let read), .append(let read, _): key = read
      case .put: return nil
      }
      var counts: [String: Int] = [:]
      for case .command(let other) in asked {
        switch other.operation {
        case .append(key, let text), .put(key, let text): counts[text, default: 0] += 1
        case .append, .put, .get: break
        }
      }
      counts[""] = nil
      texts = counts.keys.sorted()
      self.counts = texts.map { counts[$0] ?? 0 }
    }

    /// Whether a text is made of such pieces, but of none only as often as it was asked for.
    ///
    /// (What nobody asked for is no repetition; ``Linearization`` finds that.) Texts that can be
    /// read in thousands of ways are not judged.
    func isAnyTwice(in text: String) -> Bool {
      isMade(text[...]) && !isMadeWithinCounts(text[...])
    }

    private func isMade(_ text: Substring) -> Bool {
      var reached: Set<Int> = []
      var open = [text]
      while let rest = open.popLast() {
        if rest.isEmpty { return true }
        guard reached.insert(rest.count).inserted else { continue }
        for piece in texts where rest.hasPrefix(piece) { open.append(rest.dropFirst(piece.count)) }
      }
      return false
    }

    private func isMadeWithinCounts(_ text: Substring) -> Bool {
      var reached: Set<[Int]> = []
      var open = [(rest: text, left: counts)]
      while let (rest, left) = open.popLast() {
        if rest.isEmpty || reached.count > 10_000 { return true }
        guard reached.insert(left).inserted else { continue }
        for (place, piece) in texts.enumerated() where left[place] > 0 && rest.hasPrefix(piece) {
          var less = left
          less[place] -= 1
          open.append((rest.dropFirst(piece.count), less))
        }
      }
      return false
    }
  }
}
