public import ProtocolCore
public import ReplicatedLog

extension MultiPaxos {
  /// The words of Multi-Paxos.
  public enum Words: Vocabulary {
    /// What clients and operators ask.
    public typealias Request = ReplicatedLog.Request
    /// What they are answered.
    public typealias Reply = ReplicatedLog.Reply
    /// What is said aloud.
    public typealias Note = ReplicatedLog.Note<Message>

    /// What servers send each other.
    public enum Message: Hashable, Sendable {
      /// Promise to follow no smaller ballot, and tell what you have accepted from this number on.
      /// (phase 1a)
      case prepare(Ballot, from: Int)
      /// I promise, and have accepted this; what came before it is in the checkpoint, if one is
      /// told. (phase 1b)
      case promise(Ballot, [Slot], Checkpoint?)
      /// Accept this under this number; all up to the other are chosen. (phase 2a)
      case accept(Slot, chosen: Int)
      /// I have accepted what this ballot proposes under this number. (phase 2b)
      case accepted(Ballot, Int)
      /// I have promised so much, and what you ask for is less.
      case reject(Ballot)
      /// This ballot has a leader, and all up to this number are chosen; in the form with a lease,
      /// which of its beats it is.
      case lead(Ballot, chosen: Int, beat: Int)
      /// I follow this ballot, and no other for a while, since this beat.
      case follow(Ballot, beat: Int)
      /// I have executed up to this number, and know that more is chosen.
      case fetch(Int)
      /// These are chosen.
      case chosen([Chosen])
      /// And this is what those before have made.
      case install(Checkpoint)
    }

    /// What servers write to their journals.
    public enum Record: Hashable, Sendable {
      /// I follow no smaller ballot.
      case promised(Ballot)
      /// I have accepted this.
      case accepted(Slot)
      /// What the entries up to a number have made; what stood under those numbers is forgotten.
      case checkpoint(Checkpoint)
      /// The disk was lost: I vote no more.
      case rebuilding
    }

    /// What is waited for.
    public enum Timer: Hashable, Sendable {
      /// A follower: the next word of a leader; one that prepares: promises.
      case election
      /// A leader: the time to tell that it leads.
      case beat
      /// A follower that has promised to follow no other leader: the end of that.
      case grant
      /// A leader: the end of the lease that it asked for with this beat.
      case lease(Int)
    }

    /// Of promises only the last matters, and of what was accepted under a number; a checkpoint
    /// takes the place of all before it, but not of what they promise.
    public static func settle(_ record: Record, on disk: inout [Record]) {
      if case .checkpoint = record, let promised = disk.compactMap(\.promised).max() {
        disk.removeAll { if case .promised = $0 { true } else { false } }
        disk.insert(.promised(promised), at: 0)
      }
      disk.removeAll { $0.isSuperseded(by: record) }
      disk.append(record)
    }
  }

  /// An entry that is known to be chosen.
  public struct Chosen: Hashable, Sendable {
    /// Under which number.
    public let number: Int
    /// The entry.
    public let entry: ReplicatedLog.Entry

    /// An entry that is known to be chosen.
    public init(_ number: Int, _ entry: ReplicatedLog.Entry) {
      self.number = number
      self.entry = entry
    }
  }
}

extension MultiPaxos.Words.Record {
  /// The ballot below which its owner accepts nothing, as far as this record says.
  fileprivate var promised: Ballot? {
    switch self {
    case .promised(let ballot): ballot
    case .accepted(let slot): slot.ballot
    case .checkpoint, .rebuilding: nil
    }
  }

  fileprivate func isSuperseded(by other: Self) -> Bool {
    switch (self, other) {
    case (.promised, .promised), (.checkpoint, .checkpoint), (.rebuilding, .rebuilding): true
    case (.accepted(let slot), .accepted(let later)): slot.number == later.number
    case (.accepted(let slot), .checkpoint(let checkpoint)): slot.number <= checkpoint.number
    case (.promised, _), (.accepted, _), (.checkpoint, _), (.rebuilding, _): false
    }
  }
}

extension MultiPaxos.Words.Message: CustomStringConvertible {
  /// As runs print it.
  public var description: String {
    switch self {
    case .prepare(let ballot, let number): "prepare \(ballot) from \(number)"
    case .promise(let ballot, let slots, let checkpoint):
      "promise \(ballot)" + (checkpoint.map { ", \($0)" } ?? "")
        + slots.map { ", \($0)" }.joined()
    case .accept(let slot, let chosen): "accept \(slot)" + (chosen > 0 ? ", chosen \(chosen)" : "")
    case .accepted(let ballot, let number): "accepted \(number) at \(ballot)"
    case .reject(let ballot): "reject, promised \(ballot)"
    case .lead(let ballot, let chosen, let beat):
      "lead \(ballot), chosen \(chosen)" + (beat > 0 ? ", beat \(beat)" : "")
    case .follow(let ballot, let beat): "follow \(ballot), beat \(beat)"
    case .fetch(let number): "fetch after \(number)"
    case .chosen(let entries):
      "chosen " + entries.map { "\($0.number): \($0.entry)" }.joined(separator: ", ")
    case .install(let checkpoint): "install \(checkpoint)"
    }
  }
}

extension MultiPaxos.Words.Record: CustomStringConvertible {
  /// As runs print it.
  public var description: String {
    switch self {
    case .promised(let ballot): "promised \(ballot)"
    case .accepted(let slot): "accepted \(slot)"
    case .checkpoint(let checkpoint): "\(checkpoint)"
    case .rebuilding: "rebuilding"
    }
  }
}

extension MultiPaxos.Words.Timer: CustomStringConvertible {
  /// As runs print it.
  public var description: String {
    switch self {
    case .election: "election"
    case .beat: "beat"
    case .grant: "grant"
    case .lease(let beat): "lease \(beat)"
    }
  }
}

extension MultiPaxos.Words.Timer: Comparable {
  /// By kind, then by beat.
  public static func < (a: Self, b: Self) -> Bool { a.order < b.order }

  private var order: (Int, Int) {
    switch self {
    case .election: (0, 0)
    case .beat: (1, 0)
    case .grant: (2, 0)
    case .lease(let beat): (3, beat)
    }
  }

  /// How long a server waits, in ticks; a message takes one or a few.
  ///
  /// A lease is shorter than what is granted: by so much clocks may differ.
  var patience: ClosedRange<Ticks> {
    switch self {
    case .election: 70...140
    case .beat: 10...10
    case .grant: 60...60
    case .lease: 40...40
    }
  }
}
