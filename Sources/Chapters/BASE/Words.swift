public import ProtocolCore

/// The words of the store of this chapter.
public enum Words: Vocabulary {
  /// Of a key, and of what is kept for another, only the last record matters.
  public static func settle(_ record: Record, on disk: inout [Record]) {
    disk.removeAll { $0.isSuperseded(by: record) }
    disk.append(record)
  }

  /// A refusal says that nothing was done about it.
  public static func isRefusal(_ reply: Reply) -> Bool { reply == .refused }
}

extension Words {
  /// What a client asks its session.
  public enum Request: Hashable, Sendable {
    /// Which values has this key?
    case read(String)
    /// Set this key, over all that was read there.
    case write(String, Int)
    /// Have this key no value, over all that was read there.
    case delete(String)
  }

  /// What it is answered.
  public enum Reply: Hashable, Sendable {
    /// These, in order: several, where writes did not know of each other.
    case values([Int])
    /// It is done.
    case done
    /// No server that the session knows can answer it now.
    case refused
  }

  /// What nodes send each other.
  public enum Message: Hashable, Sendable {
    // A session and its servers.
    /// In this attempt: read the key, and know at least of this.
    case get(Int, String, VersionVector)
    /// This is there.
    case got(Int, Cell)
    /// In this attempt: write the key, or delete it, over what this knows of.
    case put(Int, String, Int?, VersionVector)
    /// It is done; this is known now.
    case putDone(Int, VersionVector)
    /// I do not know of all that you have seen.
    case behind(Int)

    // Servers.
    /// In this attempt: keep this, for yourself or until you can hand it to another.
    case store(Int, String, Cell, hint: NodeID?)
    /// It is kept.
    case stored(Int, hint: NodeID?)
    /// In this attempt: what have you?
    case query(Int, String)
    /// This.
    case answer(Int, String, Cell)
    /// The hash over all that I keep.
    case root(UInt64)
    /// The hashes of all buckets.
    case leaves([UInt64])
    /// Cells of mine.
    case cells(Cells)
  }

  /// What a node writes to its journal.
  public enum Record: Hashable, Sendable {
    /// It keeps this under the key.
    case kept(String, Cell)
    /// It keeps this for another node; nothing any more where the cell is empty.
    case hint(NodeID, String, Cell)
    /// It has begun so many attempts.
    case attempted(Int)
  }

  /// What is said aloud.
  public enum Note: Hashable, Sendable {
    /// A spare keeps for another what is under a key and knows of this.
    case hinted(NodeID, for: NodeID, String, VersionVector)
    /// It has handed what it kept for another, under a key, to it; which knows of this.
    case handedOff(NodeID, String, VersionVector)
    /// Where the last writer wins: a server took a write of a key, or a deletion, as this one.
    case took(String, Int?, Dot)
    /// A peer sent what the protocol never sends to a node of this role.
    case unexpected(Message, from: NodeID)
  }

  /// What is waited for.
  public enum Timer: Hashable, Comparable, Sendable {
    /// An attempt to be answered.
    case attempt(Int)
    /// The next time to compare what one keeps with the others.
    case gossip
    /// The next time to hand over what one keeps for others.
    case handoff
  }
}

extension Words.Timer {
  /// How long a node waits, in ticks.
  var patience: ClosedRange<Ticks> {
    switch self {
    case .attempt: 30...40
    case .gossip: 50...60
    case .handoff: 70...80
    }
  }
}

extension Words.Record {
  /// Whether it says nothing any more when the other is written.
  func isSuperseded(by other: Words.Record) -> Bool {
    switch (self, other) {
    case (.kept(let key, _), .kept(let later, _)): key == later
    case (.hint(let node, let key, _), .hint(let other, let later, _)):
      node == other && key == later
    case (.attempted, .attempted): true
    case (.kept, _), (.hint, _), (.attempted, _): false
    }
  }
}

