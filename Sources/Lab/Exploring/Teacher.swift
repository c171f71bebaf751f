import ProtocolCore

/// Knows the protocol: answers the questions of a shard by letting a host, or an observer, take one
/// step, and numbers what comes of it.
struct Teacher<C: Chapter> {
  typealias Words = C.Words

  let cluster: Cluster<C>
  let renaming: Renaming<C>?
  let judged: Set<C.Property>
  var hosts: [Interner<Host<C.Node>>]
  var letters = Interner<Envelope>()
  var watches = Interner<C.Watch>()
  var budgets = Interner<Budget>()
  /// The acts of the choices in the menus, by number.
  private(set) var choices: [Act<Words>] = []
  /// The questions, by number.
  private(set) var questions: [(node: NodeID, request: Words.Request)] = []
  /// The crashes in the middle, by the number of their lessons.
  private(set) var interruptions: [Int32: Interruption] = [:]
  /// How many steps hosts took.
  private(set) var steps = 0
  private var glances = Interner<[Look]>()
  let mayCrash: Bool

  /// A message on its way, whichever of its copies.
  struct Envelope: Hashable {
    let link: Link
    let message: Words.Message
  }

  /// What an observer gets to see of one act: what happened at a node, and then the node, if it
  /// is up.
  struct Look: Hashable {
    let id: NodeID
    let sights: [Sight<Words>]
    let node: C.Node?
  }

  init(_ explorer: Explorer<C>) {
    cluster = explorer.cluster
    renaming = explorer.symmetry
    judged = explorer.judged
    hosts = cluster.nodes.map { _ in Interner() }
    mayCrash = explorer.mayCrash
    _ = glances.intern([])
  }

  /// Knowledge and symmetry before anything was learnt.
  mutating func firstKnowledge(isLasting: Bool) -> Knowing {
    var knowledge = Knowledge(nodes: cluster.nodes.count, isLasting: isLasting)
    for ask in cluster.asks {
      let first = questions.count
      questions += ask.requests.map { (ask.node, $0) }
      if let node = cluster.nodes.firstIndex(of: ask.node) {
        knowledge.asks.append((node, first..<questions.count))
      }
    }
    let alike = renaming?.alike.compactMap { cluster.nodes.firstIndex(of: $0) } ?? []
    let symmetry = alike.count > 1 ? Symmetry(nodes: alike, of: knowledge.nodes) : nil
    return Knowing(knowledge: knowledge, symmetry: symmetry)
  }
}

// MARK: Answers

extension Teacher {
  /// Adds the answer to what is known.
  mutating func answer(_ question: Question, in known: inout Knowing) {
    switch question {
    case .delivery(let host, let letter):
      let envelope = letters[letter]
      let lesson =
        node(host).node == nil
        ? known.add(Lesson(isIdle: true))  // it falls on deaf ears
        : learn(.receive(envelope.message, from: envelope.link.from), host, in: &known)
      let column = Int(known.knowledge.letters[letter].column)
      known.knowledge.deliveries[host, column] = lesson
    case .menu(let host):
      learnMenu(host, in: &known)
    case .ask(let host, let number):
      let lesson = learn(.ask(questions[number].request), host, in: &known)
      known.knowledge.answers[host, number] = lesson
    case .glance(let watch, let glance):
      var after = watches[watch]
      for look in glances[glance] {
        for sight in look.sights { after.observe(sight, at: look.id) }
        if let node = look.node { after.look(at: node, look.id) }
      }
      known.knowledge.watches[watch, glance] = Int32(intern(after, in: &known))
    case .spending(let budget, let price):
      let rest = budgets[budget].paying(price).map { Int32(intern($0, in: &known)) }
      known.knowledge.budgets[budget, price] = rest ?? Grid.nothing
    }
  }

  /// The host of this number among all hosts.
  private func node(_ host: Int) -> Host<C.Node> {
    hosts[host % hosts.count][host / hosts.count]
  }

  /// What a host can do by itself.
  private mutating func learnMenu(_ number: Int, in known: inout Knowing) {
    let host = node(number)
    var menu: [(stimulus: Stimulus<Words>, act: Act<Words>, price: Int)] = []
    if host.node == nil {
      menu.append((.start, .restart(host.id), Knowledge.Price.restart))
    } else {
      for alarm in host.alarms {
        let act = Act<Words>.expire(host.id, alarm.timer)
        menu.append((.expire(alarm.timer), act, Knowledge.Price.expiry))
      }
      let unstable = host.unstable.count
      for count in 0..<unstable {
        let act = Act<Words>.store(host.id, first: count + 1 == unstable ? nil : count + 1)
        menu.append((.store(count + 1), act, Knowledge.Price.none))
      }
      if mayCrash {
        for losing in 0...unstable {
          let act = Act<Words>.crash(host.id, losing: losing, unsent: 0)
          menu.append((.crash(losing: losing), act, Knowledge.Price.crash))
        }
      }
    }
    let lessons = menu.map { learn($0.stimulus, number, in: &known) }
    known.knowledge.hosts[number].menuStart = Int32(known.knowledge.menu.count)
    for (entry, lesson) in zip(menu, lessons) {
      known.knowledge.menu.append(Choice(lesson: lesson, price: entry.price))
      choices.append(entry.act)
    }
    known.knowledge.hosts[number].menuEnd = Int32(known.knowledge.menu.count)
  }

