public import ProtocolCore

extension ZAB {
  /// The words of ZAB, for a service.
  public enum Words<Service: ReplicatedService>: Vocabulary {
    /// What clients ask.
    public typealias Request = Service.Request
    /// What they are answered.
    public typealias Reply = Service.Reply
    /// What is waited for.
    public typealias Timer = ZAB.Timer

    /// What a server says aloud.
    public enum Note: Hashable, Sendable {
      /// As the primary of its epoch it broadcasts a transaction.
      case broadcast(Proposal<Service>)
      /// It delivers a transaction: from here on it answers by it. With it stands what a client is
      /// answered, when it is applied at this moment.
      case delivered(Proposal<Service>, Service.Reply?)
      /// It has taken over what all transactions up to this one have made.
      case restored(Zxid)
      /// A quorum has acknowledged that it leads this epoch.
      case leads(Int)
      /// The same, of one that is no member by its own history: it has handed that over, and leads
      /// nobody.
      case handsOver(Int)
      /// Its election has come to this leader.
      case elected(NodeID)
      /// It brings a learner to its own history in this way.
      case synchronizes(NodeID, Way)
      /// A peer sent what the protocol never sends to a server that stands where this one does.
      case unexpected(Message, from: NodeID)
    }

    /// Notifications are datagrams that keep their order, everything else goes by streams.
    ///
    /// Of a connection between two that look for a leader the tail may be lost, and in a queue the
    /// newest takes the place of those before it. A stream is opened by a learner.
    public static func carriage(of message: Message) -> Carriage {
      if case .notification = message { .datagram } else { .stream() }
    }

    /// The one between a learner and its leader.
    public static var channels: [Channel] { [.main] }

    /// Whether a server refuses.
    public static func isRefusal(_ reply: Service.Reply) -> Bool { reply == Service.refusal }

    /// The name of the note's case; of a synchronization, its way.
    public static func kind(of note: Note) -> String {
      switch note {
      case .broadcast: "broadcast"
      case .delivered: "delivered"
      case .restored: "restored"
      case .leads: "leads"
      case .handsOver: "handsOver"
      case .elected: "elected"
      case .synchronizes(_, let way): way.rawValue
      case .unexpected: "unexpected"
      }
    }
  }

  /// In which way a leader brings a learner to its own history; see ``Plan``.
  public enum Way: String, Named {
    /// It sends what the learner lacks.
    case diff
    /// It has the learner drop what it has too much.
    case trunc
    /// Both.
    case truncDiff
    /// It sends everything.
    case snap
  }

  /// What is waited for.
  public enum Timer: Hashable, Sendable {
    /// One that looks for a leader: the time to send its vote again.
    case notification
    /// One that has found a leader: the end of the silence after which it goes to it.
    case finalize
    /// In the form in which elections may answer anything: this answer.
    case elected(NodeID)
    /// A learner: the time to connect again.
    case connect
    /// A learner or leader: the end of the time in which its epoch must have begun.
    case initLimit
    /// A leader: the time to ping.
    case ping
    /// A learner: its leader's next word; a leader: the time in which a quorum must be heard.
    case syncLimit
  }
}

extension ZAB.Timer: Comparable {
  /// By kind, then by name.
  public static func < (a: Self, b: Self) -> Bool {
    guard case (.elected(let one), .elected(let other)) = (a, b) else { return a.kind < b.kind }
    return one < other
  }

  private var kind: Int {
    switch self {
    case .notification: 0
    case .finalize: 1
    case .elected: 2
    case .connect: 3
    case .initLimit: 4
    case .ping: 5
    case .syncLimit: 6
    }
  }

  /// How long a server waits, in ticks; a message takes one or a few.
  ///
  /// Apache's tickTime is ten here, its initLimit ten of these, its syncLimit five.
  var patience: ClosedRange<Ticks> {
    switch self {
    case .notification: 20...40
    case .finalize: 5...5
    case .elected: 5...50
    case .connect: 5...5
    case .initLimit: 100...100
    case .ping: 5...5
    case .syncLimit: 50...50
    }
  }
}

extension ZAB.Timer: CustomStringConvertible {
  /// As runs print it.
  public var description: String {
    switch self {
    case .notification: "notification"
    case .finalize: "finalize"
    case .elected(let leader): "elected \(leader)"
    case .connect: "connect"
    case .initLimit: "initLimit"
    case .ping: "ping"
    case .syncLimit: "syncLimit"
    }
  }
}

extension ZAB.Words.Note: CustomStringConvertible {
  /// As runs print it.
  public var description: String {
    switch self {
    case .broadcast(let proposal): "broadcasts \(proposal)"
    case .delivered(let proposal, _): "delivers \(proposal)"
    case .restored(let zxid): "restored up to \(zxid)"
    case .leads(let epoch): "leads epoch \(epoch)"
    case .handsOver(let epoch): "hands epoch \(epoch) over"
    case .elected(let leader): "elects \(leader)"
    case .synchronizes(let learner, let way): "synchronizes \(learner) by \(way.rawValue)"
    case .unexpected(let message, let sender): "unexpected \(message) from \(sender)"
    }
  }
}
