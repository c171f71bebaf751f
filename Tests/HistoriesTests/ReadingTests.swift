import Foundation
import Histories
import Testing

enum Fixture {
  static let folder = URL(filePath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .appending(path: "Fixtures/Histories")

  static func text(_ name: String) throws -> String {
    try String(contentsOf: folder.appending(path: name), encoding: .utf8)
  }
}

@Suite struct ReadingTests {
  @Test(arguments: [
    ("register-stale.ndjson", ModelName.register, 4, false),
    ("cas-unknown.ndjson", .casRegister, 5, true),
    ("queue-jepsen.edn", .queue, 3, false),
    ("kv-porcupine.edn", .keyValue, 4, true),
    ("etcd-jepsen.log", .casRegister, 4, true),
  ]) func `Each format is read and judged`(
    name: String, model: ModelName, count: Int, holds: Bool
  ) throws {
    let history = try HistoryReader().read(try Fixture.text(name))
    #expect(history.model == model)
    #expect(history.operations.count == count)
    let verdict = history.linearizable().verdict
    if holds {
      guard case .holds = verdict else { throw Wrong(verdict: verdict) }
    } else {
      guard case .refuted = verdict else { throw Wrong(verdict: verdict) }
    }
  }

  struct Wrong: Error { let verdict: Verdict }

  @Test func `Events and whole operations say the same`() throws {
    let events = try HistoryReader().read(
      """
      {"process": 1, "type": "invoke", "f": "write", "value": 7}
      {"process": 2, "type": "invoke", "f": "read"}
      {"process": 2, "type": "ok", "f": "read", "value": 7}
      {"process": 1, "type": "info"}
      {"process": 1, "type": "invoke", "f": "read"}
      {"process": 3, "type": "invoke", "f": "write", "value": 8}
      {"process": 3, "type": "fail"}
      """)
    #expect(events.operations.map(\.description) == ["write 7 → ?", "read → 7", "read → ?"])
    #expect(events.operations.map(events.name) == ["1", "2", "1′"])
    #expect(events.failed.map(\.function) == ["write"])
    let whole = try HistoryReader().read(
      """
      {"process": 2, "f": "read", "output": 7, "call": 2, "return": 3}
      {"process": 1, "f": "write", "input": 7, "call": 1}
      {"process": 1, "f": "read", "call": 5}
      {"process": 3, "f": "write", "input": 8, "call": 6, "return": 7, "type": "fail"}
      """)
    #expect(whole.operations.map(\.description) == events.operations.map(\.description))
    #expect(whole.operations.map(\.end) == [nil, 3, nil])
    #expect(whole.failed.count == 1)
  }

