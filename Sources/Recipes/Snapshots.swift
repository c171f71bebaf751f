public import ZooKeeperClient

/// What is at a place of the tree, as it changes: each element is the latest state.
///
/// ```swift
/// for try await members in group.members { print(members.map(\.name)) }
/// ```
///
/// Each ``Iterator/next(isolation:)`` reads, and leaves watches in the same requests. It gives what
/// it has read if that is news, and waits otherwise. States that come and go while nobody asks are
/// skipped; the last is not, and no state is given twice in a row.
///
/// **A broken connection** costs a read: what changed meanwhile is seen then.
/// **When the session ends** it throws `.sessionExpired`, and it is over. **When the task is
/// cancelled** it throws `.cancelled`.
///
/// Source: Hunt et al., USENIX ATC 2010, section 2.4, "Configuration Management": "The watch is
/// used to indicate that the process does not have the most recent version of the information".
public struct Snapshots<Element: Sendable>: AsyncSequence, Sendable {
  /// It fails with the client's errors.
  public typealias Failure = ClientError

  /// Reads, and leaves watches if it is told to; nil when nothing is there yet.
  typealias Look = @Sendable (_ watch: Bool) async throws(ClientError) -> Element?

  let client: Client
  /// All that is read is there, or below it.
  let path: String
  var without: Set<Rule> = []
  /// What is known at the beginning.
  var known: Element?
  /// Whether what was read is to be told, after what was told last.
  let isNews: @Sendable (Element, _ last: Element) -> Bool
  let look: Look

  /// An iterator, which begins anew.
  public func makeAsyncIterator() -> Iterator { Iterator(of: self, last: known) }

  /// Where one reader of it stands.
  public struct Iterator: AsyncIteratorProtocol, Sendable {
    let of: Snapshots
    var last: Element?
    private var isWatched = false
    private var isOver = false

    init(of sequence: Snapshots, last: Element?) { (of, self.last) = (sequence, last) }

    /// The latest state, as soon as it is another than the one before.
    ///
    /// - Throws: The end of the session, `.cancelled`, a refusal; nothing follows then.
    public mutating func next(
      isolation actor: isolated (any Actor)? = #isolation
    ) async throws(ClientError) -> Element? {
      guard !isOver else { return nil }
      do throws(ClientError) {
        while true {
          if let news = try await readOrWait() {
            last = news
            return news
          }
        }
      } catch {
        isOver = true
        throw error
      }
    }

    /// Reads; when nothing is new, waits for something to happen.
    private mutating func readOrWait() async throws(ClientError) -> Element? {
      let (sequence, last, watches) = (of, last, watches)
      let readsBefore = sequence.without.contains(.readsWithWatch)
      if readsBefore, let news = try await sequence.news(since: last, watch: false) { return news }
      var news: Element?
      try await sequence.client.wait(at: sequence.path, orBelow: true) { () throws(ClientError) in
        let found = try await sequence.news(since: last, watch: watches)
        if !readsBefore { news = found }
        return news == nil
      }
      isWatched = true
      guard news == nil, sequence.without.contains(.tellsOnce) else { return news }
      return try await sequence.look(false)
    }

    private var watches: Bool {
      if of.without.contains(.watchesMembers) { return false }
      return !isWatched || !of.without.contains(.watchesAgain)
    }
  }

  /// What is there, if it is news.
  private func news(since last: Element?, watch: Bool) async throws(ClientError) -> Element? {
    let found = try await client.insist { () throws(ClientError) in try await look(watch) }
    guard let found else { return nil }
    if let last, !isNews(found, last) { return nil }
    return found
  }
}

extension Snapshots where Element: Equatable {
  /// States, of which all but equals are news.
  init(
    _ client: Client, _ path: String, without: Set<Rule>, look: @escaping Look
  ) {
    self.init(client: client, path: path, without: without, isNews: { $0 != $1 }, look: look)
  }
}
