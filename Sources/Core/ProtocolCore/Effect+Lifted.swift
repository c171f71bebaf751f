extension Effect {
  /// The same effect in the words of a machine that has this one inside: how a log of instances, a
  /// table of transactions or an ensemble speaks for what it is made of.
  ///
  /// - Parameters:
  ///   - message: what is sent then.
  ///   - record: what is written then.
  ///   - timer: which timer is set, or stopped, then.
  ///   - reply: what a client is answered then.
  ///   - note: what is said aloud then.
  public func lifted<Outer: Vocabulary>(
    message: (Words.Message) -> Outer.Message, record: (Words.Record) -> Outer.Record,
    timer: (Words.Timer) -> Outer.Timer, reply: (Words.Reply) -> Outer.Reply,
    note: (Words.Note) -> Outer.Note
  ) -> Effect<Outer> {
    switch self {
    case .persist(let word): .persist(record(word))
    case .connect(let other, let channel): .connect(other, channel)
    case .disconnect(let other, let channel): .disconnect(other, channel)
    case .send(let word, let receiver, let release): .send(message(word), to: receiver, release)
    case .reply(let word, let request, let release): .reply(reply(word), to: request, release)
    case .set(let word, let range): .set(timer(word), after: range)
    case .cancel(let word): .cancel(timer(word))
    case .note(let word): .note(note(word))
    }
  }
}
