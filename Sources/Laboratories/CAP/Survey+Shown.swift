import CAP
import Lab
import ProtocolCore
import SharedStorage

// Runs that chance does not come to, written by hand: each shows that a store does not keep
// something, and is judged as every other.

extension Survey {
  /// A run that shows something of a store.
  struct Shown {
    let variant: Variant
    let clients: Clients
    /// What happens in it; it can happen as well where more may.
    let environment: Environment
    let acts: [Act<Words>]
    /// Whether those who only read stay at a node in it, whatever the others do.
    var readersStay = false
  }

  static let shown: [Shown] = [
    Shown(variant: .bothAnswer, clients: .stay, environment: .calm, acts: crossed),
    Shown(variant: .majority, clients: .roam, environment: .calm, acts: overtaken),
    Shown(variant: .asynchronous, clients: .stay, environment: .crash, acts: succeeded),
    Shown(
      variant: .majority, clients: .roam, environment: .calm, acts: unanswered, readersStay: true),
    Shown(
      variant: .majority, clients: .roam, environment: .calm, acts: goneBack, readersStay: true),
    Shown(variant: .bothAnswer, clients: .stay, environment: .calm, acts: crossedSeen),
    Shown(variant: .bothAnswer, clients: .stay, environment: .calm, acts: crossedReplies),
    Shown(
      variant: .connected, clients: .roam, environment: .parted, acts: movedOn, readersStay: true),
  ]

  private static func ask(_ client: ClientID, _ node: NodeID, _ request: Words.Request)
    -> [Act<Words>]
  {
    [.ask(node, request, by: client)]
  }

  private static func store(_ node: NodeID) -> [Act<Words>] { [.store(node, first: nil)] }

  private static func deliver(_ from: NodeID, _ to: NodeID, _ place: Int = 0) -> [Act<Words>] {
    [.deliver(Link(from: from, to: to), place)]
  }

  private static func acts(_ parts: [Act<Words>]...) -> [Act<Words>] { parts.flatMap { $0 } }

  /// p and q each write two keys, in which the one's and the other's last: so p reads of q's writes
  /// one that is seen and one that is not.
  private static let crossed: [Act<Words>] = {
    let own: [(String, Int)] = [("y", 1), ("y", 2), ("x", 3)]
    let others: [(String, Int)] = [("x", 4), ("y", 5), ("z", 6)]
    return acts(
      own.flatMap { acts(ask("p", "a", .write($0, $1)), store("a")) },
      others.flatMap { acts(ask("q", "b", .write($0, $1)), store("b")) },
      deliver("b", "a"), store("a"), deliver("b", "a"), deliver("b", "a"), store("a"),
      ["z", "y", "x"].flatMap { ask("p", "a", .read($0)) })
  }()

  /// c has two writes under way that s reads there; a has not heard of them, and is read then.
  private static let overtaken: [Act<Words>] = acts(
    ask("p", "a", .write("x", 1)), store("a"), deliver("a", "b"), deliver("b", "a"), store("a"),
    deliver("a", "b"), store("b"), deliver("b", "a"),
    begun("q", 2, 0), read("s", 1), begun("r", 3, 1), read("s", 2),
    ask("s", "a", .read("x")), store("a"), deliver("a", "b"), deliver("b", "a"))

  /// A write at c that only c keeps; its query stands behind so many messages.
  private static func begun(_ client: ClientID, _ value: Int, _ place: Int) -> [Act<Words>] {
    acts(
      ask(client, "c", .write("x", value)), store("c"), deliver("c", "a", place),
      deliver("a", "c", 2), store("c"))
  }

  private static func read(_ client: ClientID, _ place: Int) -> [Act<Words>] {
    acts(
      ask(client, "c", .read("x")), store("c"), deliver("c", "a", place), deliver("a", "c", 2))
  }

  /// r reads at c what the primary wrote, which crashes; b is promoted, without it, and c follows.
  private static let succeeded: [Act<Words>] = acts(
    ask("p", "a", .write("x", 1)), store("a"), deliver("a", "c"), store("c"),
    ask("r", "c", .read("x")), [.crash("a", losing: 0, unsent: 0), .ask("b", .promote)],
    store("b"), deliver("b", "c"), deliver("c", "b"), deliver("b", "c"), store("c"),
    ask("r", "c", .read("x")))

  /// q reads at b what only a keeps, and answers it; r, at c, reads the answer alone.
  ///
  /// All that only read stay.
  private static let unanswered: [Act<Words>] = acts(
    ask("p", "a", .write("x", 1)), store("a"), deliver("a", "b"), deliver("b", "a"), store("a"),
    ask("q", "b", .read("x")), store("b"), deliver("b", "a"), deliver("a", "b", 1),
    ask("q", "b", .write("y", 2)), store("b"), deliver("b", "c", 1), deliver("c", "b"), store("b"),
    deliver("b", "c", 1), store("c"), deliver("c", "b"),
    ["y", "x"].flatMap { key in
      acts(ask("r", "c", .read(key)), store("c"), deliver("c", "b"), deliver("b", "c", 1))
    })

  /// p has written twice; the later value is at b alone, and r, at c, reads it, and then the other.
  private static let goneBack: [Act<Words>] = acts(
    ask("p", "a", .write("x", 1)), store("a"), deliver("a", "b"), deliver("b", "a"), store("a"),
    deliver("a", "b"), store("b"), deliver("b", "a"),
    ask("p", "b", .write("x", 2)), store("b"), deliver("b", "a"), deliver("a", "b"), store("b"),
    ask("r", "c", .read("x")), store("c"), deliver("c", "b"), deliver("b", "c", 2),
    ask("r", "c", .read("x")), store("c"), deliver("c", "a", 1), deliver("a", "c", 2))

  /// The writes of p and q cross, and r, at a, has read the last of p's before it sees q's: of two
  /// keys each one's later write stays.
  private static let crossedSeen: [Act<Words>] = acts(
    [("y", 1), ("y", 2), ("x", 3)].flatMap { acts(ask("p", "a", .write($0, $1)), store("a")) },
    [("x", 4), ("y", 5), ("z", 6)].flatMap { acts(ask("q", "b", .write($0, $1)), store("b")) },
    ask("r", "a", .read("x")), deliver("b", "a", 2), store("a"),
    ["z", "y", "x"].flatMap { ask("r", "a", .read($0)) })

  /// The same, where each write answers what its client has read.
  private static let crossedReplies: [Act<Words>] = acts(
    [("p", "y", 1), ("p", "y", 2)].flatMap { acts(ask($0, "a", .write($1, $2)), store("a")) },
    ask("s", "a", .read("y")), ask("s", "a", .write("x", 3)), store("a"),
    ask("q", "b", .write("x", 4)), store("b"),
    ask("t", "b", .read("x")), ask("t", "b", .write("y", 5)), store("b"),
    ask("u", "b", .read("y")), ask("u", "b", .write("z", 6)), store("b"),
    ask("r", "a", .read("x")), deliver("b", "a", 2), store("a"),
    ["z", "y", "x"].flatMap { ask("r", "a", .read($0)) })

  /// p writes at b, which is cut off and answers alone; it goes on to c, whose write the centre
  /// hears of.
  private static let movedOn: [Act<Words>] = acts(
    [.cut(Link.between(["b"], and: ["a", "c"]))],
    ask("p", "b", .write("x", 1)),
    [.lose(Link(from: "b", to: "a"), 0), .expire("b", .resend)],
    ask("p", "c", .write("y", 2)), deliver("c", "a"), deliver("a", "c"),
    ["y", "x"].flatMap { ask("r", "a", .read($0)) })
}
