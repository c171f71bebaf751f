/// What goes wrong for one process of a program of somebody else's, and when.
///
///     at request 3 of a break losing reply
///     at rest 1 of b expire
package struct ForeignFault: Hashable, Sendable {
  /// When.
  package enum Place: Hashable, Sendable {
    /// When it asks its server for the Nth time; pings do not count.
    case request(Int)
    /// When it asks for this for the Nth time: `create`.
    case operation(String, Int)
    /// When it has what it wanted for the Nth time, and has been asked nothing yet.
    case rest(Int)
    /// When what it was asked has waited for others for a moment, for the Nth time.
    case wait(Int)
  }

  /// What.
  package enum Kind: String, CaseIterable, Hashable, Sendable {
    /// Its connection breaks; the request is not heard.
    case cut = "break"
    /// The request is done, and the connection breaks before the reply.
    case loseReply = "break losing reply"
    /// Its session ends.
    case expire
    /// It is stopped, its session ends, and it goes on when others have had the time to do theirs.
    case stop
    /// It is stopped for a moment, and its session lives.
    case pause
    /// What it is told comes later.
    case delay
    /// The server breaks all connections, and lets nobody in for a moment.
    case restart
    /// It is killed, and its session ends.
    case kill

    /// Whether it can strike when a request comes.
    package var strikesRequests: Bool {
      switch self {
      case .cut, .loseReply, .expire, .delay, .kill: true
      case .stop, .pause, .restart: false
      }
    }

    /// Whether it can strike a process that does nothing: it rests, or waits for others.
    package var strikesIdle: Bool { self != .loseReply }
  }

  /// Whom it strikes.
  package var process: Int
  /// When.
  package var place: Place
  /// What.
  package var kind: Kind

  package init(_ process: Int, at place: Place, _ kind: Kind) {
    (self.process, self.place, self.kind) = (process, place, kind)
  }

  /// How the lines read.
  package static let forms = """
    at request N of a break               its connection breaks, the request is not heard
    at request N of a break losing reply  the request is done, the reply is lost
    at request N of a expire              its session ends, the request is not heard
    at request N of a delay               what it is told comes when others do nothing
    at request N of a kill                it is killed, its session ends, the request is not heard
    at create N of a …                    the same at its Nth create; delete, exists, getData,
                                          setData, getChildren, sync and multi as well
    at rest N of a break                  it has what it wanted, and its connection breaks;
                                          expire, delay and kill as well, and
    at rest N of a stop                   it is stopped for longer than its session lasts
    at rest N of a pause                  it is stopped for a moment
    at rest N of a restart                the server's connections all break
    at wait N of a break                  the same while it waits for others
    """

  /// The fault of a line; nil if it is none.
  package init?(_ line: some StringProtocol) {
    let words = String(line).split(separator: " ").map(String.init)
    guard words.count >= 6, words[0] == "at", words[3] == "of", let number = Int(words[2]),
      number > 0, words[4].utf8.count == 1, let letter = words[4].utf8.first,
      (97...122).contains(letter),
      let kind = Kind(rawValue: words[5...].joined(separator: " "))
    else { return nil }
    switch words[1] {
    case "request" where kind.strikesRequests: place = .request(number)
    case "rest" where kind.strikesIdle: place = .rest(number)
    case "wait" where kind.strikesIdle: place = .wait(number)
    case let word where Self.operations.contains(word) && kind.strikesRequests:
      place = .operation(word, number)
    default: return nil
    }
    (process, self.kind) = (Int(letter) - 97, kind)
  }

  /// What a process asks for, as lines name it.
  private static let operations: Set = [
    "create", "delete", "exists", "getData", "setData", "getChildren", "sync", "multi",
  ]

  /// As what judges know, who are told of the faults of our own runs.
  func known(of processes: Int) -> [Fault] {
    kind == .restart
      ? (0..<processes).map { Fault(step: 0, process: $0, .cut) } : [known]
  }

  private var known: Fault {
    let kind: Fault.Kind =
      switch kind {
      case .cut, .restart: .cut
      case .loseReply: .loseReplies
      case .expire, .stop: .stop(Int(Simulation.expiry))
      case .pause, .delay: .hold(1)
      case .kill: .crash
      }
    return Fault(step: 0, process: process, kind)
  }

  /// What a request that it strikes is done with.
  var treatment: SocketServer.Treatment {
    switch kind {
    case .cut: .loseRequest
    case .loseReply: .loseReply
    case .expire, .kill: .expire
    case .delay: .delay
    case .stop, .pause, .restart: .serve
    }
  }
}

extension ForeignFault: CustomStringConvertible {
  /// Its line.
  package var description: String {
    let place =
      switch place {
      case .request(let number): "request \(number)"
      case .operation(let word, let number): "\(word) \(number)"
      case .rest(let number): "rest \(number)"
      case .wait(let number): "wait \(number)"
      }
    return "at \(place) of \(Fault.name(process)) \(kind.rawValue)"
  }
}
