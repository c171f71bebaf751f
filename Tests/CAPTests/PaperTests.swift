import CAP
import ProtocolCore
import SharedStorage
import Testing

private typealias Request = SharedStorage.Request

/// Attiya, Bar-Noy, Dolev 1995, with many writers.
struct QuorumTests {
  private func replica(_ variant: Variant = .writeBack) throws -> CAP.Node {
    let topology = CAPModel.topology(3)
    return try CAPModel.node(for: topology[0], in: topology, variant: variant, without: [])
  }

  @Test func `A write asks for tags, goes above them, and ends when a majority keeps it`() throws {
    var a = try replica()
    _ = a.step(.started([]))
    #expect(
      a.step(.asked(.write("x", 7), RequestID(0))) == [
        .persist(.attempted(1)), .set(.attempt(1), after: 30...40),
        .send(.query(1, "x"), to: "b"), .send(.query(1, "x"), to: "c"),
      ])
    let version = Version(Tag(4, "a"), 7)
    #expect(
      a.step(.received(.version(1, Version(Tag(3, "c"), 5)), from: "c")) == [
        .persist(.kept("x", version)), .send(.store(1, "x", version), to: "b"),
        .send(.store(1, "x", version), to: "c"),
      ])
    #expect(a.step(.received(.version(1, nil), from: "b")) == [])
    #expect(
      a.step(.received(.stored(1), from: "b")) == [
        .cancel(.attempt(1)), .reply(.done, to: RequestID(0)),
      ])
    #expect(a.step(.received(.stored(1), from: "c")) == [])
  }

  @Test func `A read has its version kept before it is answered`() throws {
    var a = try replica()
    _ = a.step(.started([]))
    _ = a.step(.asked(.read("x"), RequestID(0)))
    let version = Version(Tag(3, "c"), 5)
    #expect(
      a.step(.received(.version(1, version), from: "c")) == [
        .persist(.kept("x", version)), .send(.store(1, "x", version), to: "b"),
        .send(.store(1, "x", version), to: "c"),
      ])
    #expect(
      a.step(.received(.stored(1), from: "c")) == [
        .cancel(.attempt(1)), .reply(.value(5), to: RequestID(0)),
      ])
  }

  @Test func `Without writing back a read ends when a majority has told`() throws {
    var a = try replica(.majority)
    _ = a.step(.started([]))
    _ = a.step(.asked(.read("x"), RequestID(0)))
    #expect(
      a.step(.received(.version(1, nil), from: "c")) == [
        .cancel(.attempt(1)), .reply(.value(nil), to: RequestID(0)),
      ])
  }

  @Test func `One that is told twice by the same node has been told once`() throws {
    let topology = CAPModel.topology(5)
    var a = try CAPModel.node(for: topology[0], in: topology, variant: .majority, without: [])
    _ = a.step(.started([]))
    _ = a.step(.asked(.read("x"), RequestID(0)))
    #expect(a.step(.received(.version(1, nil), from: "c")) == [])
    #expect(a.step(.received(.version(1, nil), from: "c")) == [])
    #expect(a.step(.received(.version(1, nil), from: "b")).contains(.cancel(.attempt(1))))
  }

  @Test func `A version that is no newer is not kept, and its writer is told that it is`() throws {
    var a = try replica()
    _ = a.step(.started([.kept("x", Version(Tag(3, "c"), 5))]))
    #expect(
      a.step(.received(.store(9, "x", Version(Tag(3, "b"), 4)), from: "b")) == [
        .send(.stored(9), to: "b")
      ])
    #expect(a.contents["x"]?.value == 5)
  }

  @Test func `Who refuses says so of what nobody has been told, and is unsure of the rest`() throws
  {
    var a = try replica(.minorityRefuses)
    _ = a.step(.started([]))
    _ = a.step(.asked(.write("x", 1), RequestID(0)))
    #expect(a.step(.expired(.attempt(1))).contains(.reply(.refused, to: RequestID(0))))
    _ = a.step(.asked(.write("x", 1), RequestID(0)))
    _ = a.step(.received(.version(2, nil), from: "b"))
    #expect(a.step(.expired(.attempt(2))).contains(.reply(.unsure, to: RequestID(0))))
  }
}

/// What clients saw, in the form in which it is kept.
struct ObservedHistoryTests {
  private func read(_ key: String = "x") -> Call { Call("read", key: key) }

  @Test func `Orders that no client can tell apart are one`() {
    var one = SharedStorage.ObservedHistory()
    var other = SharedStorage.ObservedHistory()
    one.call(read(), by: "x")
    one.call(read(), by: "y")
    other.call(read(), by: "y")
    other.call(read(), by: "x")
    #expect(one == other)
    one.answer(.null, to: "x")
    #expect(one != other)
  }

  @Test func `What is refused has not happened`() {
    var history = SharedStorage.ObservedHistory()
    history.call(read(), by: "x")
    history.answer(.null, to: "x")
    var other = history
    other.call(read(), by: "y")
    other.refuse("y")
    history.call(read("z"), by: "x")
    other.call(read("z"), by: "x")
    #expect(history.processes[0] == other.processes[0])
  }

  @Test func `New and then old is refuted, and not by what is read by each alone`() {
    var history = SharedStorage.ObservedHistory()
    history.call(Call("write", key: "x", value: .number(1)), by: "x")
    for (reader, value) in [("y", Datum.number(1)), ("z", .null)] {
      history.call(read(), by: ClientID(reader))
      history.answer(value, to: ClientID(reader))
    }
    #expect(
      [.linearizable, .sequential, .monotonicReads].filter(history.refutes) == [.linearizable])
  }
}
