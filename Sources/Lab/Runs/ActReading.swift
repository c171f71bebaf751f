import ProtocolCore

/// Why the words of an act are not an act.
struct Unreadable: Error {
  /// The word at fault.
  let word: Int
  let what: String
  var misspelt = ""
  var names: [String] = []
  /// Whether the words could be an act at another moment.
  var isOfTheMoment = false
}

extension SystemState {
  /// The act that these words name, here and now: a message, a timer, a request are named by how
  /// they print.
  func act(reading words: [String]) throws -> Act<Words> {
    guard let verb = words.first else { throw Unreadable(word: 0, what: "nothing stands here") }
    switch verb {
    case "deliver": return try message(words, Act.deliver)
    case "lose": return try message(words, Act.lose)
    case "duplicate": return try message(words, Act.duplicate)
    case "expire": return try expiry(words)
    case "ask": return try request(words)
    case "abandon": return .abandon(try client(words))
    case "sever":
      let (a, b) = (try node(words, 1), try node(words, 2))
      try end(words, 4)
      return .sever(a, b, Channel(words.count > 3 ? words[3] : ""))
    case "forget":
      let id = try node(words, 1)
      return .forget(id, last: try numbers(words, after: 2, ["last"])["last"])
    case "clock":
      let id = try node(words, 1)
      guard words.count > 2, let reading = Int(words[2]), reading >= 0 else {
        throw Unreadable(word: words.count - 1, what: "'clock' wants a node and a reading")
      }
      try end(words, 3)
      return .clock(id, Ticks(reading))
    case "store":
      let id = try node(words, 1)
      let options = try numbers(words, after: 2, ["first"])
      return .store(id, first: options["first"])
    case "crash":
      let id = try node(words, 1)
      let options = try numbers(words, after: 2, ["losing", "unsent"])
      return .crash(id, losing: options["losing"] ?? 0, unsent: options["unsent"] ?? 0)
    case "restart":
      let id = try node(words, 1)
      try end(words, 2)
      return .restart(id)
    case "cut": return .cut(try links(words))
    case "heal":
      try end(words, 1)
      return .heal
    default:
      let verbs = [
        "abandon", "ask", "clock", "crash", "cut", "deliver", "duplicate", "expire", "forget",
        "heal", "lose", "restart", "sever", "store",
      ]
      throw Unreadable(word: 0, what: "unknown act '\(verb)'", misspelt: verb, names: verbs)
    }
  }

  private func end(_ words: [String], _ count: Int) throws {
    guard words.count > count else { return }
    throw Unreadable(word: count, what: "'\(words[count])' has no meaning here")
  }

  /// The node that a word names.
  func node(_ words: [String], _ index: Int) throws -> NodeID {
    guard words.indices.contains(index) else {
      throw Unreadable(word: words.count - 1, what: "'\(words[0])' wants the name of a node")
    }
    let id = NodeID(words[index])
    guard self.index(of: id) != nil else {
      let names = cluster.nodes.map(\.name).joined(separator: ", ")
      throw Unreadable(word: index, what: "no node is called '\(id)'; there are \(names)")
    }
    return id
  }

  /// The two ends that an arrow parts, written `a→b` or `a->b`.
  private func ends(_ word: String) -> [String]? {
    var word = word
    if let arrow = word.firstRange(of: "->") { word.replaceSubrange(arrow, with: "→") }
    let ends = word.split(separator: "→", omittingEmptySubsequences: false).map(String.init)
    return ends.count == 2 ? ends : nil
  }

  private func client(_ words: [String]) throws -> ClientID {
    guard words.count == 2 else {
      throw Unreadable(word: words.count - 1, what: "'\(words[0])' wants the name of a client")
    }
    return ClientID(words[1])
  }

  private func link(_ words: [String], _ index: Int) throws -> Link {
    guard words.indices.contains(index) else {
      throw Unreadable(word: words.count - 1, what: "'\(words[0])' wants a link such as a→b")
    }
    guard let ends = ends(words[index]) else {
      throw Unreadable(word: index, what: "'\(words[index])' is no link such as a→b")
    }
    let from = try node(ends, 0, at: index)
    let to = try node(ends, 1, at: index)
    return Link(from: from, to: to)
  }

  private func node(_ names: [String], _ index: Int, at word: Int) throws -> NodeID {
    do {
      return try node(names, index)
    } catch let error as Unreadable {
      throw Unreadable(word: word, what: error.what, misspelt: error.misspelt, names: error.names)
    }
  }

