import ReplicatedLog
import Testing

/// The machine that Multi-Paxos and Raft replicate, asked twice.
struct KeyValueStoreTests {
  private func append(_ serial: Int, _ text: String) -> ReplicatedLog.Command {
    ReplicatedLog.Command("x", serial, .append("k", text))
  }

  @Test func `A command that comes again is answered and not done again`() {
    var store = KeyValueStore()
    #expect(store.apply(append(1, "a")) == .value("a"))
    #expect(store.apply(append(1, "a")) == .value("a"))
    #expect(store["k"] == "a")
  }

  @Test func `An older command that comes late takes no effect, and gets no newer answer`() {
    var store = KeyValueStore()
    _ = store.apply(append(1, "a"))
    #expect(store.apply(append(2, "b")) == .value("ab"))
    let before = store
    #expect(store.apply(append(1, "a")) == .refused)
    #expect(store == before)
    #expect(store.apply(append(2, "b")) == .value("ab"))
  }

  @Test func `Clients are told apart, and a command that has not come is not answered`() {
    var store = KeyValueStore()
    _ = store.apply(append(2, "a"))
    #expect(store.answer(to: append(3, "b")) == nil)
    #expect(store.answer(to: ReplicatedLog.Command("y", 1, .get("k"))) == nil)
    #expect(store.apply(ReplicatedLog.Command("y", 1, .get("k"))) == .value("a"))
  }
}