extension Array where Element == Words.Record {
  /// What its owner keeps.
  var cells: Cells {
    var cells = Cells()
    for case .kept(let key, let cell) in self { cells[key] = cell }
    return cells
  }

  /// How many attempts its owner has begun.
  var attempted: Int {
    for case .attempted(let number) in reversed() { return number }
    return 0
  }
}

// MARK: How runs write it

extension Words {
  /// The request that reads so: `read x`, `write x 1`, `delete x`.
  public static func request(reading text: String) -> Request? {
    let words = text.split(separator: " ").map(String.init)
    switch (words.first, words.count) {
    case ("read", 2): return .read(words[1])
    case ("write", 3): return Int(words[2]).map { .write(words[1], $0) }
    case ("delete", 2): return .delete(words[1])
    default: return nil
    }
  }
}

extension Words.Request {
  /// The key that it is about.
  var key: String {
    switch self {
    case .read(let key), .write(let key, _), .delete(let key): key
    }
  }
}

extension Words.Request: CustomStringConvertible {
  /// As runs print it.
  public var description: String {
    switch self {
    case .read(let key): "read \(key)"
    case .write(let key, let value): "write \(key) \(value)"
    case .delete(let key): "delete \(key)"
    }
  }
}

extension Words.Reply: CustomStringConvertible {
  /// As runs print it.
  public var description: String {
    switch self {
    case .values(let values):
      values.isEmpty ? "no value" : "values " + values.map(String.init).joined(separator: " ")
    case .done: "done"
    case .refused: "refused"
    }
  }
}

extension Words.Message: CustomStringConvertible {
  /// As runs print it.
  public var description: String {
    switch self {
    case .get(let attempt, let key, let seen): "get \(attempt) \(key) seen \(seen)"
    case .got(let attempt, let cell): "got \(attempt) \(cell)"
    case .put(let attempt, let key, let value, let seen):
      "put \(attempt) \(key) \(value.map { "\($0)" } ?? "none") seen \(seen)"
    case .putDone(let attempt, let clock): "put-done \(attempt) \(clock)"
    case .behind(let attempt): "behind \(attempt)"
    case .store(let attempt, let key, let cell, let hint):
      "store \(attempt) \(key) \(cell)" + (hint.map { " for \($0)" } ?? "")
    case .stored(let attempt, let node):
      "stored \(attempt)" + (node.map { " for \($0)" } ?? "")
    case .query(let attempt, let key): "query \(attempt) \(key)"
    case .answer(let attempt, let key, let cell): "answer \(attempt) \(key) \(cell)"
    case .root(let hash): "root \(String(hash % 0x1_0000, radix: 16))"
    case .leaves(let hashes):
      "leaves "
        + hashes.map { $0 == 0 ? "-" : String($0 % 0x1_0000, radix: 16) }
        .joined(separator: " ")
    case .cells(let cells): "cells \(cells)"
    }
  }
}

extension Words.Record: CustomStringConvertible {
  /// As runs print it.
  public var description: String {
    switch self {
    case .kept(let key, let cell): "kept \(key) \(cell)"
    case .hint(let node, let key, let cell): "for \(node) \(key) \(cell)"
    case .attempted(let number): "attempted \(number)"
    }
  }
}

extension Words.Note: CustomStringConvertible {
  /// As runs print it.
  public var description: String {
    switch self {
    case .hinted(let spare, let node, let key, let clock):
      "\(spare) keeps \(key) \(clock) for \(node)"
    case .took(let key, let value, let dot):
      "took \(key) \(value.map { "\($0)" } ?? "none") (\(dot))"
    case .handedOff(let node, let key, let clock): "handed off to \(node): \(key) \(clock)"
    case .unexpected(let message, let sender): "unexpected \(message) from \(sender)"
    }
  }
}

extension Words.Timer: CustomStringConvertible {
  /// As runs print it.
  public var description: String {
    switch self {
    case .attempt(let number): "attempt \(number)"
    case .gossip: "gossip"
    case .handoff: "handoff"
    }
  }
}
