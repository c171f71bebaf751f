import Conformance
import ZooKeeper

/// What a case has kept under names, and where the values of this run came from.
struct Memory {
  private var kept: [String: Kept] = [:]
  /// What was to be kept and was not there, and why.
  private var lacking: [String: String] = [:]
  private var origins: [Int64: String] = [:]

  private struct Kept {
    var value: Value
    var words: String
  }

  /// Remembers fields of what came, each under its name.
  mutating func keep(_ wanted: [Step.Keep], of reply: Value?, line: Int) {
    for keep in wanted {
      if let value = reply?.at(keep.field) {
        kept[keep.name] = Kept(value: value, words: "the \(keep.field) of line \(line)")
      } else {
        lacking[keep.name] = "what came in line \(line) has no \(keep.field)"
      }
    }
  }

  /// Why there is nothing that a reference could stand for; nil if there is.
  func lack(of reference: Value.Reference) -> String? {
    let parts = reference.name.split(separator: ".", maxSplits: 1).map(String.init)
    let name = parts.first ?? ""
    guard let kept = kept[name] else { return lacking[name] }
    let rest = parts.dropFirst().joined()
    return kept.value.at(rest) == nil ? "\(kept.words) has no \(rest)" : nil
  }

  /// Remembers which step's zxid this is.
  mutating func note(zxid: Int64, line: Int) {
    if zxid > 0, origins[zxid] == nil { origins[zxid] = "the zxid of line \(line)" }
  }

  /// Remembers whose session this is.
  mutating func note(session: Int64, of client: String) {
    if session != 0 { origins[session] = "\(client)'s session" }
  }

  /// What this value is in words.
  func origin(of value: Value) -> String? {
    switch value {
    case .zxid(let number), .session(let number): origins[number]
    default: nil
    }
  }

  /// The value of a name, as kept or as a property of a client, and what is added to it.
  ///
  /// - Parameter clock: The wall clock, in milliseconds since 1970.
  func lookUp(
    _ reference: Value.Reference, _ people: [String: Participant], clock: Int64
  ) -> (value: Value, words: String) {
    let isClock = reference.name == FixtureFormat.clock
    let (value, words) =
      isClock ? (.number(clock), "our clock's time") : lookUp(reference, people)
    guard reference.offset != 0 else { return (value, words) }
    let sign = reference.offset < 0 ? "less" : "and"
    return (value.adding(reference.offset), "\(words) \(sign) \(reference.offset.magnitude)")
  }

  private func lookUp(
    _ reference: Value.Reference, _ people: [String: Participant]
  ) -> (value: Value, words: String) {
    let parts = reference.name.split(separator: ".", maxSplits: 1).map(String.init)
    let name = parts.first ?? ""
    let rest = parts.count > 1 ? parts[1] : ""
    if let kept = kept[name] {
      return (kept.value.at(rest) ?? .null, rest.isEmpty ? kept.words : "\(rest) of \(kept.words)")
    }
    guard let person = people[name] else { return (.null, "nothing") }
    let words = "\(name)'s \(rest)"
    switch rest {
    case "session": return (.session(person.session.rawValue), words)
    case "password": return (.bytes(person.password), words)
    case "timeout": return (.number(Int64(person.timeout)), words)
    case "lastSeen": return (.zxid(person.lastSeen.rawValue), words)
    default: return (.null, words)
    }
  }
}
