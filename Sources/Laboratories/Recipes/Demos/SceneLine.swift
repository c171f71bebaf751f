import ZooKeeper
import ZooKeeperClient

/// What a process of a demo says on its standard output, a line each; it waits for an answer before
/// it goes on, so that a fault strikes exactly there.
///
///     note 72057594037927937 false holds lock 5
///     write 5                                        answered `taken` or `refused`
///     event NodeDeleted /lock/a0.1-lock-0000000000
enum SceneLine: Hashable {
  case note(session: SessionID, knowsEnd: Bool, Note.What)
  case write(Zxid)
  case event(WatchEvent)

  /// Its text.
  var text: String {
    switch self {
    case .note(let session, let knowsEnd, let what):
      "note \(session.rawValue) \(knowsEnd) \(what.line)"
    case .write(let token): "write \(token.rawValue)"
    case .event(let event): "event \(event.type.rawValue) \(event.path)"
    }
  }

  /// What a text says; nil if it is none of these.
  init?(_ text: String) {
    let parts = text.split(separator: " ", maxSplits: 3).map(String.init)
    switch (parts.first, parts.count) {
    case ("note", 4):
      guard let session = Int64(parts[1]), let what = Note.What(line: parts[3]) else { return nil }
      self = .note(session: SessionID(session), knowsEnd: parts[2] == "true", what)
    case ("write", 2):
      guard let token = Int64(parts[1]) else { return nil }
      self = .write(Zxid(token))
    case ("event", 3...):
      guard let type = Int32(parts[1]).map(EventType.init(rawValue:)) else { return nil }
      // A path may hold spaces.
      let path = parts[2...].joined(separator: " ")
      self = .event(WatchEvent(type, path))
    default: return nil
    }
  }
}

extension Note.What {
  /// A word for what it is, and what belongs to it.
  fileprivate var line: String {
    switch self {
    case .asks(let kind): "asks \(kind)"
    case .holds(let kind, let token): "holds \(token.rawValue) \(kind)"
    case .releases(let kind): "releases \(kind)"
    case .writes(let token, let isTaken): "writes \(token.rawValue) \(isTaken)"
    case .puts(let value): "puts \(value)"
    case .gets(let value): "gets \(value)"
    case .finishes(let value): "finishes \(value)"
    case .passes(let words): "passes \(words)"
    case .begins(let words): "begins \(words)"
    case .told: "told -"
    case .fails(.sessionExpired): "fails session"
    case .fails(.timedOut): "fails time"
    case .fails(.cancelled): "fails cancelled"
    case .fails: "fails otherwise"
    case .wrote(let zxid): "wrote \(zxid.rawValue)"
    case .reads(let zxid, let isSynced, let leavesWatch):
      "reads \(zxid.rawValue) \(isSynced) \(leavesWatch)"
    }
  }

  fileprivate init?(line: String) {
    let parts = line.split(separator: " ", maxSplits: 1).map(String.init)
    guard parts.count == 2 else { return nil }
    let words = parts[1].split(separator: " ", maxSplits: 1).map(String.init)
    let zxid = words.first.flatMap { Int64($0) }.map { Zxid($0) }
    switch parts[0] {
    case "asks": self = .asks(parts[1])
    case "holds":
      guard let zxid, words.count == 2 else { return nil }
      self = .holds(words[1], token: zxid)
    case "releases": self = .releases(parts[1])
    case "writes":
      guard let zxid, words.count == 2 else { return nil }
      self = .writes(token: zxid, accepted: words[1] == "true")
    case "puts": self = .puts(parts[1])
    case "gets": self = .gets(parts[1])
    case "finishes": self = .finishes(parts[1])
    case "passes": self = .passes(parts[1])
    case "begins": self = .begins(parts[1])
    case "told": self = .told
    case "wrote":
      guard let zxid else { return nil }
      self = .wrote(zxid)
    case "reads":
      guard let zxid, let flags = words.last?.split(separator: " "), flags.count == 2 else {
        return nil
      }
      self = .reads(zxid, isSynced: flags[0] == "true", leavesWatch: flags[1] == "true")
    case "fails":
      switch parts[1] {
      case "session": self = .fails(.sessionExpired)
      case "time": self = .fails(.timedOut(sent: true))
      case "cancelled": self = .fails(.cancelled(sent: true))
      default: self = .fails(.closed)
      }
    default: return nil
    }
  }
}