  /// Lets a host take a step.
  private mutating func learn(
    _ stimulus: Stimulus<Words>, _ number: Int, in known: inout Knowing
  ) -> Int32 {
    steps += 1
    let place = number % hosts.count
    let before = node(number)
    var host = before
    let happenings = host.take(stimulus)
    let look = Look(id: host.id, sights: happenings.compactMap(\.sight), node: host.node)
    var traces: [Int?] = []
    for happening in happenings {
      switch happening {
      case .sent(let message, let receiver):
        let envelope = Envelope(link: Link(from: host.id, to: receiver), message: message)
        if let letter = intern(envelope, in: &known) { traces.append(letter) }
      case .persisted: traces.append(nil)
      default: break
      }
    }
    let lesson = describe(
      from: number, to: host, at: place, sending: traces.compactMap { $0 }, [look], in: &known)
    let number = known.add(lesson)
    if mayCrash, host.node != nil {
      learnInterruptions(of: number, before: before, host, at: place, traces, look, in: &known)
    }
    return number
  }

  private mutating func describe(
    from number: Int, to host: Host<C.Node>, at place: Int, sending letters: [Int],
    _ looks: [Look], in known: inout Knowing
  ) -> Lesson {
    let local = intern(host, at: place, in: &known)
    var lesson = Lesson(node: Int32(place))
    let after = local * hosts.count + place
    if after != number {
      lesson.host = Int32(local)
      lesson.delta = known.knowledge.hosts[after].mix &- known.knowledge.hosts[number].mix
    }
    var sends = letters
    if known.knowledge.isLasting {
      sends = letters.indices.filter { !letters[..<$0].contains(letters[$0]) }.map { letters[$0] }
    }
    lesson.firstSend = Int32(known.knowledge.sends.count)
    lesson.sendCount = Int32(sends.count)
    // By key; of one key in the order in which they were sent.
    sends = sends.indices.sorted { (known.key(sends[$0]), $0) < (known.key(sends[$1]), $1) }.map {
      sends[$0]
    }
    for letter in sends {
      known.knowledge.sends.append(Int32(letter))
      lesson.delta &+= known.knowledge.letters[letter].mix
    }
    lesson.isIdle = after == number && sends.isEmpty
    let isNothing = looks.allSatisfy { $0.sights.isEmpty && $0.node == nil }
    lesson.glance = isNothing ? 0 : intern(looks)
    return lesson
  }

  /// The crashes in the middle of what a host did: the last messages never left, and what was
  /// written after them was not written either.
  private mutating func learnInterruptions(
    of number: Int32, before: Host<C.Node>, _ host: Host<C.Node>, at place: Int,
    _ traces: [Int?], _ look: Look, in known: inout Knowing
  ) {
    let letters = traces.compactMap { $0 }
    guard !letters.isEmpty else { return }
    guard let old = hosts[place].number(of: before) else { return }
    let unstable = host.unstable.count
    var found: [Interruption] = []
    for unsent in 1...letters.count {
      for losing in Teacher.records(after: letters.count - unsent, of: traces)...unstable {
        var crashed = host
        let sights = crashed.take(.crash(losing: losing)).compactMap(\.sight)
        let lesson = describe(
          from: old * hosts.count + place, to: crashed, at: place,
          sending: Array(letters.dropLast(unsent)),
          [look, Look(id: host.id, sights: sights, node: nil)], in: &known)
        found.append(Interruption(lesson: known.add(lesson), losing: losing, unsent: unsent))
      }
    }
    known.knowledge.lessons[Int(number)].firstInterruption =
      Int32(known.knowledge.interruptions.count)
    known.knowledge.lessons[Int(number)].interruptionCount = Int32(found.count)
    known.knowledge.interruptions += found
    for interruption in found { interruptions[interruption.lesson] = interruption }
  }

  /// How many records were written after so many messages had been sent, and the next was not.
  private static func records(after sent: Int, of traces: [Int?]) -> Int {
    var count = 0
    let rest = traces.drop { trace in
      if trace != nil { count += 1 }
      return count <= sent
    }
    return rest.count { $0 == nil }
  }

  /// The number of what an observer gets to see.
  mutating func intern(_ looks: [Look]) -> Int32 { Int32(glances.intern(looks).number) }
}