  /// Words such as `losing 1 unsent 2`.
  private func numbers(
    _ words: [String], after start: Int, _ names: [String]
  ) throws -> [String: Int] {
    var numbers: [String: Int] = [:]
    var index = start
    while index < words.count {
      let name = words[index]
      guard names.contains(name), numbers[name] == nil else {
        throw Unreadable(
          word: index, what: "'\(name)' has no meaning here", misspelt: name, names: names)
      }
      guard index + 1 < words.count, let number = Int(words[index + 1]), number > 0 else {
        throw Unreadable(word: index, what: "after '\(name)' stands a number from 1 up")
      }
      numbers[name] = number
      index += 2
    }
    return numbers
  }

  private func message(
    _ words: [String], _ make: (Link, Int) -> Act<Words>
  ) throws -> Act<Words> {
    let link = try link(words, 1)
    var content = Array(words.dropFirst(2))
    var copy = 1
    if content.count > 2, content[content.count - 2] == "nth", let nth = Int(content.last ?? "") {
      copy = nth
      content.removeLast(2)
    }
    guard !content.isEmpty else {
      throw Unreadable(word: words.count - 1, what: "'\(words[0])' wants a message")
    }
    let text = content.joined(separator: " ")
    let underWay = envelopes(on: link).map { envelopes[$0].content.description }
    let matching = underWay.indices.filter { underWay[$0] == text }
    guard copy > 0, matching.indices.contains(copy - 1) else {
      let what =
        isHeld(text, on: link)
        ? "'\(text)' is held until what \(link.from) has written is stable: store \(link.from)"
        : underWay.isEmpty
          ? "nothing is under way on \(link)"
          : "under way on \(link): \(underWay.joined(separator: ", "))"
      throw Unreadable(word: min(2, words.count - 1), what: what, isOfTheMoment: true)
    }
    return make(link, matching[copy - 1])
  }

  /// Whether a message waits for its sender's disk.
  private func isHeld(_ text: String, on link: Link) -> Bool {
    guard let sender = index(of: link.from) else { return false }
    return hosts[sender].queue.contains { waiting in
      if case .send(let message, link.to) = waiting { "\(message)" == text } else { false }
    }
  }

  private func expiry(_ words: [String]) throws -> Act<Words> {
    let id = try node(words, 1)
    let text = words.dropFirst(2).joined(separator: " ")
    let alarms = index(of: id).map { hosts[$0].alarms } ?? []
    guard let alarm = alarms.first(where: { "\($0.timer)" == text }) else {
      let names = alarms.map { "\($0.timer)" }
      let what =
        names.isEmpty
        ? "no timer is set at \(id)" : "set at \(id): \(names.joined(separator: ", "))"
      throw Unreadable(word: min(2, words.count - 1), what: what, isOfTheMoment: true)
    }
    return .expire(id, alarm.timer)
  }

  private func request(_ words: [String]) throws -> Act<Words> {
    var client: ClientID?
    let id: NodeID
    if words.count > 1, let ends = ends(words[1]) {
      client = ClientID(ends[0])
      id = try node(ends, 1, at: 1)
    } else {
      id = try node(words, 1)
    }
    let text = words.dropFirst(2).joined(separator: " ")
    guard let request = C.request(reading: text) else {
      throw Unreadable(
        word: min(2, words.count - 1), what: "unknown request '\(text)'", misspelt: text,
        names: C.requests.map { "\($0)" })
    }
    return .ask(id, request, by: client)
  }

  /// `a b | c d` parts two groups both ways; `a→b b→c` cuts these links.
  private func links(_ words: [String]) throws -> [Link] {
    guard let bar = words.firstIndex(of: "|") else {
      guard words.count > 1 else {
        throw Unreadable(word: 0, what: "'cut' wants 'a b | c' or links such as a→b")
      }
      return try words.indices.dropFirst().map { try link(words, $0) }
    }
    let near = try words.indices[1..<bar].map { try node(words, $0) }
    let far = try words.indices[(bar + 1)...].map { try node(words, $0) }
    guard !near.isEmpty, !far.isEmpty, Set(near).isDisjoint(with: far) else {
      throw Unreadable(word: bar, what: "a cut parts two groups that share no node")
    }
    return Link.between(near, and: far)
  }
}
