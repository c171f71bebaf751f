import ProtocolCore

// Everything gets its number here, and with it what is known of it from the start. Where nodes are
// alike, the images of what is new are numbered with it.

extension Teacher {
  /// The number of a host among those of its node.
  mutating func intern(
    _ host: Host<C.Node>, at place: Int, in known: inout Knowing
  ) -> Int {
    let host = inOrder(host, in: &known)
    if let number = hosts[place].number(of: host) { return number }
    let kind = Int32(known.symmetry?.nextKind() ?? 0)
    var fresh = [(place: place, number: add(host, at: place, kind, in: &known))]
    let local = fresh[0].number
    guard let renaming else { return local }
    while let (place, number) = fresh.popLast() {
      for (index, swap) in renaming.swaps.enumerated() {
        let image = inOrder(renaming.host(hosts[place][number], swap), in: &known)
        guard let target = cluster.nodes.firstIndex(of: image.id) else { continue }
        let imageNumber: Int
        if let old = hosts[target].number(of: image) {
          imageNumber = old
        } else {
          imageNumber = add(image, at: target, kind, in: &known)
          fresh.append((target, imageNumber))
        }
        known.symmetry?.hostImages[number * hosts.count + place, index] = Int32(imageNumber)
      }
    }
    return local
  }

  /// The host, with what is held behind one record in an order of its own, where no order matters.
  ///
  /// It leaves together, and on its way no order is kept; only a crash in its middle would show one.
  private mutating func inOrder(
    _ host: Host<C.Node>, in known: inout Knowing
  ) -> Host<C.Node> {
    guard !mayCrash, C.faults.contains(.reordering) else { return host }
    var queue: [(rank: [Int], waiting: Host<C.Node>.Waiting)] = []
    var records = 0
    for (place, waiting) in host.queue.enumerated() {
      switch waiting {
      case .record:
        records += 1
        queue.append(([records, 0, 0], waiting))
      case .reply: queue.append(([records, 1, place], waiting))
      case .send(let message, let receiver):
        let envelope = Envelope(link: Link(from: host.id, to: receiver), message: message)
        queue.append(([records, 2, intern(envelope, in: &known) ?? 0], waiting))
      }
    }
    var ordered = host
    ordered.queue = queue.sorted { $0.rank.lexicographicallyPrecedes($1.rank) }.map(\.waiting)
    return ordered
  }

  private mutating func add(
    _ host: Host<C.Node>, at place: Int, _ kind: Int32, in known: inout Knowing
  ) -> Int {
    let local = hosts[place].intern(host).number
    let number = local * hosts.count + place
    while known.knowledge.hosts.count <= number {
      known.knowledge.hosts.append(HostFacts(mix: mix(known.knowledge.hosts.count, of: 0)))
      known.symmetry?.hostKinds.append(0)
    }
    known.knowledge.hosts[number].isUp = host.node != nil
    known.knowledge.hosts[number].isBusy = host.node != nil && !host.queue.isEmpty
    known.symmetry?.hostKinds[number] = kind
    return local
  }

  /// The number of a letter; nil for one that is addressed to nobody.
  mutating func intern(_ envelope: Envelope, in known: inout Knowing) -> Int? {
    if let number = letters.number(of: envelope) { return number }
    guard let first = add(envelope, in: &known) else { return nil }
    guard let renaming else { return first }
    var fresh = [first]
    while let number = fresh.popLast() {
      for (index, swap) in renaming.swaps.enumerated() {
        let original = letters[number]
        let image = Envelope(
          link: Link(from: swap(original.link.from), to: swap(original.link.to)),
          message: renaming.message(original.message, swap))
        if let old = letters.number(of: image) {
          known.symmetry?.letterImages[number, index] = Int32(old)
        } else if let new = add(image, in: &known) {
          known.symmetry?.letterImages[number, index] = Int32(new)
          fresh.append(new)
        }
      }
    }
    return first
  }

  private mutating func add(_ envelope: Envelope, in known: inout Knowing) -> Int? {
    guard let node = cluster.nodes.firstIndex(of: envelope.link.to) else { return nil }
    let number = letters.intern(envelope).number
    let weight = mix(number, of: 1)
    var loss = Lesson()
    loss.glance = intern([Look(id: envelope.link.from, sights: [.lost], node: nil)])
    var duplication = Lesson(firstSend: Int32(known.knowledge.sends.count), sendCount: 1)
    duplication.glance = intern([Look(id: envelope.link.from, sights: [.doubled], node: nil)])
    duplication.delta = weight
    known.knowledge.sends.append(Int32(number))
    known.knowledge.letters.append(
      LetterFacts(
        mix: weight, node: Int32(node),
        column: Int32(known.knowledge.letters.count { $0.node == node }),
        key: Int32(key(of: envelope, number)),
        loss: known.add(loss), duplication: known.add(duplication)))
    return number
  }

  /// Where messages do not overtake each other, those of a link are a queue.
  private func key(of envelope: Envelope, _ number: Int) -> Int {
    guard !C.faults.contains(.reordering) else { return number }
    guard let from = cluster.nodes.firstIndex(of: envelope.link.from),
      let to = cluster.nodes.firstIndex(of: envelope.link.to)
    else { return number }
    return from * hosts.count + to
  }

  /// The number of an observer.
  mutating func intern(_ watch: C.Watch, in known: inout Knowing) -> Int {
    if let number = watches.number(of: watch) { return number }
    let first = add(watch, in: &known)
    guard let renaming else { return first }
    var fresh = [first]
    while let number = fresh.popLast() {
      for (index, swap) in renaming.swaps.enumerated() {
        let image = renaming.watch(watches[number], swap)
        if let old = watches.number(of: image) {
          known.symmetry?.watchImages[number, index] = Int32(old)
        } else {
          let new = add(image, in: &known)
          known.symmetry?.watchImages[number, index] = Int32(new)
          fresh.append(new)
        }
      }
    }
    return first
  }

  private mutating func add(_ watch: C.Watch, in known: inout Knowing) -> Int {
    let number = watches.intern(watch).number
    known.knowledge.watchMix.append(mix(number, of: 2))
    known.knowledge.isViolated.append(violated(by: watch) != nil)
    return number
  }

  /// What should always hold, is judged, and does not.
  func violated(by watch: C.Watch) -> C.Property? {
    C.Property.allCases.first { property in
      property.form == .always && judged.contains(property) && !watch.holds(property)
    }
  }

  /// The number of a budget.
  mutating func intern(_ budget: Budget, in known: inout Knowing) -> Int {
    let (number, isNew) = budgets.intern(budget)
    if isNew {
      known.knowledge.budgetMix.append(mix(number, of: 3))
      known.knowledge.nextAsk.append(budget.nextAsk)
    }
    return number
  }
}