  @Test func `Values of all kinds are read alike in JSON and EDN`() throws {
    let json = try HistoryReader(format: .ndjson, model: .register).read(
      #"{"process":0,"type":"invoke","f":"write","value":[null,true,-3,"a\né😀",[],{"b":1},1.50]}"#)
    let edn = try HistoryReader(format: .edn, model: .register).read(
      "{:process 0 :type :invoke :f :write"
        + " :value [nil, true -3 \"a\\né😀\" #{} #a/tag {:b 1} 1.50 #_ x]}"
    )
    #expect(json.operations[0].input == edn.operations[0].input)
    #expect(json.operations[0].input.list?.count == 7)
    let keyed = try HistoryReader(hasKeyedValues: true).read(
      "({:process 0 :type :invoke :f :write :value [9 1]})")
    #expect(keyed.operations[0].key == 9 && keyed.operations[0].input == 1)
  }

  private static let call = "{\"process\": 1, \"type\": \"invoke\", \"f\": \"read\"}"
  private static let whole = "{\"process\": 1, \"f\": \"read\", \"call\": 1, \"return\": 4}"

  static let mistakes: [(String, String)] = [
    ("", "1:1: no operations"),
    (
      "{\"process\": 1, \"type\": \"invoke\", \"f\": \"read\"",
      "1:45: expected a comma or the end of the object, found the end"
    ),
    ("{\"process\": 1,\n \"tpye\": \"invoke\"}", "2:2: unknown field tpye"),
    ("{\"process\": 1, \"type\": \"go\", \"f\": \"read\"}", "1:16: the field type must be"),
    ("{\"process\": 1, \"type\": \"ok\"}", "1:2: process 1 has nothing open"),
    ("{\"type\": \"invoke\"}", "1:2: the field process is missing"),
    ("{\"process\": 1, \"type\": \"invoke\"}", "1:2: the field f is missing"),
    (
      call + "\n" + call,
      "2:2: process 1 calls while its operation of line 1 is open"
    ),
    (
      call + "\n{\"process\": 1, \"type\": \"ok\", \"f\": \"write\"}",
      "2:2: read was called, and write returns"
    ),
    (
      "{\"process\": 1, \"f\": \"read\", \"call\": 5, \"return\": 4}", "1:40: the field return must"
    ),
    (
      whole + "\n{\"process\": 1, \"f\": \"read\", \"call\": 3, \"return\": 6}",
      "2:1: process 1 does two things at once, the other on line 1"
    ),
    (
      whole + "\n" + call,
      "2:2: events and whole operations"
    ),
    ("{\"history\": 1, \"model\": \"regster\"}", "1:16: the field model must be register, cas"),
    ("{\"history\": 2}", "1:2: the field history must be 1"),
    (
      "{\"process\": 1, \"type\": \"invoke\", \"f\": \"jump\"}",
      "1:1: the functions jump do not tell"
    ),
    ("[1, 2", "1:3: expected an object"),
    ("{:process 0 :type :invoke :f :read", "1:35: ends inside a map"),
    ("{:process 0 :type :invoke :f}", "1:29: expected a value of the map's last key"),
    ("[{:process 0 :type :invoke :f :read}", "1:37: ends inside a vector"),
    ("INFO  jepsen.util - 0\t:gone\t:read\tnil", "1:23: expected :invoke, :ok"),
    ("\u{1}", "1:2: expected JSON, EDN or a log, found byte 1"),
  ]

  @Test(arguments: mistakes) func `A mistake is told with its place`(text: String, told: String) {
    let error = #expect(throws: HistoryError.self) { try HistoryReader().read(text) }
    #expect(error?.description.hasPrefix(told) == true, "\(error?.description ?? "")")
  }

  @Test func `What is nested too deep is refused`() {
    for (open, close) in [("[", "]"), ("{\"a\":", "}")] {
      let deep = String(repeating: open, count: 100_000) + String(repeating: close, count: 100_000)
      let text = "{\"process\": 1, \"type\": \"invoke\", \"f\": \"write\", \"value\": \(deep)}"
      #expect(throws: HistoryError.self) { try HistoryReader().read(text) }
    }
    let deep = String(repeating: "#a [", count: 100_000)
    #expect(throws: HistoryError.self) { try HistoryReader().read("{:a \(deep)}") }
  }

  /// Bytes of a fixture, some of them changed, taken out, doubled or put elsewhere.
  static func mutated(_ bytes: [UInt8], _ chance: inout Chance) -> [UInt8] {
    var bytes = bytes
    for _ in 0...chance.below(4) where !bytes.isEmpty {
      let place = chance.below(bytes.count)
      switch chance.below(6) {
      case 0: bytes[place] = UInt8(truncatingIfNeeded: chance.next())
      case 1: bytes.remove(at: place)
      case 2: bytes.insert(chance.of(Array("{}[]()\":\\#_,-9eNu \n".utf8)), at: place)
      case 3: bytes.removeSubrange(place..<min(bytes.count, place + chance.below(40)))
      case 4: bytes += bytes[place..<min(bytes.count, place + chance.below(200))]
      default:
        let number = chance.of(["99999999999999999999", "-9223372036854775808", "9\(Int.max)"])
        bytes.insert(contentsOf: Array(number.utf8), at: place)
      }
    }
    return bytes
  }

  @Test(arguments: Guarantee.allCases)
  func `No checker traps or takes more than its budget`(guarantee: Guarantee) throws {
    let bytes = Array(try Fixture.text("Refuted/\(guarantee.rawValue).ndjson").utf8)
    var chance = Chance(2)
    for _ in 0..<Campaign.size(of: 200) {
      var rest = [Self.mutated(bytes, &chance)]
      guard let history = try? HistoryReader().read({ rest.popLast() ?? [] }) else { continue }
      for guarantee in Guarantee.allCases {
        let judgement = history.judge(guarantee, budget: Budget(bytes: 1 << 22, steps: 5_000))
        #expect(judgement.steps <= 50_000)
      }
      _ = Staleness(history, budget: Budget(steps: 5_000)).versions()
      _ = Staleness(history, budget: Budget(steps: 5_000)).time()
    }
  }

  @Test(arguments: [
    "register-stale.ndjson", "cas-unknown.ndjson", "queue-jepsen.edn", "kv-porcupine.edn",
    "etcd-jepsen.log",
  ]) func `Nothing that is read traps or takes more than its budget`(name: String) throws {
    let bytes = Array(try Fixture.text(name).utf8)
    var chance = Chance(1)
    var read = 0
    for _ in 0..<Campaign.size(of: 2_000) {
      var pieces = [Self.mutated(bytes, &chance)]
      if chance.one(in: 2) {
        let whole = pieces[0]
        let middle = chance.below(whole.count + 1)
        pieces = [Array(whole[..<middle]), Array(whole[middle...])].filter { !$0.isEmpty }
      }
      pieces.reverse()
      guard let history = try? HistoryReader().read({ pieces.popLast() ?? [] }) else { continue }
      read += 1
      #expect(history.linearizable(budget: Budget(steps: 10_000)).steps <= 100_000)
    }
    #expect(read > 20)
  }
}
